// The simulated controller's journal: the real writer, repair and resume, on a card that loses power. It is kept only
// for the minutes before each death, since no more is read after one.
import type { JournalRecord, SnapshotRecord } from "@gridwright/contract/records.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import type { Mono } from "@gridwright/contract/units.ts";
import { namesOf, snapshotOf, tickNews } from "@gridwright/core/recorded.ts";
import { FakeDisk } from "@gridwright/runtime/journal/fake-disk.ts";
import { blocksIn, FILE_HEADER_BYTES, segmentOf } from "@gridwright/runtime/journal/format.ts";
import { SegmentWriter } from "@gridwright/runtime/journal/writer.ts";
import { recordsOf } from "@gridwright/runtime/loop/records-of-tick.ts";
import { isSnapshot, takeOver } from "@gridwright/runtime/loop/restore.ts";
import { mix, type Random, randomFrom } from "@gridwright/twin/plant/random.ts";
import type { Day } from "@gridwright/twin/simulate/day.ts";
import type { Keeper, KeptTick, Remembered } from "@gridwright/twin/simulate/keeper.ts";
import type { CardMode } from "@gridwright/twin/simulate/trouble.ts";

const BEFORE_DEATH_MS = 150_000;
const SNAPSHOT_EVERY_MS = 60_000;
/** A full card refuses for so long before the death. */
const FULL_FOR_MS = 20_000;
const BOOT = "simulated";
const LIMITS = { segmentBytesMax: 200_000, queueBytesMax: 4_000_000 };

interface Death {
  readonly at: number;
  readonly card: CardMode;
}

export class CardKeeper implements Keeper {
  readonly #model: SiteModel;
  readonly #names: ReturnType<typeof namesOf>;
  readonly #deaths: readonly Death[];
  readonly #random: Random;
  readonly #disk = new FakeDisk();
  #writer: SegmentWriter | undefined;
  #snapshotAt = Number.NEGATIVE_INFINITY;

  constructor(model: SiteModel, day: Day) {
    this.#model = model;
    this.#names = namesOf(model);
    this.#random = randomFrom(mix(day.seed, 907));
    this.#deaths = day.troubles.flatMap((trouble) =>
      trouble.kind === "kill" ? [{ at: trouble.at, card: trouble.card }] : [],
    );
  }

  note(tick: KeptTick): void {
    const { now } = tick.state;
    const death = this.#deaths.find(({ at }) => at >= now && at - now < BEFORE_DEATH_MS);
    if (death === undefined) return;
    const full = death.card === "full" && death.at - now < FULL_FOR_MS;
    this.#disk.refuse(full ? "ENOSPC" : undefined);
    this.#writer ??= new SegmentWriter(this.#disk, LIMITS);
    const at = { m: now, t: tick.state.wall };
    const tickRecord = tickNews(tick.news, this.#names);
    const leases = tick.events;
    this.#take(
      recordsOf({ at, requests: tick.requests, tick: tickRecord, step: tick.step, leases, alarms: [] }),
    );
    if (now - this.#snapshotAt < SNAPSHOT_EVERY_MS) return;
    this.#snapshotAt = now;
    this.#take([this.#snapshot(tick)], this.#writer.state.full || this.#writer.state.segment === 0);
  }

  #snapshot({ state, step, leases }: KeptTick): SnapshotRecord {
    const { now: m, wall: t } = state;
    const seen = snapshotOf(this.#model, state, m);
    return {
      ...{ k: "snapshot", m, t, cause: "minute", bootId: BOOT, siteHash: this.#model.hash },
      ...seen,
      memory: step.memory,
      leases,
      alarms: [],
    };
  }

  #take(records: readonly JournalRecord[], opens = false): void {
    // Before the first snapshot there is no segment to write into.
    if (this.#writer?.state.segment === 0 && !opens) return;
    this.#writer?.accept(
      records.map((record) => ({
        k: record.k,
        line: JSON.stringify(record),
        ...(opens && { opens: true as const }),
      })),
    );
    if (opens) this.#writer?.attempt();
  }

  die(card: CardMode): void {
    if (card === "whole") this.#writer?.attempt();
    this.#writer = undefined;
    this.#disk.refuse(undefined);
    this.#disk.crash(this.#random);
    if (card === "flipped") this.#flip();
    this.#snapshotAt = Number.NEGATIVE_INFINITY;
  }

  #segments(): string[] {
    return this.#disk
      .list()
      .map(({ name }) => name)
      .filter((name) => segmentOf(name) !== undefined)
      .sort()
      .reverse();
  }

  /** One bit of the newest segment turns over. */
  #flip(): void {
    const [newest] = this.#segments();
    if (newest === undefined) return;
    const bytes = this.#disk.read(newest);
    const place = Math.floor(this.#random() * bytes.length);
    bytes[place] = (bytes[place] ?? 0) ^ (1 << Math.floor(this.#random() * 8));
    this.#disk.keep(newest, bytes);
  }

  #course(): readonly JournalRecord[] {
    for (const name of this.#segments()) {
      const records = [...blocksIn(this.#disk.read(name), FILE_HEADER_BYTES)].flatMap((block) =>
        block.lines().map((line) => JSON.parse(line) as JournalRecord),
      );
      const place = records.findLastIndex(isSnapshot);
      if (place >= 0) return records.slice(place);
    }
    return [];
  }

  resume(now: Mono): Remembered | undefined {
    // Repairs what the death left, as a start does.
    this.#writer = new SegmentWriter(this.#disk, LIMITS);
    const { state, ticks } = takeOver(this.#course(), { model: this.#model, bootId: BOOT, now });
    return ticks === 0 && Object.keys(state.memory.wanted).length === 0
      ? undefined
      : { memory: state.memory, leases: state.leases };
  }
}
