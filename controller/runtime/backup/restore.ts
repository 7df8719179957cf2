// Makes a data folder from a backup on a bare machine. All of the backup is read and proved before the first byte is written;
// while it is written a mark keeps everybody out, so that one that is cut off is begun anew, never run on.
import { existsSync } from "node:fs";
import { chmod, mkdir, open, readdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { giveTo } from "../data-folder/give-to.ts";
import { syncPath } from "../data-folder/made-folder.ts";
import { namesIn } from "../data-folder/names-in.ts";
import { UNFINISHED } from "../data-folder/unfinished.ts";
import { type Checked, checkBackup, type FileHead, type Reading, readBackup, SITE_FILE } from "./read.ts";
import { type RowsWriter, writeRows } from "./rows.ts";

export interface Restoring extends Reading {
  readonly dataDir: string;
  /** Where the site file goes; what belongs to it goes beside it. */
  readonly siteFile: string;
  readonly onProgress?: (step: "reading" | "writing", bytes: number) => void;
}

interface Sink {
  take(piece: Buffer): Promise<void>;
  end(): Promise<void>;
  close(): Promise<void>;
}

async function fileSink(path: string, mode: number): Promise<Sink> {
  const file = await open(path, "w", mode);
  return {
    take: (piece) => file.writeFile(piece),
    async end() {
      await file.sync();
      await file.close();
    },
    close: () => file.close(),
  };
}

function rowsSink(path: string, rows: RowsWriter): Sink {
  return {
    take: async (piece) => rows.take(piece),
    async end() {
      rows.end();
      await syncPath(path);
    },
    close: async () => rows.close(),
  };
}

const NOT_EMPTY = "holds something already";

function refuse(path: string, what: string, cure: string): never {
  throw new GridwrightError("data-folder-unusable", `${path} ${what}. ${cure}`, { place: { file: path } });
}

/** Throws where something would be lost. What an earlier restore began is cleared: true then. */
async function clearPlace(dataDir: string): Promise<boolean> {
  const names = (await namesIn(dataDir)).filter((name) => name !== "lost+found");
  if (names.length === 0) return false;
  if (!names.includes(UNFINISHED))
    refuse(
      dataDir,
      NOT_EMPTY,
      "Restore into an empty folder, or move that one away first; nothing was changed.",
    );
  for (const name of names.filter((one) => one !== UNFINISHED))
    await rm(join(dataDir, name), { recursive: true });
  return true;
}

const isSite = (path: string): boolean => path.startsWith("site/");

/** Where a file of a backup goes. */
function placeOf({ dataDir, siteFile }: Restoring, path: string): string {
  const below = path.slice(path.indexOf("/") + 1);
  if (!isSite(path)) return join(dataDir, below);
  return below === SITE_FILE ? siteFile : join(dirname(siteFile), below);
}

function refuseSiteFiles(restoring: Restoring, files: readonly FileHead[]): void {
  for (const { path } of files) {
    const to = placeOf(restoring, path);
    if (isSite(path) && existsSync(to))
      refuse(to, "is there already", "Move it away, or name another --config; nothing was changed.");
  }
}

const FOLDER_MODE = 0o700;

class Placing {
  readonly #restoring: Restoring;
  readonly #folders = new Set<string>();
  #sink: Sink | undefined;
  #mode: { readonly path: string; readonly mode: number } | undefined;
  #bytes = 0;

  constructor(restoring: Restoring) {
    this.#restoring = restoring;
  }

  async all(): Promise<void> {
    try {
      for await (const piece of readBackup(this.#restoring)) {
        if (piece.k === "data") await this.#data(piece.data);
        else await this.#end();
        if (piece.k === "file") await this.#begin(piece.file);
      }
      for (const folder of this.#folders) await syncPath(folder);
    } catch (error) {
      await this.#sink?.close();
      throw error;
    }
  }

  async #begin({ path, kind, mode }: FileHead): Promise<void> {
    const to = placeOf(this.#restoring, path);
    const root = isSite(path) ? dirname(this.#restoring.siteFile) : this.#restoring.dataDir;
    await mkdir(dirname(to), { recursive: true, mode: FOLDER_MODE });
    for (
      let folder = dirname(to);
      folder.startsWith(root) && folder !== dirname(folder);
      folder = dirname(folder)
    )
      this.#folders.add(folder);
    this.#mode = { path: to, mode };
    this.#sink = kind === "rows" ? rowsSink(to, writeRows(to)) : await fileSink(to, mode);
  }

  async #data(data: Buffer): Promise<void> {
    await this.#sink?.take(data);
    this.#bytes += data.length;
    this.#restoring.onProgress?.("writing", this.#bytes);
  }

  async #end(): Promise<void> {
    await this.#sink?.end();
    this.#sink = undefined;
    // A mask of this user must not change what the site had.
    const { path, mode } = this.#mode ?? { path: "", mode: 0 };
    if (path === "") return;
    await chmod(path, mode);
    const folder = dirname(path);
    if (path.startsWith(dirname(this.#restoring.siteFile))) await giveTo(folder, [path]);
    this.#mode = undefined;
  }
}

/** As root: everything belongs to whom the folder belongs, or the controller could not read it. */
export async function giveToOwner(folder: string): Promise<void> {
  if ((await stat(folder)).uid === 0) return;
  const entries = await readdir(folder, { recursive: true });
  await giveTo(folder, [...entries.map((entry) => join(folder, entry)), folder]);
}

/** Throws `backup-damaged`, `backup-passphrase-wrong`, `data-folder-unusable`, and what the card throws. */
export async function restoreBackup(restoring: Restoring): Promise<Checked> {
  const { dataDir } = restoring;
  const checked = await checkBackup(restoring, (bytes) => restoring.onProgress?.("reading", bytes));
  const isSecondTry = await clearPlace(dataDir);
  if (!isSecondTry) refuseSiteFiles(restoring, checked.files);
  await mkdir(dataDir, { recursive: true, mode: FOLDER_MODE });
  await writeFile(join(dataDir, UNFINISHED), "A backup is being restored here.\n");
  await syncPath(dataDir);
  await new Placing(restoring).all();
  await giveToOwner(dataDir);
  await rm(join(dataDir, UNFINISHED));
  await syncPath(dataDir);
  return checked;
}
