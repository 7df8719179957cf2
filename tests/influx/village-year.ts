// Months of the village as its journal would hold them, made by the twin as fast as it goes: seasons and weather that a seed
// draws, grid and devices that fail, three days without a line in winter, a controller that is away for hours, a meter that is
// replaced. The brain ticks every other minute, and each second while the inverter is in danger; what nothing came of is kept in
// steps of ten minutes.
import type { JournalRecord, SnapshotRecord, TickRecord } from "@gridwright/contract/records.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { epoch, mono } from "@gridwright/contract/units.ts";
import { decide } from "@gridwright/core/decide.ts";
import { type Leases, reconcile } from "@gridwright/core/leases.ts";
import { initialMemory, type Memory, resumeMemory } from "@gridwright/core/memory.ts";
import { initialObservation, observe } from "@gridwright/core/observe.ts";
import { namesOf, snapshotOf, tickNews } from "@gridwright/core/recorded.ts";
import type { Observation } from "@gridwright/core/state.ts";
import { openDisk } from "@gridwright/runtime/journal/disk.ts";
import { mergeTicks } from "@gridwright/runtime/journal/thin.ts";
import { SegmentWriter } from "@gridwright/runtime/journal/writer.ts";
import { type AlarmTable, createAlarms } from "@gridwright/runtime/loop/alarms.ts";
import { recordsOf } from "@gridwright/runtime/loop/records-of-tick.ts";
import { isCut } from "@gridwright/twin/plant/faults.ts";
import { leap } from "@gridwright/twin/plant/leap.ts";
import { createPlant } from "@gridwright/twin/plant/plant.ts";
import { type PlantWorld, plantEpoch } from "@gridwright/twin/plant/world.ts";
import { groupReader, pollGroups } from "@gridwright/twin/simulate/read-plant.ts";
import { obey } from "@gridwright/twin/simulate/wire.ts";
import { villageDay } from "@gridwright/twin/testing/village.ts";
import { type Befallen, befall, DAY_MS, STEP_MS, weatherOf } from "./village-weather.ts";
import { workshopTold } from "./workshop-told.ts";

const KEPT_EVERY_MS = 5 * STEP_MS;
const WRITTEN_EVERY_MS = 3_600_000;
/** Used share of the overload time from which each second is looked at. */
const DANGER = 0.2;

export interface YearOptions {
  readonly model: SiteModel;
  /** Where the journal is written. */
  readonly dir: string;
  readonly seed: number;
  /** Wall time of its begin, ms, and how long it lasts. */
  readonly start: number;
  readonly days: number;
}

/** Journal segments, written without waiting for the card. */
class Book {
  readonly #writer: SegmentWriter;
  #held: TickRecord | undefined;
  #writtenAt = 0;

  constructor(dir: string) {
    const disk = { ...openDisk(dir), sync: () => undefined };
    this.#writer = new SegmentWriter(disk, { segmentBytesMax: 8_000_000, queueBytesMax: 64_000_000 });
  }

  get full(): boolean {
    return this.#writer.state.full;
  }

  open(snapshot: SnapshotRecord): void {
    this.#release();
    this.#accept([snapshot], true);
  }

  take(records: readonly JournalRecord[]): void {
    const place = records.findIndex(({ k }) => k === "tick");
    const first = records[place];
    const more = [...records.slice(0, Math.max(0, place)), ...records.slice(place + 1)];
    if (first?.k !== "tick") throw new TypeError("a tick without itself");
    this.#held = this.#held === undefined ? first : mergeTicks(this.#held, first);
    if (more.length === 0 && first.t % KEPT_EVERY_MS !== 0) return;
    this.#release();
    this.#accept(more);
  }

  close(): void {
    this.#release();
    this.#writer.attempt();
    this.#writer.close();
  }

  #release(): void {
    if (this.#held !== undefined) this.#accept([this.#held]);
    this.#held = undefined;
  }

  #accept(records: readonly JournalRecord[], opens = false): void {
    this.#writer.accept(
      records.map((record) => ({ k: record.k, line: JSON.stringify(record), ...(opens && { opens }) })),
    );
    const { t = 0 } = records.at(-1) ?? {};
    if (t - this.#writtenAt < WRITTEN_EVERY_MS) return;
    this.#writtenAt = t;
    this.#writer.attempt();
  }
}

interface Controller {
  readonly world: PlantWorld;
  readonly book: Book;
  observation: Observation;
  memory: Memory;
  leases: Leases;
  alarms: AlarmTable;
}

function snapshotNow(
  { world, observation, alarms }: Controller,
  cause: SnapshotRecord["cause"],
): SnapshotRecord {
  const { model, m } = world;
  return {
    ...{ k: "snapshot", t: plantEpoch(world), m: mono(m), cause, bootId: "boot-3", siteHash: model.hash },
    ...snapshotOf(model, observation, mono(m)),
    ...{ memory: {}, leases: {}, alarms: alarms.open },
  };
}

function tick(control: Controller, samplings: Parameters<typeof observe>[0]["samplings"]): void {
  const { world, book, memory } = control;
  const { model } = world;
  const at = { now: mono(world.m), wall: plantEpoch(world) };
  const seen = observe({ model, before: control.observation, samplings, ...at });
  control.observation = seen.after;
  const state = { ...seen.after, ...at };
  const requests = workshopTold(at.wall);
  const step = decide({ model, state, memory, requests });
  const acted = reconcile({ model, desired: step.desired, leases: control.leases, state, now: at.now });
  control.memory = step.memory;
  control.leases = acted.leases;
  for (const order of acted.orders) if (!isCut(world, order.device)) obey(world, order);
  if (book.full) book.open(snapshotNow(control, "segment"));
  book.take(
    recordsOf({
      ...{ at: { t: at.wall, m: at.now }, requests, step, leases: acted.events },
      tick: tickNews(seen.news, namesOf(model)),
      alarms: control.alarms.update(step.conditions, at.wall),
    }),
  );
}

/** Every device that answers, as it says it: a meter that was replaced counts from where it began. */
function reader(world: PlantWorld, befallen: Befallen) {
  const groups = pollGroups(world.model).map((group) => ({ ...group, read: groupReader(world, group) }));
  return () =>
    groups.flatMap(({ device, read }) => {
      if (isCut(world, device)) return [];
      const samples = read().map((sample) => befallen.asMetered(device, sample));
      return [{ device, at: mono(world.m), samples }];
    });
}

const inDanger = ({ phases }: PlantWorld): boolean => phases.some(({ heat }) => heat > DANGER);

function resume(control: Controller): void {
  const { world, memory } = control;
  control.observation = initialObservation(world.model);
  control.memory = resumeMemory(memory, { now: mono(world.m), continuous: true });
  control.alarms = createAlarms(control.alarms.open);
  control.book.open(snapshotNow(control, "start"));
}

/** Writes the journal; `watch` sees the plant at each full step, whether a controller runs or not. */
export function writeVillageYear(
  options: YearOptions,
  watch: (world: PlantWorld) => void = () => undefined,
): void {
  const { model, dir, seed, start, days } = options;
  const scenario = { ...villageDay(), events: [], weather: weatherOf(seed, start) };
  const world = createPlant({ model, scenario, seed, start: epoch(start) });
  const befallen = befall(world, days);
  const read = reader(world, befallen);
  const control: Controller = {
    ...{ world, book: new Book(dir), leases: {}, alarms: createAlarms() },
    ...{ observation: initialObservation(model), memory: initialMemory(mono(0)) },
  };
  control.book.open(snapshotNow(control, "start"));
  let away = false;
  while (world.m < days * DAY_MS) {
    leap(world, STEP_MS - (world.m % STEP_MS));
    const full = world.m % STEP_MS === 0;
    if (full) {
      watch(world);
      befallen.each();
    }
    if (befallen.controllerIsAway !== away) {
      away = !away;
      if (!away) resume(control);
    }
    if (!away && (full || inDanger(world))) tick(control, read());
  }
  control.book.close();
}
