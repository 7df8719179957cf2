// Turns waiting records into blocks on a disk. A block, once made, is written again unchanged until it is synced: a
// reader may have seen it already, and after a failed sync the system may have forgotten that it was not written.
// Knows no clock and no thread; whoever drives it decides when to try.
import { SAFETY_KINDS } from "@gridwright/contract/records.ts";
import type { Disk } from "./disk.ts";
import {
  encodeBlock,
  encodeFileHeader,
  FILE_HEADER_BYTES,
  segmentName,
  segmentOf,
  tornName,
} from "./format.ts";
import { type Repaired, repair } from "./repair.ts";
import { type Entry, entryBytes, thin } from "./thin.ts";

/** Text of one block before deflating; more records go into the next. */
const BLOCK_TEXT_TARGET = 1_000_000;
/** Ticks are merged when this share of the queue is used, down to the second share. */
const THIN_ABOVE = 0.5;
const THIN_TO = 0.25;

export interface WriterLimits {
  readonly segmentBytesMax: number;
  readonly queueBytesMax: number;
}
export interface Retention {
  readonly bytes: number;
  readonly days: number;
}

export interface WriterState {
  /** What the card said when it last refused; null: it takes what it is given. */
  readonly failure: string | null;
  /** Bytes of text that left the queue since the start, written or merged away. */
  readonly releasedBytes: number;
  readonly writtenBytes: number;
  /** Ticks that were merged into their successor because the queue was long. */
  readonly merged: number;
  readonly segment: number;
  /** The segment has reached its size: the next snapshot shall open a new one. */
  readonly full: boolean;
}

interface Inflight {
  readonly bytes: Buffer;
  readonly count: number;
  readonly textBytes: number;
}

const DAY_MS = 86_400_000;
const isSafety = ({ k }: Entry): boolean => (SAFETY_KINDS as ReadonlySet<string>).has(k);

export class SegmentWriter {
  readonly repaired: Repaired;
  readonly #disk: Disk;
  readonly #limits: WriterLimits;
  #pending: Entry[] = [];
  #pendingBytes = 0;
  #inflight: Inflight | undefined;
  #opened: Entry | undefined;
  #nextSeq: number;
  #segment: number;
  #offset = 0;
  #failure: string | null = null;
  #releasedBytes = 0;
  #writtenBytes = 0;
  #merged = 0;

  /** Repairs what the last run left; throws what the disk throws. */
  constructor(disk: Disk, limits: WriterLimits) {
    this.#disk = disk;
    this.#limits = limits;
    this.repaired = repair(disk);
    this.#nextSeq = this.repaired.nextSeq;
    this.#segment = this.repaired.nextSegment - 1;
  }

  get state(): WriterState {
    return {
      failure: this.#failure,
      releasedBytes: this.#releasedBytes,
      writtenBytes: this.#writtenBytes,
      merged: this.#merged,
      segment: this.#segment,
      full: this.#offset >= this.#limits.segmentBytesMax,
    };
  }

  /** Takes entries; safety records go to the card at once, unless it refused and waits for the next try. */
  accept(entries: readonly Entry[]): void {
    for (const entry of entries) {
      this.#pending.push(entry);
      this.#pendingBytes += entryBytes(entry);
    }
    if (entries.some(isSafety) && this.#failure === null) this.attempt();
    if (this.#pendingBytes > this.#limits.queueBytesMax * THIN_ABOVE) this.#thin();
  }

  /** Writes and syncs all that waits; returns what the card said if it refused. */
  attempt(): string | null {
    try {
      while (this.#step());
      this.#failure = null;
    } catch (error) {
      if (!(error instanceof Error && "code" in error)) throw error;
      this.#failure = error.message;
    }
    return this.#failure;
  }

  /** Removes old segments until what is left fits; never the current one. `wall` in ms since 1970. */
  prune(retention: Retention, wall: number): void {
    const segments = this.#disk
      .list()
      .filter(({ name }) => segmentOf(name) !== undefined)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    let total = segments.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { name, bytes, changedAt } of segments) {
      if (segmentOf(name) === this.#segment) return;
      if (total <= retention.bytes && wall - changedAt <= retention.days * DAY_MS) return;
      this.#disk.remove(name);
      this.#disk.remove(tornName(name));
      total -= bytes;
    }
  }

  close(): void {
    this.#disk.close();
  }

  #thin(): void {
    const { entries, merged, freedBytes } = thin(
      this.#pending,
      this.#pendingBytes - this.#limits.queueBytesMax * THIN_TO,
    );
    this.#pending = entries;
    this.#pendingBytes -= freedBytes;
    this.#releasedBytes += freedBytes;
    this.#merged += merged;
  }

  /** One thing at a time: sync the block in flight, else open a segment, else make the next block. */
  #step(): boolean {
    if (this.#inflight !== undefined) {
      this.#settle(this.#inflight);
      return true;
    }
    const first = this.#pending[0];
    if (first === undefined) return false;
    if (first.opens && this.#opened !== first) this.#open(first);
    this.#inflight = this.#nextBlock();
    return true;
  }

  #settle({ bytes, count, textBytes }: Inflight): void {
    this.#disk.write(bytes, this.#offset);
    this.#disk.sync();
    this.#offset += bytes.length;
    this.#writtenBytes += bytes.length;
    this.#releasedBytes += textBytes;
    this.#nextSeq += count;
    this.#inflight = undefined;
  }

  #open(first: Entry): void {
    const header = encodeFileHeader(this.#segment + 1);
    this.#disk.create(segmentName(this.#segment + 1), header);
    this.#segment += 1;
    this.#offset = FILE_HEADER_BYTES;
    this.#writtenBytes += FILE_HEADER_BYTES;
    this.#opened = first;
  }

  #nextBlock(): Inflight {
    let count = 0;
    let textBytes = 0;
    for (const entry of this.#pending) {
      if (count > 0 && (entry.opens || textBytes > BLOCK_TEXT_TARGET)) break;
      textBytes += entryBytes(entry);
      count += 1;
    }
    const lines = this.#pending.splice(0, count).map(({ line }) => line);
    this.#pendingBytes -= textBytes;
    return { bytes: encodeBlock(lines, this.#nextSeq), count, textBytes };
  }
}
