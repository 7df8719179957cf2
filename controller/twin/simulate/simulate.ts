// One simulated day: the plant, its links and the controller, each advanced in turn by an injected time. Fine steps of
// 200 ms for half a minute after any event, long ones while all is quiet. The same day gives the same trace to the bit.
import type { Request } from "@gridwright/contract/request.ts";
import { epoch, type Mono, mono } from "@gridwright/contract/units.ts";
import { decide } from "@gridwright/core/decide.ts";
import type { LeaseEvent } from "@gridwright/core/leases.ts";
import { phaseScale, tryLeap } from "../plant/leap.ts";
import { step as stepPlant } from "../plant/plant.ts";
import { hashText, mix } from "../plant/random.ts";
import { type PlantWorld, plantEpoch } from "../plant/world.ts";
import type { Ticked } from "./control.ts";
import { EVENT_MS, type SimulateOptions, type Stage, stageOf } from "./stage.ts";

const FINE_MS = 200;
const QUIET_MS = 10_000;
/** A fast reading asks for a tick of its own where a phase's load moved by this share of the rating, … */
const NEWS = 0.02;
/** … or for so long after a command went out; else the next regular tick takes it. */
const AFTERMATH_MS = 3_000;
/** Load above all of the rating is an event. A step of load by this share since the last tick is none by itself: it is
 * looked at finely until every group that protection hangs on was read twice; what comes of it is an event. */
const FULL = 1;
const JUMP = 0.15;
const JUMP_MS = 5_000;
const OVERDRAWN_W = 100;
const OVERFED_W = 100;
/** Load above the rating that lasts longer, as all noon long from the sun, is looked at in steps of 10 s. */
const FULL_MS = 60_000;
/** Commands to a device that says it was not told, or speaks nonsense, are looked at finely so often. */
const RETRY_EVERY_MS = 30_000;

export interface Simulated {
  readonly world: PlantWorld;
  /** Fingerprint of everything that was decided and of the plant's course. */
  readonly trace: number;
  readonly ticks: number;
}

const now = ({ world }: Stage): Mono => mono(world.m);
const busyMs = ({ options }: Stage): number => options.busyMs ?? EVENT_MS;

/** VA of each phase at what bears it: the inverter, else the line. */
const borneVa = ({ phases, inverter }: PlantWorld): number[] =>
  phases.map(({ inverterVa, acInW, loadVar }) =>
    inverter.phaseRating > 0 ? inverterVa : Math.hypot(acInW, loadVar),
  );

const moved = ({ world, loads }: Stage, share: number): boolean =>
  borneVa(world).some((va, place) => Math.abs(va - (loads[place] ?? va)) > phaseScale(world) * share);

/** Clearly more flows to the grid than was agreed. */
const overfeeds = ({ grid, phases }: PlantWorld): boolean =>
  grid.accepted && phases.reduce((sum, { acInW }) => sum - acInW - grid.exportW, 0) > OVERFED_W;

/** More load than the inverter bears for long. */
const isFull = ({ world: { phases, inverter } }: Stage): boolean =>
  inverter.phaseRating > 0 && phases.some(({ inverterVa }) => inverterVa > inverter.phaseRating * FULL);

/** A battery gives clearly more than it allows now. */
const overdraws = ({ battery: { powerW, voltage, dischargeLimit }, packs }: PlantWorld): boolean =>
  packs.length === 0 && powerW > dischargeLimit * voltage + OVERDRAWN_W;

/** What carries the bus, and whether it lives. */
const sourcesNow = ({ grid, busAlive, inverter, generator }: PlantWorld): string =>
  `${grid.accepted} ${busAlive} ${inverter.state} ${generator.state}`;

/** Since when it is full is noted at each look. */
function noteFull(stage: Stage): void {
  stage.fullSince = isFull(stage) ? (stage.fullSince ?? stage.world.m) : undefined;
}

/** How long it is looked at finely for what its load does now, ms; 0: it is calm. */
function stirredFor(stage: Stage): number {
  const { world } = stage;
  if (stage.fullSince !== undefined && world.m - stage.fullSince < FULL_MS) return busyMs(stage);
  if (stage.sources !== sourcesNow(world)) return busyMs(stage);
  const begins = !stage.overfed && overfeeds(world);
  return moved(stage, JUMP) || overdraws(world) || begins ? JUMP_MS : 0;
}

function stayBusy(stage: Stage, forMs: number): void {
  if (forMs > 0) stage.busyUntil = Math.max(stage.busyUntil, stage.world.m + forMs);
}

/** One second in fine steps, to the moment at which more is carried than the inverter bears: a motor's start is seen in it. */
function stepASecond(stage: Stage): void {
  const { world } = stage;
  const end = world.m + 1_000;
  do stepPlant(world, FINE_MS);
  while (world.m < end && !isFull(stage));
}

/** Advances the plant to the next instant at which the controller may act. True: quietly, by a long step. */
function advance(stage: Stage): boolean {
  const { world, options, happenings, control } = stage;
  if (world.m < stage.busyUntil || world.m % 1_000 !== 0) {
    stepPlant(world, FINE_MS);
    return false;
  }
  const { quietMs: most = QUIET_MS } = options;
  const quietMs = stage.fullSince === undefined ? most : Math.min(most, QUIET_MS);
  const regular = world.m - (world.m % quietMs) + quietMs;
  const next = Math.min(Math.floor(happenings.nextAt / 1_000), Math.ceil(control.timerAt / 1_000)) * 1_000;
  const until = Math.min(regular, Math.max(world.m + 1_000, next));
  while (world.m < until) {
    noteFull(stage);
    if (stirredFor(stage) > 0) break;
    if (!tryLeap(world, until - world.m)) stepASecond(stage);
  }
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

/** What is told again, for want of an answer or because a device says something else, was decided earlier. */
const isNews = ({ event }: LeaseEvent): boolean => event === "override" || event === "failed";

function lookAgain(stage: Stage): void {
  if (stage.world.m - stage.retriedAt < RETRY_EVERY_MS) return;
  stage.retriedAt = stage.world.m;
  stayBusy(stage, JUMP_MS);
}

function tick(stage: Stage, leapt: boolean): void {
  const { control, happenings, world, options } = stage;
  const { model, watch, brain = decide } = options;
  const requests = happenings.takeRequests();
  const wall = epoch(plantEpoch(world) + happenings.clockMs);
  const ticked = control.tick({ now: now(stage), wall, requests, leapt });
  stage.trace = fold(stage.trace, ticked);
  stage.ticks += 1;
  stage.loads = borneVa(world);
  stage.overfed = overfeeds(world);
  stage.sources = sourcesNow(world);
  const { step, acted } = ticked;
  const modeTurned = step.mode !== ticked.before.mode.mode;
  const sent = acted.events.filter(({ event }) => event !== "renewed" && event !== "verified");
  const isEvent = modeTurned || step.decisions.length + requests.length > 0;
  if (isEvent && sent.length > 0) stage.sentAt = world.m;
  if (isEvent || sent.some(isNews)) stayBusy(stage, busyMs(stage));
  else if (sent.length > 0) lookAgain(stage);
  watch({ ...ticked, model, world, requests, trust: happenings.trustAt(world.m), brain });
}

/** Advances to the next instant at which anything may happen, and lets the controller tick where it is due. */
function turn(stage: Stage): void {
  const { world, links, control, happenings } = stage;
  const quiet = advance(stage);
  const befell = happenings.play(world.m);
  if (!befell) noteFull(stage);
  stayBusy(stage, befell ? busyMs(stage) : stirredFor(stage));
  if (!control.alive) return;
  for (const link of links.values()) {
    if (quiet) link.sweep(world.m);
    else link.run(world.m);
  }
  const urgent = world.m - stage.sentAt < AFTERMATH_MS || moved(stage, NEWS);
  if (!control.isDue(world.m, urgent)) return;
  tick(stage, quiet);
  if (!quiet || world.m < stage.busyUntil) return;
  for (const link of links.values()) link.carryOut(world.m);
  if (control.hasFailed) lookAgain(stage);
}

/** A day that its owner moves on. */
export interface RunningDay {
  readonly world: PlantWorld;
  readonly isOver: boolean;
  /** At most 10 s of plant time further. Throws what the watcher throws. */
  step(): void;
  /** Weighed at the next tick, which comes within a second. */
  ask(request: Request): void;
  result(): Simulated;
}

/** The day before its first step. What is not asked from outside is the same as in `simulate`, to the bit. */
export function beginDay(options: SimulateOptions): RunningDay {
  const stage = stageOf(options);
  const { world, happenings } = stage;
  const end = options.day.hours * 3_600_000;
  return {
    world,
    get isOver() {
      return world.m >= end;
    },
    step: () => turn(stage),
    ask(request) {
      happenings.ask(request);
      stayBusy(stage, busyMs(stage));
    },
    result: () => ({ world, trace: mix(stage.trace, world.trace), ticks: stage.ticks }),
  };
}

/** Runs the day. Throws what its watcher throws. */
export function simulate(options: SimulateOptions): Simulated {
  const day = beginDay(options);
  while (!day.isOver) day.step();
  return day.result();
}
