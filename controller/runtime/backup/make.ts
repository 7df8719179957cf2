// Writes a backup of a data folder and its site file while both are in use, and reads it again before it counts. The file is
// only a piece of work until whoever asked for it gives it its name.
import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { copyOf } from "./copy.ts";
import type { Cost } from "./format.ts";
import { checkBackup, type FileHead } from "./read.ts";
import { openSealer, type Sealer } from "./seal.ts";
import { type Stored, storesOf } from "./stores.ts";

/** Journal segments hold deflated blocks already. */
const isPacked = ({ kind }: Stored): boolean => kind === "journal";

export interface SiteFile {
  /** On disk. */
  readonly from: string;
  /** In the backup, below `site/`. */
  readonly path: string;
}

export interface Making {
  readonly dataDir: string;
  readonly siteFiles: readonly SiteFile[];
  readonly out: string;
  readonly passphrase: string;
  /** ms since 1970. */
  readonly now: number;
  /** Segments of the journal that were not changed for longer stay out; without it all go in. */
  readonly journalMs?: number;
  readonly cost?: Cost;
  readonly onProgress?: (step: "writing" | "reading", bytes: number) => void;
}

export interface Made {
  readonly files: number;
  /** Bytes that the files hold, and bytes of the backup. */
  readonly bytes: number;
  readonly size: number;
}

interface Source extends Stored {
  readonly from: string;
  readonly inBackup: string;
}

async function* sourcesOf({
  dataDir,
  siteFiles,
}: Pick<Making, "dataDir" | "siteFiles">): AsyncGenerator<Source> {
  for (const { from, path } of siteFiles) yield { from, path, kind: "whole", inBackup: `site/${path}` };
  for await (const { path, kind } of storesOf(dataDir))
    yield { from: join(dataDir, path), path, kind, inBackup: `data/${path}` };
}

const isGone = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ENOENT";

/** Its mode; undefined: it is gone, or too old to be asked for. */
async function modeOf({ from, kind }: Source, { journalMs, now }: Making): Promise<number | undefined> {
  try {
    const { mode, mtimeMs } = await stat(from);
    const isOld = kind === "journal" && journalMs !== undefined && now - mtimeMs > journalMs;
    return isOld ? undefined : mode & 0o777;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

class Writing {
  readonly #making: Making;
  readonly #sealer: Sealer;
  readonly #write: (bytes: Buffer) => Promise<void>;
  files = 0;
  bytes = 0;

  constructor(making: Making, sealer: Sealer, write: (bytes: Buffer) => Promise<void>) {
    this.#making = making;
    this.#sealer = sealer;
    this.#write = write;
  }

  async all(): Promise<void> {
    await this.#write(this.#sealer.head);
    for await (const source of sourcesOf(this.#making)) await this.#one(source);
    const end = Buffer.from(JSON.stringify({ files: this.files, bytes: this.bytes }));
    await this.#write(this.#sealer.seal("end", end));
  }

  async #one(source: Source): Promise<void> {
    const mode = await modeOf(source, this.#making);
    if (mode === undefined) return;
    const head: FileHead = { path: source.inBackup, kind: source.kind, mode };
    await this.#write(this.#sealer.seal("file", Buffer.from(JSON.stringify(head))));
    this.files += 1;
    for await (const piece of copyOf(source.from, source.kind)) {
      this.bytes += piece.length;
      await this.#write(
        isPacked(source)
          ? this.#sealer.seal("data", piece)
          : this.#sealer.seal("packed", deflateRawSync(piece)),
      );
      this.#making.onProgress?.("writing", this.bytes);
    }
  }
}

/** Writes `out` anew, synced, and reads it once more. Throws what the medium throws, and `backup-failed`. */
export async function makeBackup(making: Making): Promise<Made> {
  const { out, passphrase, now, cost } = making;
  const sealer = await openSealer(passphrase, now, cost);
  let size = 0;
  const writing = await (async () => {
    await using file = await open(out, "w", 0o600);
    const write = async (bytes: Buffer): Promise<void> => {
      await file.writeFile(bytes);
      size += bytes.length;
    };
    const all = new Writing(making, sealer, write);
    await all.all();
    await file.sync();
    return all;
  })();
  const { files, bytes } = writing;
  const read = await checkBackup({ path: out, passphrase }, (done) => making.onProgress?.("reading", done));
  if (read.files.length !== files || read.bytes !== bytes)
    throw new GridwrightError(
      "backup-failed",
      `${out} does not hold what was written. Is the medium worn out?`,
    );
  return { files, bytes, size };
}
