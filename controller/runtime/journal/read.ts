// Reads the journal while it is being written: block by block, from a cursor, to the present end or on and on.
// A block that is not whole yet is simply not there yet; damage between blocks is skipped and told.
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Cursor } from "@gridwright/contract/ports.ts";
import type { JournalRecord } from "@gridwright/contract/records.ts";
import { type Millis, millis } from "@gridwright/contract/units.ts";
import {
  BLOCK_TEXT_MAX,
  blocksIn,
  FILE_HEADER_BYTES,
  type FoundBlock,
  segmentName,
  segmentOf,
} from "./format.ts";

/** Bytes read at once; a segment is a little more than its `segmentBytesMax` at most. */
const READ_BYTES_MAX = BLOCK_TEXT_MAX;
const POLL_MS = 1_000;

/** What a reader could not read: bytes `from`..`to` of a segment, or whole segments that were removed by age. */
export interface Damage {
  readonly segment: number;
  readonly from: number;
  readonly to: number;
  readonly why: "damaged" | "removed";
}

export interface ReadOptions {
  readonly dir: string;
  /** The next record to read; `START` is the oldest that is left. */
  readonly from: Cursor;
  /** Waits for more at the end instead of ending; until the signal. */
  readonly follow?: { readonly clock: Clock; readonly signal: AbortSignal; readonly pollMs?: Millis };
  readonly onDamage?: (damage: Damage) => void;
}

export interface JournalChunk {
  readonly records: readonly JournalRecord[];
  /** Where the next chunk begins: commit it together with what was made of these records. */
  readonly next: Cursor;
  readonly firstSeq: number;
}

export const START: Cursor = { segment: 0, offset: 0 };
export const isBefore = (a: Cursor, b: Cursor): boolean =>
  a.segment < b.segment || (a.segment === b.segment && a.offset < b.offset);

/** The numbers of the segments that are there, oldest first; none when there is no journal yet. */
export async function segmentsIn(dir: string): Promise<readonly number[]> {
  try {
    const names = await readdir(dir);
    return names.flatMap((name) => segmentOf(name) ?? []).sort((a, b) => a - b);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

/** The bytes of a segment from `offset` on; undefined when it was removed meanwhile. */
export async function bytesFrom(dir: string, { segment, offset }: Cursor): Promise<Buffer | undefined> {
  try {
    await using file = await open(join(dir, segmentName(segment)), "r");
    const { size } = await file.stat();
    const bytes = Buffer.alloc(Math.min(Math.max(0, size - offset), READ_BYTES_MAX));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, offset);
    return bytes.subarray(0, bytesRead);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function chunkOf(block: FoundBlock, segment: number, base: number): JournalChunk {
  const records = block.lines().map((line) => JSON.parse(line) as JournalRecord);
  return { records, next: { segment, offset: base + block.end }, firstSeq: block.firstSeq };
}

type Tell = (damage: Damage) => void;

/** Whole blocks from the cursor on, each inflated when asked for; returns where they end. `final`: no more will come. */
async function* chunksAt(
  dir: string,
  { segment, offset }: Cursor,
  context: { readonly final: boolean; readonly tell: Tell },
): AsyncGenerator<JournalChunk, number, undefined> {
  const { final, tell } = context;
  const bytes = await bytesFrom(dir, { segment, offset });
  if (bytes === undefined) {
    tell({ segment, from: offset, to: offset, why: "removed" });
    return offset;
  }
  let end = offset === 0 ? FILE_HEADER_BYTES : 0;
  for (const block of blocksIn(bytes, end)) {
    const at = offset + block.at;
    if (block.skipped > 0) tell({ segment, from: at - block.skipped, to: at, why: "damaged" });
    yield chunkOf(block, segment, offset);
    end = block.end;
  }
  if (final && end < bytes.length)
    tell({ segment, from: offset + end, to: offset + bytes.length, why: "damaged" });
  return offset + end;
}

/** Where reading from `cursor` really begins, given the segments that are left. */
function placeOf(segments: readonly number[], cursor: Cursor, tell: Tell): Cursor | undefined {
  const [oldest] = segments;
  const newest = segments.at(-1);
  if (oldest === undefined || newest === undefined) return undefined;
  if (segments.includes(cursor.segment)) return cursor;
  const removed: Damage = { segment: cursor.segment, from: cursor.offset, to: cursor.offset, why: "removed" };
  if (cursor.segment !== START.segment) tell(removed);
  const segment = cursor.segment > newest ? oldest : segments.find((number) => number > cursor.segment);
  return { segment: segment ?? oldest, offset: 0 };
}

/** Waits for more to read; returns false when nothing more is wanted. */
async function waited(follow: ReadOptions["follow"]): Promise<boolean> {
  if (follow === undefined) return false;
  const { clock, signal, pollMs } = follow;
  await clock.sleep(pollMs ?? millis(POLL_MS), signal).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  return !signal.aborted;
}

/**
 * Chunks of records from `from` on, oldest first. Without `follow` it ends at the present end. Throws what the file
 * system throws; damage and removed segments are told, never thrown.
 */
export async function* readJournal(options: ReadOptions): AsyncGenerator<JournalChunk, void, undefined> {
  const { dir, follow } = options;
  const tell: Tell = options.onDamage ?? (() => undefined);
  let cursor = options.from;
  while (follow?.signal.aborted !== true) {
    const segments = await segmentsIn(dir);
    const place = placeOf(segments, cursor, tell);
    if (place !== undefined) {
      const later = segments.find((number) => number > place.segment);
      const end = yield* chunksAt(dir, place, { final: later !== undefined, tell });
      cursor = later === undefined ? { ...place, offset: end } : { segment: later, offset: 0 };
      if (later !== undefined) continue;
    }
    if (!(await waited(follow))) return;
  }
}
