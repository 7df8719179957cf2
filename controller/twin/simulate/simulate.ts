// One simulated day: the plant, its links and the controller, each advanced in turn by an injected time. Fine steps of
// 200 ms for half a minute after any event, long ones while all is quiet. The same day gives the same trace to the bit.
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { epoch, type Mono, mono } from "@gridwright/contract/units.ts";
import { decide } from "@gridwright/core/decide.ts";
import { reconcile } from "@gridwright/core/leases.ts";
import type { DecideInput, Step } from "@gridwright/core/step.ts";
import { leap } from "../plant/leap.ts";
import { createPlant, step as stepPlant } from "../plant/plant.ts";
import { hashText, mix, randomFrom } from "../plant/random.ts";
import { type PlantWorld, plantEpoch } from "../plant/world.ts";
import { Happenings } from "./befall.ts";
import { SimControl, type Ticked } from "./control.ts";
import { type Day, scenarioOf } from "./day.ts";
import { type Keeper, perfectKeeper } from "./keeper.ts";
import { Liar, type Neighbour } from "./liar.ts";
import { twinOf } from "./miswired.ts";
import { ModbusLine } from "./modbus-line.ts";
import { Plugs } from "./plugs.ts";
import { pollGroups, samplesOf } from "./read-plant.ts";
import type { Tick } from "./tick.ts";
import type { SimLink, Surroundings } from "./wire.ts";

const FINE_MS = 200;
const QUIET_MS = 10_000;
/** Fine steps for so long after any event. */
const EVENT_MS = 30_000;
/** A fast reading asks for a tick of its own where a phase's load moved by this share of the rating, … */
const NEWS = 0.02;
/** … or for so long after a command went out; else the next regular tick takes it. */
const AFTERMATH_MS = 3_000;
/** Load above all of the rating is an event. A step of load by this share since the last tick is none by itself: it is
 * looked at finely until every group that protection hangs on was read twice; what comes of it is an event. */
const FULL = 1;
const JUMP = 0.15;
const JUMP_MS = 5_000;

export interface SimulateOptions {
  readonly model: SiteModel;
  readonly day: Day;
  /** The brain; another one where a planted bug is to be found. */
  readonly brain?: (input: DecideInput) => Step;
  readonly hands?: typeof reconcile;
  readonly keeper?: Keeper;
  /** Called after each tick; what it throws ends the day. */
  readonly watch: (tick: Tick) => void;
  /** Longest step, ms; 10 s unless told. */
  readonly quietMs?: number;
}

export interface Simulated {
  readonly world: PlantWorld;
  /** Fingerprint of everything that was decided and of the plant's course. */
  readonly trace: number;
  readonly ticks: number;
}

interface Stage {
  readonly options: SimulateOptions;
  readonly world: PlantWorld;
  readonly links: ReadonlyMap<string, SimLink>;
  readonly control: SimControl;
  readonly happenings: Happenings;
  busyUntil: number;
  sentAt: number;
  loads: number[];
  trace: number;
  ticks: number;
}

function linksOf(model: SiteModel, around: Surroundings): ReadonlyMap<string, SimLink> {
  const groups = pollGroups(model);
  const devices = Object.values(model.devices);
  return new Map(
    Object.entries(model.site.links).map(([id, link]): [string, SimLink] => {
      const own = devices.filter(({ spec }) => spec.link === id);
      const of = { groups, around };
      // A box reports by itself and counts its leases, as plugs do.
      if (link.kind === "mqtt" || link.kind === "box")
        return [
          id,
          new Plugs(
            model,
            own.map((device) => device.id),
            of,
          ),
        ];
      return [id, new ModbusLine(link, own, of)];
    }),
  );
}

/** What the meter says whose address a meter was given by mistake. */
function neighbourOf(world: PlantWorld, id: string): Neighbour {
  const other = twinOf(world.model, id);
  const own = new Map(pollGroups(world.model).map((one) => [one.group, one]));
  return (group) => {
    const points = own.get(group)?.points;
    return other === undefined || points === undefined ? undefined : samplesOf(world, other, points);
  };
}

function stageOf(options: SimulateOptions): Stage {
  const { model, day, brain = decide, hands = reconcile, keeper = perfectKeeper() } = options;
  const world = createPlant({ model, scenario: scenarioOf(day), seed: day.seed, start: epoch(day.start) });
  const modesOf = (id: string) =>
    day.troubles.flatMap((trouble) =>
      trouble.kind === "device" && trouble.device === id ? [trouble.mode] : [],
    );
  const liars = new Map(
    Object.keys(model.devices).map((id) => [
      id,
      new Liar(id, { seed: day.seed, modes: modesOf(id), neighbour: neighbourOf(world, id) }),
    ]),
  );
  const late: { control?: SimControl } = {};
  const around: Surroundings = {
    world,
    liars,
    random: randomFrom(mix(day.seed, 501)),
    deliver: (arrival) => late.control?.hear(arrival),
  };
  const links = linksOf(model, around);
  const control = new SimControl({ model, links: [...links.values()], brain, hands, keeper }, mono(0));
  late.control = control;
  const happenings = new Happenings(day.troubles, {
    liars,
    links,
    kill: (card) => control.die(card),
    rise: () => control.rise(mono(world.m)),
  });
  return {
    options,
    world,
    links,
    control,
    happenings,
    busyUntil: EVENT_MS,
    sentAt: Number.NEGATIVE_INFINITY,
    loads: [],
    trace: day.seed,
    ticks: 0,
  };
}

const now = ({ world }: Stage): Mono => mono(world.m);

const moved = ({ world, loads }: Stage, share: number): boolean =>
  world.phases.some(
    ({ inverterVa }, place) =>
      Math.abs(inverterVa - (loads[place] ?? inverterVa)) > world.inverter.phaseRating * share,
  );

/** More load than the inverter bears for long. */
const isFull = ({ world: { phases, inverter } }: Stage): boolean =>
  phases.some(({ inverterVa }) => inverterVa > inverter.phaseRating * FULL);

/** How long it is looked at finely for what its load does now, ms; 0: it is calm. */
function stirredFor(stage: Stage): number {
  if (stage.world.inverter.phaseRating <= 0) return 0;
  if (isFull(stage)) return EVENT_MS;
  return moved(stage, JUMP) ? JUMP_MS : 0;
}

function stayBusy(stage: Stage, forMs: number): void {
  if (forMs > 0) stage.busyUntil = Math.max(stage.busyUntil, stage.world.m + forMs);
}

/** Advances the plant to the next instant at which the controller may act. True: quietly, by a long step. */
function advance(stage: Stage): boolean {
  const { world, options, happenings } = stage;
  const quietMs = options.quietMs ?? QUIET_MS;
  if (world.m < stage.busyUntil || world.m % 1_000 !== 0) {
    stepPlant(world, FINE_MS);
    return false;
  }
  const regular = world.m - (world.m % quietMs) + quietMs;
  const until = Math.min(regular, Math.max(world.m + 1_000, Math.floor(happenings.nextAt / 1_000) * 1_000));
  while (world.m < until && stirredFor(stage) === 0) leap(world, until - world.m);
  return true;
}

/** What a watcher of the trace would notice: who was told what, and why. */
function fold(trace: number, { step, acted, state }: Ticked): number {
  let next = mix(trace, state.now);
  for (const { asset, set, rule, reason } of step.decisions)
    next = mix(
      next,
      hashText(`${asset} ${set.kind === "switch" ? set.on : set.share} ${rule} ${reason.code}`),
    );
  for (const { asset, leaseMs } of acted.orders) next = mix(next, hashText(`${asset} ${leaseMs}`));
  return next;
}

function tick(stage: Stage, leapt: boolean): void {
  const { control, happenings, world, options } = stage;
  const { model, watch, brain = decide } = options;
  const requests = happenings.takeRequests();
  const wall = epoch(plantEpoch(world) + happenings.clockMs);
  const ticked = control.tick({ now: now(stage), wall, requests, leapt });
  stage.trace = fold(stage.trace, ticked);
  stage.ticks += 1;
  stage.loads = world.phases.map(({ inverterVa }) => inverterVa);
  const { step, acted } = ticked;
  const modeTurned = step.mode !== ticked.before.mode.mode;
  const sent = acted.events.some(({ event }) => event !== "renewed" && event !== "verified");
  if (sent) stage.sentAt = world.m;
  if (sent || modeTurned || step.decisions.length + requests.length > 0) stayBusy(stage, EVENT_MS);
  watch({ ...ticked, model, world, requests, trust: happenings.trustAt(world.m), brain });
}

/** Runs the day. Throws what its watcher throws. */
export function simulate(options: SimulateOptions): Simulated {
  const stage = stageOf(options);
  const { world, links, control, happenings } = stage;
  const end = options.day.hours * 3_600_000;
  while (world.m < end) {
    const quiet = advance(stage);
    stayBusy(stage, happenings.play(world.m) ? EVENT_MS : stirredFor(stage));
    if (!control.alive) continue;
    for (const link of links.values()) {
      if (quiet) link.sweep(world.m);
      else link.run(world.m);
    }
    const urgent = world.m - stage.sentAt < AFTERMATH_MS || moved(stage, NEWS);
    if (control.isDue(world.m, urgent)) tick(stage, quiet);
  }
  return { world, trace: mix(stage.trace, world.trace), ticks: stage.ticks };
}
