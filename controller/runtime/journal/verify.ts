// Looks at a journal as a whole: where it begins and ends, what stands in it, what is damaged. Reads only.
import type { Cursor } from "@gridwright/contract/ports.ts";
import { type Damage, type JournalChunk, readJournal, START, segmentsIn } from "./read.ts";

export interface JournalEnds {
  /** The oldest record that is left. */
  readonly first: Cursor;
  /** The snapshot that opens the last segment with a whole block: replay of the present starts here. */
  readonly lastSegment: Cursor;
  /** Behind the newest whole block. */
  readonly end: Cursor;
}

/** Where the journal in `dir` begins and ends now; undefined when it holds no record. */
export async function journalEnds(dir: string): Promise<JournalEnds | undefined> {
  const segments = await segmentsIn(dir);
  const [oldest] = segments;
  for (const segment of segments.toReversed()) {
    let end: Cursor | undefined;
    for await (const { next } of readJournal({ dir, from: { segment, offset: 0 } })) {
      if (next.segment === segment) end = next;
    }
    if (end !== undefined)
      return { first: { segment: oldest ?? segment, offset: 0 }, lastSegment: { segment, offset: 0 }, end };
  }
  return undefined;
}

export interface JournalCheck {
  readonly segments: number;
  readonly blocks: number;
  readonly records: number;
  readonly damage: readonly Damage[];
  /** Segments whose first record is not a snapshot. */
  readonly headless: readonly number[];
  /** Sequence numbers that are missing between two blocks. */
  readonly missing: number;
  /** Plant wall time of the first and the last record, ms since 1970. */
  readonly from?: number;
  readonly to?: number;
}

/** Reads everything and says what was found; throws only what the file system throws. */
export async function verifyJournal(dir: string): Promise<JournalCheck> {
  const damage: Damage[] = [];
  const headless: number[] = [];
  let [blocks, records, missing, segment] = [0, 0, 0, 0];
  let nextSeq: number | undefined;
  let from: number | undefined;
  let to: number | undefined;
  const look = (chunk: JournalChunk): void => {
    if (chunk.next.segment !== segment && chunk.records[0]?.k !== "snapshot")
      headless.push(chunk.next.segment);
    segment = chunk.next.segment;
    blocks += 1;
    records += chunk.records.length;
    if (nextSeq !== undefined) missing += chunk.firstSeq - nextSeq;
    nextSeq = chunk.firstSeq + chunk.records.length;
    from ??= chunk.records[0]?.t;
    to = chunk.records.at(-1)?.t ?? to;
  };
  for await (const chunk of readJournal({ dir, from: START, onDamage: (found) => damage.push(found) }))
    look(chunk);
  const { length: segments } = await segmentsIn(dir);
  return {
    segments,
    blocks,
    records,
    damage,
    headless,
    missing,
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}
