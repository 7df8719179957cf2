// A step of the ladder by charge while the grid carries the site: it spares what the battery would have to give, not what
// the grid carries beside charging it. Loads come back as far as that goes, never before one that is needed more, and
// take turns where it is not enough for all. Without a grid, or blind, the step holds whole (ladder.ts).
import { elapsed, type Mono, minutes, mono } from "@gridwright/contract/units.ts";
import { receivedSteps } from "../fairness/served.ts";
import { type Gain, isCarried } from "../line-room.ts";
import { barred, pendingVa, shed } from "../shed.ts";
import { type Bound, OFF, reason, type Tick } from "../tick.ts";
import type { LoadView } from "../view.ts";
import { finishLeft, levelInputs, type StepInForce, toldBefore, wordsOf } from "./step-in-force.ts";

/** A load that came back has supply for so long before another's turn. */
const TURN = minutes(60);
/** A load that went stays off for so long: supply that comes and goes by the minute helps nobody. */
const REST = minutes(30);
/** A load that came back gives way to one that is needed more no sooner, unless the battery gives. */
const SERVED = minutes(10);

interface Sharing {
  readonly tick: Tick;
  readonly at: StepInForce;
  readonly gain: Gain;
  /** Loads that an earlier step took, and those that this one takes. */
  readonly gone: Set<string>;
  readonly own: readonly LoadView[];
}

/** Since when a load is as it is, on or off, ms ago. */
const lasted = ({ memory, state }: Tick, { plan }: LoadView): number =>
  elapsed(memory.wanted[plan.id]?.since ?? state.now, state.now);

/** Loads that only the ladder keeps off. */
const heldOff = ({ tick, own }: Sharing): readonly LoadView[] =>
  own.filter(
    (load) =>
      !load.wanted &&
      tick.memory.wanted[load.plan.id]?.rule === "ladder" &&
      load.plan.spec.rearm !== "local" &&
      barred(tick, load) === undefined,
  );

/** Of them those that could come back now if the grid had more to give. */
const waiting = ({ tick, gain }: Sharing, off: readonly LoadView[]): readonly LoadView[] =>
  off.filter((load) => lasted(tick, load) >= REST && !isCarried(tick, { gain }, load.plan));

interface Waits {
  readonly off: readonly LoadView[];
  /** The most needed tier of those that wait for the grid's strength. */
  readonly first: number;
}

/** A load that is off waits out its rest, and for the strength to carry it beside all that are needed more and off. */
function staysOff({ tick, gain }: Sharing, load: LoadView, { off, first }: Waits): boolean {
  const { tier } = load.plan.spec;
  if (tier > first || lasted(tick, load) < REST) return true;
  const before = off.filter(({ plan }) => plan.spec.tier < tier);
  const keptW = before.reduce((sum, { plan }) => sum + plan.spec.rating, 0);
  return !isCarried(tick, { gain, freedW: -keptW }, load.plan);
}

/** What is off and may not come back, and what is on and must leave the grid to what is needed more. */
function kept(sharing: Sharing, waits: Waits): readonly LoadView[] {
  const { tick, at, own } = sharing;
  const { now } = tick.state;
  return own.filter((load) => {
    if (!load.wanted) return staysOff(sharing, load, waits);
    const yields = load.plan.spec.tier > waits.first && lasted(tick, load) >= SERVED;
    return yields && barred(tick, load) === undefined && finishLeft(load, at.since, now) === undefined;
  });
}

/** Whose turn is over: of those needed least and served more than one who waits and fits in their place, who was served most. */
function turnOver({ tick, at, gain, own }: Sharing, waits: readonly LoadView[]): LoadView | undefined {
  const received = ({ plan }: LoadView): number => receivedSteps(tick.memory.fair, plan.owner);
  const last = Math.max(...own.filter(({ wanted }) => wanted).map(({ plan }) => plan.spec.tier));
  const yields = (load: LoadView): boolean =>
    load.wanted &&
    load.plan.spec.tier === last &&
    lasted(tick, load) >= TURN &&
    barred(tick, load) === undefined &&
    finishLeft(load, at.since, tick.state.now) === undefined &&
    waits.some(
      (other) =>
        other.plan.spec.tier === load.plan.spec.tier &&
        received(other) < received(load) &&
        isCarried(tick, { gain, freedW: load.total }, other.plan),
    );
  return own.filter(yields).toSorted((a, b) => received(b) - received(a))[0];
}

/** When the batteries' power was measured. */
const measuredAt = ({ layout, state }: Tick): Mono =>
  mono(
    Math.min(
      ...layout.batteries.map(
        ({ points }) => state.points.get(points.battery_current ?? "")?.at ?? state.now,
      ),
    ),
  );

/** Loads that go because the battery does not gain what it must: as many as it takes. */
function relieved({ tick, at, gain, gone, own }: Sharing): readonly Bound[] {
  const { now } = tick.state;
  const loads = own
    .filter((load) => finishLeft(load, at.since, now) === undefined)
    .map(({ plan }) => plan.index);
  const words = wordsOf(tick, at.step);
  const pending = pendingVa(tick, { loads, phase: "all", at: measuredAt(tick), taken: gone });
  return shed(tick, {
    ...{ loads, phase: "all", need: gain.keepsW - gain.nowW - pending, taken: gone },
    ...{ reason: words.why, until: untilCarried(at), inputs: () => levelInputs(tick) },
  }).bounds;
}

const untilCarried = ({ step }: StepInForce): Bound["until"] =>
  reason("until-carried", { aboveRatio: step.restore.value });

/** What the step says while the grid carries the site; `gone` gets what it takes. */
export function carriedBounds(
  tick: Tick,
  at: StepInForce,
  { gain, gone }: Pick<Sharing, "gain" | "gone">,
): readonly Bound[] {
  const own = tick.view.loads.filter(
    ({ plan }) =>
      plan.actuator?.locked === false && plan.spec.tier >= Math.max(1, at.tier) && !gone.has(plan.id),
  );
  const sharing: Sharing = { tick, at, gain, gone, own };
  const held = heldOff(sharing);
  const waits = waiting(sharing, held);
  const first = Math.min(...waits.map(({ plan }) => plan.spec.tier));
  const words = wordsOf(tick, at.step);
  const off = (load: LoadView, why: Bound["reason"]): Bound => {
    gone.add(load.plan.id);
    return {
      ...{ asset: load.plan.id, set: OFF, reason: why, until: untilCarried(at) },
      inputs: levelInputs(tick),
    };
  };
  const stay = kept(sharing, { off: held, first }).map((load) =>
    off(load, toldBefore(tick, load, words.why)),
  );
  const rest = { ...sharing, own: own.filter(({ plan }) => !gone.has(plan.id)) };
  if (gain.meanW < gain.keepsW / 2) return [...stay, ...relieved(rest)];
  const over = turnOver(rest, waits);
  return over === undefined ? stay : [...stay, off(over, reason("ladder-turn", { step: at.step.name }))];
}
