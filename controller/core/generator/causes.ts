// Why a set should run now, the weightiest cause first: a person, a black-out, the ladder, much load, the plan's word
// on energy ahead, its test run, its own silence. And what forbids it. Says nothing of how it is started.
import type { Reason } from "@gridwright/contract/decision.ts";
import type { AssetOf } from "@gridwright/contract/site/assets.ts";
import type { LadderStep } from "@gridwright/contract/site/site.ts";
import { elapsed } from "@gridwright/contract/units.ts";
import { batteryFigures } from "../battery.ts";
import type { NodePlan } from "../layout.ts";
import { minuteOf, minuteOfDay, within } from "../local-time.ts";
import { batteryGone } from "../mode-conditions.ts";
import { levelWords } from "../rules/level-words.ts";
import { levelOf, levelsOf } from "../rungs.ts";
import { coarse, reason, type Tick, wholePercent } from "../tick.ts";
import { inAuto, isLost, isOutOfFuel } from "./feedback.ts";
import type { SetRecord } from "./record.ts";

export type Generator = NodePlan<AssetOf<"generator">>;

export interface Cause {
  readonly why: Reason;
  readonly until: Reason;
  /** It may break quiet hours: a person asks, or tiers 0 and 1 are at risk. */
  readonly loud: boolean;
}

/** Charge above the cut-out below which what is needed most is at risk. */
const RISK_MARGIN = 0.1;
/** A step that sheds this tier leaves only what is needed most. */
const LAST_TIERS = 2;
/** A test may begin for so long after its time of day. */
const TEST_WINDOW_MIN = 60;

/** Tiers 0 and 1 are at risk: little charge, or only they are left. */
export function mostNeededAtRisk(tick: Tick): boolean {
  const { soc } = batteryFigures(tick.layout, tick.state);
  const cutOut = Math.max(0, ...tick.layout.batteries.map(({ spec }) => spec.socMin));
  if (tick.mode === "dead-bus" || (soc !== undefined && soc < cutOut + RISK_MARGIN)) return true;
  return tick.model.site.ladder.some(
    (step, place) => "shed" in step && step.shed <= LAST_TIERS && tick.memory.ladder[place] !== undefined,
  );
}

function wish({ memory, state }: Tick, { id }: Generator, planner: boolean) {
  const asked = memory.wishes[id];
  const lasts = asked !== undefined && asked.expiresAt > state.now;
  return lasts && (asked.role === "planner") === planner ? asked : undefined;
}

function byWish(tick: Tick, node: Generator, planner: boolean): Cause | undefined {
  const asked = wish(tick, node, planner);
  if (asked?.on !== true) return undefined;
  const { issuer, why, expiresAt } = asked;
  return {
    why: planner ? reason("generator-forecast", { why }) : reason("generator-requested", { issuer, why }),
    until: reason("until-request-ends", { leftMs: coarse(expiresAt - tick.state.now) }),
    loud: !planner,
  };
}

function byDeadBus(tick: Tick): Cause | undefined {
  return tick.mode === "dead-bus" && batteryGone(tick)
    ? { why: reason("generator-dead-bus"), until: reason("until-power"), loud: true }
    : undefined;
}

const begins = (step: LadderStep, level: number): Reason => {
  const { below } = step;
  if (below.by === "hours") return levelWords(step, level);
  return below.by === "soc"
    ? reason("generator-start", { socRatio: wholePercent(level), belowRatio: below.value })
    : reason("generator-start-voltage", { voltageV: level, belowV: below.value });
};

function stops({ restore }: LadderStep): Reason {
  if (restore.by === "soc") return reason("until-stops-soc", { aboveRatio: restore.value });
  return restore.by === "voltage"
    ? reason("until-stops-voltage", { aboveV: restore.value })
    : reason("until-stops-hours", { aboveMs: restore.value * 3_600_000 });
}

function byLadder(tick: Tick, { id }: Generator): Cause | undefined {
  const step = tick.model.site.ladder.find(
    (one, place) => "start" in one && one.start === id && tick.memory.ladder[place] !== undefined,
  );
  if (step === undefined) return undefined;
  const level = levelOf(step, levelsOf(tick));
  const until = stops(step);
  const loud = mostNeededAtRisk(tick);
  if (level === undefined) return { why: reason("ladder-blind", { step: step.name }), until, loud };
  return { why: level < step.below.value ? begins(step, level) : levelWords(step, level), until, loud };
}

function byLoad(tick: Tick, { spec }: Generator, { load }: SetRecord): Cause | undefined {
  if (spec.loadStart === undefined || !load.active) return undefined;
  const { above, for: forMs } = spec.loadStart;
  return {
    why: reason("generator-load", { loadRatio: above, forMs }),
    until: reason("until-load-falls"),
    loud: mostNeededAtRisk(tick),
  };
}

/** A test that has begun goes on for its time; another is due at its time of day, long after the last long run. */
function byTest({ model, state }: Tick, { spec }: Generator, record: SetRecord): Cause | undefined {
  const { testRun } = spec;
  if (testRun === undefined) return undefined;
  const { startedAt } = record.state;
  const under = record.why?.code === "generator-test" && startedAt !== null;
  const minute = minuteOfDay(model.zone, state.wall);
  const late = minute === undefined ? -1 : (minute - minuteOf(testRun.at) + 1_440) % 1_440;
  const due = late >= 0 && late < TEST_WINDOW_MIN && state.wall - record.ranWall >= testRun.every;
  const left = under ? testRun.for - elapsed(startedAt, state.now) : testRun.for;
  if ((!under && !due) || left <= 0) return undefined;
  return {
    why: reason("generator-test"),
    until: reason("until-request-ends", { leftMs: coarse(left) }),
    loud: false,
  };
}

function bySilence(tick: Tick, { spec }: Generator, { lost }: SetRecord): Cause | undefined {
  return spec.onMeterLoss === "start" && isLost(lost.at, tick.state.now)
    ? { why: reason("generator-meter-lost"), until: reason("until-seen"), loud: true }
    : undefined;
}

/** What a person's «off» silences, unless what is needed most is at risk. */
function byItself(tick: Tick, node: Generator, record: SetRecord): Cause | undefined {
  const found =
    byLadder(tick, node) ??
    byLoad(tick, node, record) ??
    byWish(tick, node, true) ??
    byTest(tick, node, record) ??
    bySilence(tick, node, record);
  const silenced = wish(tick, node, false)?.on === false && found?.loud === false;
  return silenced ? undefined : found;
}

/** Why it should run; undefined: nothing asks for it. */
export const causeOf = (tick: Tick, node: Generator, record: SetRecord): Cause | undefined =>
  byWish(tick, node, false) ?? byDeadBus(tick) ?? byItself(tick, node, record);

/** What forbids a set that is asked for, and what ends that; undefined: nothing. */
export interface Bar {
  readonly why: Reason;
  readonly until: Reason;
}

function quietBar({ model, state }: Tick, { spec }: Generator): Bar | undefined {
  const minute = minuteOfDay(model.zone, state.wall);
  const isQuiet =
    spec.quiet !== undefined && minute !== undefined && within(minute, spec.quiet.from, spec.quiet.to);
  return isQuiet ? { why: reason("generator-quiet"), until: reason("until-morning") } : undefined;
}

/** Whether the public grid carries the bus, or is about to, and this cause does not pass that. */
const gridBars = ({ mode }: Tick, { spec }: Generator, { why }: Cause): boolean =>
  (mode === "on-grid" || mode === "returning") &&
  !(why.code === "generator-test" && spec.testRun?.onGrid === true);

export function barOf(tick: Tick, node: Generator, at: { cause: Cause; record: SetRecord }): Bar | undefined {
  const { cause, record } = at;
  const { state } = tick;
  if (gridBars(tick, node, cause)) return { why: reason("generator-on-grid"), until: reason("until-starts") };
  if (inAuto(state, node) === false)
    return { why: reason("generator-not-auto"), until: reason("until-auto") };
  if (isOutOfFuel(state, node)) return { why: reason("generator-no-fuel"), until: reason("until-fuelled") };
  const lost = node.spec.onMeterLoss === "stop" && isLost(record.lost.at, state.now);
  if (lost) return { why: reason("generator-meter-lost-stop"), until: reason("until-seen") };
  return cause.loud ? undefined : quietBar(tick, node);
}
