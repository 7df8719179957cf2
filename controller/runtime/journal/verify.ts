// Looks at a journal as a whole: where it begins and ends, what stands in it, what is damaged. Reads only.
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Cursor } from "@gridwright/contract/ports.ts";
import type { JournalRecord } from "@gridwright/contract/records.ts";
import { FILE_HEADER_BYTES, segmentName } from "./format.ts";
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

/** What was written on one day. */
export interface JournalDay {
  /** As `dayOf` names it. */
  readonly day: string;
  readonly blocks: number;
  readonly records: number;
  /** On the card. */
  readonly bytes: number;
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
  /** By the wall time of each block's first record, in the order of the journal. */
  readonly days: readonly JournalDay[];
  readonly kinds: Readonly<Partial<Record<JournalRecord["k"], number>>>;
  /** Bytes behind the newest whole block: one that is being written, or a torn tail that the next start cuts off. */
  readonly tail: number;
  /** Plant wall time of the first and the last record, ms since 1970. */
  readonly from?: number;
  readonly to?: number;
}

export interface VerifyOptions {
  /** Names the day of a wall time; without it days are those of UTC. */
  readonly dayOf?: (at: number) => string;
  /** How far it is: segments begun, of all. */
  readonly onSegment?: (begun: number, of: number) => void;
}

const utcDay = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** What the chunks of a journal add up to. */
class Tally {
  readonly headless: number[] = [];
  readonly days = new Map<string, JournalDay>();
  readonly kinds: Partial<Record<JournalRecord["k"], number>> = {};
  blocks = 0;
  records = 0;
  missing = 0;
  from: number | undefined;
  to: number | undefined;
  end: Cursor | undefined;
  #nextSeq: number | undefined;
  readonly #dayOf: (at: number) => string;

  constructor(dayOf: (at: number) => string) {
    this.#dayOf = dayOf;
  }

  take({ records, next, firstSeq }: JournalChunk): void {
    const begins = this.end?.segment !== next.segment;
    if (begins && records[0]?.k !== "snapshot") this.headless.push(next.segment);
    const before = begins ? FILE_HEADER_BYTES : (this.end?.offset ?? 0);
    this.end = next;
    this.blocks += 1;
    this.records += records.length;
    if (this.#nextSeq !== undefined) this.missing += firstSeq - this.#nextSeq;
    this.#nextSeq = firstSeq + records.length;
    this.from ??= records[0]?.t;
    this.to = records.at(-1)?.t ?? this.to;
    for (const { k } of records) this.kinds[k] = (this.kinds[k] ?? 0) + 1;
    if (records[0] !== undefined) this.#day(this.#dayOf(records[0].t), records.length, next.offset - before);
  }

  #day(day: string, records: number, bytes: number): void {
    const known = this.days.get(day) ?? { day, blocks: 0, records: 0, bytes: 0 };
    this.days.set(day, {
      day,
      blocks: known.blocks + 1,
      records: known.records + records,
      bytes: known.bytes + bytes,
    });
  }
}

async function tailOf(dir: string, end: Cursor | undefined): Promise<number> {
  const last = (await segmentsIn(dir)).at(-1);
  if (last === undefined) return 0;
  const { size } = await stat(join(dir, segmentName(last)));
  const whole = end?.segment === last ? end.offset : FILE_HEADER_BYTES;
  return Math.max(0, size - whole);
}

/** Reads everything and says what was found; throws only what the file system throws. */
export async function verifyJournal(dir: string, options: VerifyOptions = {}): Promise<JournalCheck> {
  const damage: Damage[] = [];
  const tally = new Tally(options.dayOf ?? utcDay);
  const segments = await segmentsIn(dir);
  for await (const chunk of readJournal({ dir, from: START, onDamage: (found) => damage.push(found) })) {
    if (chunk.next.segment !== tally.end?.segment)
      options.onSegment?.(segments.indexOf(chunk.next.segment) + 1, segments.length);
    tally.take(chunk);
  }
  const { blocks, records, headless, missing, days, kinds, from, to, end } = tally;
  return {
    ...{ segments: segments.length, blocks, records, damage, headless, missing, kinds },
    days: [...days.values()],
    tail: await tailOf(dir, end),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}
