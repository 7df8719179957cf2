// The content of one store in pieces, as its kind allows while others write: see stores.ts. A file that is gone meanwhile (a
// segment that the journal let go, an old version) gives undefined.
import { type FileHandle, open, readFile } from "node:fs/promises";
import { blocksIn, FILE_HEADER_BYTES } from "../journal/format.ts";
import { readRows } from "./rows.ts";
import type { StoreKind } from "./stores.ts";

const PIECE_BYTES = 262_144;
const NEWLINE = 10;

/** Up to the size that it had at the beginning: what is added meanwhile belongs to the next backup. */
async function* piecesOf(file: FileHandle): AsyncGenerator<Buffer> {
  const { size } = await file.stat();
  for (let at = 0; at < size; ) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(PIECE_BYTES, size - at)), {
      position: at,
    });
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

async function* wholeFile(path: string): AsyncGenerator<Buffer> {
  await using file = await open(path, "r");
  yield* piecesOf(file);
}

/** A last line that is not whole was not acknowledged. */
async function* wholeLines(path: string): AsyncGenerator<Buffer> {
  let held: Buffer = Buffer.alloc(0);
  for await (const piece of wholeFile(path)) {
    const bytes = Buffer.concat([held, piece]);
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    if (end > 0) yield bytes.subarray(0, end);
    held = bytes.subarray(end);
  }
}

/** A block at the end that is not whole was not acknowledged; damage further in stays as it is. */
async function* wholeBlocks(path: string): AsyncGenerator<Buffer> {
  const bytes = await readFile(path);
  let end = Math.min(bytes.length, FILE_HEADER_BYTES);
  for (const block of blocksIn(bytes, FILE_HEADER_BYTES)) end = block.end;
  for (let at = 0; at < end; at += PIECE_BYTES) yield bytes.subarray(at, Math.min(end, at + PIECE_BYTES));
}

async function* rows(path: string): AsyncGenerator<Buffer> {
  yield* readRows(path);
}

const COPIERS: Readonly<Record<StoreKind, (path: string) => AsyncGenerator<Buffer>>> = {
  journal: wholeBlocks,
  lines: wholeLines,
  rows,
  whole: wholeFile,
};

export const copyOf = (path: string, kind: StoreKind): AsyncGenerator<Buffer> => COPIERS[kind](path);
