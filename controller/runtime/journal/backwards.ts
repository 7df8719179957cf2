// Reads the journal backwards from a time: the newest records of some kinds, without parsing what is not asked for. How much
// is unpacked for one question is bounded; where that ends, it says how far it came.
import type { JournalRecord } from "@gridwright/contract/records.ts";
import { blocksIn, FILE_HEADER_BYTES, type FoundBlock } from "./format.ts";
import { bytesFrom, segmentsIn } from "./read.ts";
import { headOf } from "./seek.ts";

/** Packed bytes for one question; a village writes some twenty of these in a day. */
const PACKED_BYTES_MAX = 4_000_000;

export interface Backwards {
  readonly dir: string;
  /** Plant wall time, ms since 1970: from `from` on, before `before`. */
  readonly from: number;
  readonly before: number;
  readonly kinds: ReadonlySet<JournalRecord["k"]>;
  readonly wanted: (record: JournalRecord) => boolean;
  readonly limit: number;
  readonly packedBytesMax?: number;
}

export interface FoundBackwards {
  /** Newest first. */
  readonly records: readonly JournalRecord[];
  /** Older ones may be before this time; null: none are left. */
  readonly reachedTo: number | null;
}

const KIND = /"k":"(\w+)"/;
const TIME = /"t":(\d+)/;

/** What of a block is wanted, newest first; a line of another kind is not parsed. */
const recordsOf = (lines: readonly string[], { kinds, from, before, wanted }: Backwards): JournalRecord[] =>
  lines.toReversed().flatMap((line) => {
    if (!kinds.has(KIND.exec(line)?.[1] as JournalRecord["k"])) return [];
    const record = JSON.parse(line) as JournalRecord;
    return record.t >= from && record.t < before && wanted(record) ? [record] : [];
  });

const timeOf = (line: string | undefined): number => Number(TIME.exec(line ?? "")?.[1] ?? Number.NaN);

/** Blocks of the journal from the newest back; a segment that begins after `before` is passed over. */
async function* blocksBack({ dir, before }: Backwards): AsyncGenerator<FoundBlock, void, undefined> {
  for (const segment of (await segmentsIn(dir)).toReversed()) {
    const head = await headOf(dir, segment);
    if (head === undefined || head.t >= before) continue;
    const bytes = await bytesFrom(dir, { segment, offset: 0 });
    if (bytes !== undefined) yield* [...blocksIn(bytes, FILE_HEADER_BYTES)].toReversed();
  }
}

/** Others are let in between two blocks: services have more to do. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What is told together stays together: all of the last one's time, so that nothing falls between two pages. */
function pageOf(records: readonly JournalRecord[], limit: number): readonly JournalRecord[] | undefined {
  const least = records[limit - 1]?.t;
  const oldest = records.at(-1)?.t;
  if (least === undefined || oldest === undefined || oldest >= least) return undefined;
  return records.filter(({ t }) => t >= least);
}

/**
 * The newest `limit` records before a time, with others of the last one's very time, and how far was looked. Throws what
 * the file system throws.
 */
export async function readBackwards(asked: Backwards): Promise<FoundBackwards> {
  const { from, limit, packedBytesMax = PACKED_BYTES_MAX } = asked;
  const records: JournalRecord[] = [];
  let packed = 0;
  for await (const block of blocksBack(asked)) {
    const lines = block.lines();
    records.push(...recordsOf(lines, asked));
    const page = pageOf(records, limit);
    if (page !== undefined) return { records: page, reachedTo: page.at(-1)?.t ?? null };
    const oldest = timeOf(lines[0]);
    packed += block.end - block.at;
    if (oldest < from) break;
    if (packed >= packedBytesMax) return { records, reachedTo: oldest };
    await breathe();
  }
  return { records, reachedTo: null };
}
