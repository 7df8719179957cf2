// Reads a backup from front to end, one frame at a time, and gives what each file of it holds. What is torn, changed or of
// another passphrase is named; nothing of a frame is given before it proved to be the one that was written.
import { type FileHandle, open } from "node:fs/promises";
import { inflateRawSync } from "node:zlib";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { z } from "zod";
import { CONTENT_BYTES_MAX, decodeHead, HEAD_BYTES, type Head, TAG_BYTES } from "./format.ts";
import { type Keys, keysOf, type Opener, openOpener, type Unsealed } from "./seal.ts";
import { STORE_KINDS } from "./stores.ts";

/** How a file of a backup is named and was copied. */
export const FileHead = z.strictObject({
  /** `data/ledger/2026-11.jsonl`, `site/site.yaml`. */
  path: z.string().regex(/^(?:data|site)(?:\/(?!\.\.?(?:\/|$))[^/\0]+)+$/),
  kind: z.enum(STORE_KINDS),
  mode: z.int().min(0).max(0o777),
});
export type FileHead = z.output<typeof FileHead>;

/** What the site file is called below `site/`, whatever it was called on disk. */
export const SITE_FILE = "site.yaml";

const BackupEnd = z.strictObject({ files: z.int(), bytes: z.int() });

/** What reading gives, in this order: a file, its data, the next file …, the end. */
export type Piece =
  | { readonly k: "file"; readonly file: FileHead }
  | { readonly k: "data"; readonly data: Buffer }
  | { readonly k: "end"; readonly files: number; readonly bytes: number };

export const damaged = (path: string, what: string): GridwrightError =>
  new GridwrightError(
    "backup-damaged",
    `${path} ${what}. Nothing of it was restored; take another backup (gridwright restore --check FILE tries one).`,
    { place: { file: path } },
  );

export interface Reading {
  readonly path: string;
  readonly passphrase: string;
  /** Derives the key; tests remember it. */
  readonly keysOf?: (passphrase: string, bound: Buffer) => Promise<Keys>;
}

const HEAD_WORDS = {
  foreign: "is no backup of gridwright",
  newer: "was made by a newer gridwright; restore it with that one",
  damaged: "is damaged in its head",
} as const;

async function readExactly(file: FileHandle, at: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes);
  let done = 0;
  while (done < bytes) {
    const { bytesRead } = await file.read(buffer, done, bytes - done, at + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}

async function headOf(file: FileHandle, path: string): Promise<Head> {
  const head = decodeHead(await readExactly(file, 0, HEAD_BYTES));
  if (typeof head === "string") throw damaged(path, HEAD_WORDS[head]);
  return head;
}

const parsed = <T>(schema: z.ZodType<T>, content: Buffer): T =>
  schema.parse(JSON.parse(content.toString("utf8")));

function pieceOf({ kind, content }: Unsealed): Piece {
  switch (kind) {
    case "file":
      return { k: "file", file: parsed(FileHead, content) };
    case "data":
      return { k: "data", data: content };
    case "packed":
      return { k: "data", data: inflateRawSync(content, { maxOutputLength: CONTENT_BYTES_MAX }) };
    case "end":
      return { k: "end", ...parsed(BackupEnd, content) };
    default:
      return kind satisfies never;
  }
}

async function* frames(file: FileHandle, path: string, opener: Opener): AsyncGenerator<Unsealed> {
  const { size } = await file.stat();
  let at = HEAD_BYTES;
  while (at < size) {
    const length = await readExactly(file, at, 4);
    const bytes = length.length < 4 ? 0 : length.readUInt32LE(0);
    if (bytes <= TAG_BYTES || bytes > CONTENT_BYTES_MAX + 1 + TAG_BYTES)
      throw damaged(path, `is torn or damaged at byte ${at}`);
    const sealed = await readExactly(file, at + 4, bytes);
    if (sealed.length < bytes)
      throw damaged(path, `is torn: it ends within a frame that begins at byte ${at}`);
    const unsealed = opener(sealed);
    if (unsealed === undefined) throw damaged(path, `is damaged in the frame at byte ${at}`);
    at += 4 + bytes;
    yield unsealed;
  }
}

/** Throws `backup-damaged` and `backup-passphrase-wrong`, and what the medium throws. */
export async function* readBackup({ path, passphrase, ...options }: Reading): AsyncGenerator<Piece> {
  await using file = await open(path, "r");
  const head = await headOf(file, path);
  const opener = openOpener(head, await (options.keysOf ?? keysOf)(passphrase, head.bound));
  let ended = false;
  for await (const frame of frames(file, path, opener)) {
    if (ended) throw damaged(path, "goes on after its end");
    const piece = pieceOf(frame);
    ended = piece.k === "end";
    yield piece;
  }
  if (!ended) throw damaged(path, "is torn: its end is missing");
}

export interface Checked {
  readonly files: readonly FileHead[];
  /** Bytes that the files hold. */
  readonly bytes: number;
}

/** Reads all of it and writes nothing. Throws as `readBackup`, also where it holds another number of files than it says. */
export async function checkBackup(reading: Reading, onBytes?: (bytes: number) => void): Promise<Checked> {
  const files: FileHead[] = [];
  let bytes = 0;
  for await (const piece of readBackup(reading)) {
    if (piece.k === "file") files.push(piece.file);
    if (piece.k === "data") bytes += piece.data.length;
    if (piece.k === "end" && (piece.files !== files.length || piece.bytes !== bytes))
      throw damaged(reading.path, "does not hold what it says at its end");
    onBytes?.(bytes);
  }
  return { files, bytes };
}
