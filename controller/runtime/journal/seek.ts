// Finds a time in the journal without reading all of it: each segment's first record says when it began. Where the wall
// clock jumped back, a time may stand twice; the later place is taken.
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { Cursor } from "@gridwright/contract/ports.ts";
import type { JournalRecord } from "@gridwright/contract/records.ts";
import { blocksIn, FILE_HEADER_BYTES, segmentName } from "./format.ts";
import { readJournal, START, segmentsIn } from "./read.ts";

/** A segment's first block is nearly always within its first bytes; where it is not, the segment is read. */
const HEAD_BYTES = 65_536;

/** The first record of a segment; undefined when it holds none, or was removed. */
export async function headOf(dir: string, segment: number): Promise<JournalRecord | undefined> {
  try {
    await using file = await open(join(dir, segmentName(segment)), "r");
    const bytes = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await file.read(bytes, 0, HEAD_BYTES, 0);
    for (const block of blocksIn(bytes.subarray(0, bytesRead), FILE_HEADER_BYTES))
      return JSON.parse(block.lines()[0] ?? "null") as JournalRecord;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  for await (const { records, next } of readJournal({ dir, from: { segment, offset: 0 } }))
    return next.segment === segment ? records[0] : undefined;
  return undefined;
}

/** Where reading must begin to meet everything from `t` on (plant wall time, ms); the journal's start if it begins later. */
export async function placeOfTime(dir: string, t: number): Promise<Cursor> {
  for (const segment of (await segmentsIn(dir)).toReversed()) {
    const head = await headOf(dir, segment);
    if (head !== undefined && head.t <= t) return { segment, offset: 0 };
  }
  return START;
}

export interface Span {
  /** Plant wall time of the first and of the last record, ms since 1970. */
  readonly from: number;
  readonly to: number;
}

/** From when to when the journal reaches; undefined when it holds no record. */
export async function spanOf(dir: string): Promise<Span | undefined> {
  const segments = await segmentsIn(dir);
  let from: number | undefined;
  for (const segment of segments) {
    from = (await headOf(dir, segment))?.t;
    if (from !== undefined) break;
  }
  if (from === undefined) return undefined;
  for (const segment of segments.toReversed()) {
    let to: number | undefined;
    for await (const { records, next } of readJournal({ dir, from: { segment, offset: 0 } }))
      if (next.segment === segment) to = records.at(-1)?.t ?? to;
    if (to !== undefined) return { from, to };
  }
  return undefined;
}
