// What a start finds on the card: which segment number and sequence number come next, and a torn tail, which is cut
// off (the torn bytes stay in a side file). Only the last segment can be torn: one is begun only when the one before
// is whole. Damage further in is left alone; readers skip it.
import type { Disk } from "./disk.ts";
import { blocksIn, FILE_HEADER_BYTES, isFileHeader, segmentOf, tornName } from "./format.ts";

export interface Repaired {
  readonly nextSegment: number;
  readonly nextSeq: number;
  /** Bytes cut off the tail of `file`; `kept`: they stand in a side file. */
  readonly torn?: { readonly file: string; readonly bytes: number; readonly kept: boolean };
}

/** The number in a segment's or a side file's name; numbers are never used twice. */
const numberOf = (name: string): number => segmentOf(name.replace(/\.torn$/, ".gwj")) ?? 0;

function cut(disk: Disk, name: string, whole: number): NonNullable<Repaired["torn"]> {
  const bytes = disk.read(name).subarray(whole);
  let kept = true;
  try {
    disk.keep(tornName(name), bytes);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    kept = false;
  }
  disk.truncate(name, whole);
  return { file: name, bytes: bytes.length, kept };
}

interface LastSegment {
  readonly nextSeq: number | undefined;
  readonly torn?: Repaired["torn"];
}

function repairLast(disk: Disk, name: string): LastSegment {
  const bytes = disk.read(name);
  if (!isFileHeader(bytes, numberOf(name))) {
    disk.rename(name, tornName(name));
    return { nextSeq: undefined, torn: { file: name, bytes: bytes.length, kept: true } };
  }
  let whole = FILE_HEADER_BYTES;
  let nextSeq: number | undefined;
  for (const block of blocksIn(bytes, FILE_HEADER_BYTES)) {
    whole = block.end;
    nextSeq = block.firstSeq + block.count;
  }
  return whole === bytes.length ? { nextSeq } : { nextSeq, torn: cut(disk, name, whole) };
}

function lastSeqOf(disk: Disk, name: string): number | undefined {
  let nextSeq: number | undefined;
  for (const block of blocksIn(disk.read(name), FILE_HEADER_BYTES)) nextSeq = block.firstSeq + block.count;
  return nextSeq;
}

/** Makes the last segment whole and says where to go on. Throws what the disk throws. */
export function repair(disk: Disk): Repaired {
  const names = disk.list().map(({ name }) => name);
  const nextSegment = Math.max(0, ...names.map(numberOf)) + 1;
  const segments = names.filter((name) => segmentOf(name) !== undefined).sort();
  const last = segments.pop();
  if (last === undefined) return { nextSegment, nextSeq: 1 };
  const { nextSeq: own, torn } = repairLast(disk, last);
  let nextSeq = own;
  for (const name of segments.reverse()) {
    if (nextSeq !== undefined) break;
    nextSeq = lastSeqOf(disk, name);
  }
  return { nextSegment, nextSeq: nextSeq ?? 1, ...(torn && { torn }) };
}
