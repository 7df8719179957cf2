// The local day and how plentiful energy is. A day ends by plant time, set once from the wall clock at its beginning:
// a jump of the clock changes the next day at most, and no day is shorter than half of one.
import { nextMidnight } from "@gridwright/contract/site/zone.ts";
import {
  type Epoch,
  elapsed,
  epoch,
  hours,
  later,
  type Mono,
  millis,
  minutes,
} from "@gridwright/contract/units.ts";
import { batteryFigures } from "../battery.ts";
import type { Tick } from "../tick.ts";
import type { FairMemory, Supply } from "./fair-memory.ts";

type Day = NonNullable<FairMemory["day"]>;

const SHORTEST = hours(12);
const LONGEST = hours(36);

function dayFrom({ model, state }: Pick<Tick, "model" | "state">, begun: Epoch): Day {
  const end = nextMidnight(model.zone, begun);
  const endsWall = end - state.wall < SHORTEST && begun !== state.wall ? nextMidnight(model.zone, end) : end;
  return { endsWall, endsAt: later(state.now, millis(endsWall - state.wall)) };
}

export interface Turn {
  readonly day: Day;
  /** A new day began with this tick. */
  readonly isNew: boolean;
}

/** The day of this tick. After a restart (`endsAt` null) the wall clock says how much of it is left. */
export function dayNow(tick: Pick<Tick, "model" | "state">, before: FairMemory["day"]): Turn {
  const { now, wall } = tick.state;
  if (before === null) return { day: dayFrom(tick, wall), isNew: true };
  if (before.endsAt !== null)
    return now < before.endsAt
      ? { day: before, isNew: false }
      : { day: dayFrom(tick, epoch(wall + 1)), isNew: true };
  const left = before.endsWall - wall;
  if (left <= 0) return { day: dayFrom(tick, wall), isNew: true };
  return { day: { ...before, endsAt: later(now, millis(Math.min(left, LONGEST))) }, isNew: false };
}

/** Between entering a state and leaving it: no flutter at the threshold. */
const BAND = 0.03;

/** Whether energy is scarce or plenty; an unknown charge leaves it as it was. */
export function supplyNow({ model, layout, state }: Tick, before: Supply): Supply {
  const { soc } = batteryFigures(layout, state);
  if (soc === undefined) return before;
  const { surplus, scarcity } = model.site.fairness;
  if (soc > surplus.above - (before === "surplus" ? BAND : 0)) return "surplus";
  if (soc < scarcity.below + (before === "scarcity" ? BAND : 0)) return "scarcity";
  return "normal";
}

/** How many times as wide allowance and limit are in a state of supply. */
export const factorOf = ({ model }: Pick<Tick, "model">, supply: Supply): number =>
  supply === "normal" ? 1 : model.site.fairness[supply].factor;

const TREND_OVER = minutes(15);

/** The mean of what batteries give, with this tick's power; null where it cannot be read and was not lately. */
export function trendNow({ layout, state }: Tick, before: FairMemory["trend"]): FairMemory["trend"] {
  const { givesW } = batteryFigures(layout, state);
  const { now } = state;
  if (givesW === undefined) return before !== null && elapsed(before.at, now) < TREND_OVER ? before : null;
  if (before === null) return { at: now, watts: givesW };
  const kept = Math.exp(-Math.max(0, elapsed(before.at, now)) / TREND_OVER);
  return { at: now, watts: Math.round(before.watts * kept + givesW * (1 - kept)) };
}

/** ms until the charge falls to `soc` if it goes on as lately; Infinity: it does not fall; undefined: not known. */
export function fallsTo(tick: Tick, target: number): number | undefined {
  const { soc } = batteryFigures(tick.layout, tick.state);
  const { trend } = tick.memory.fair;
  if (soc === undefined || trend === null) return undefined;
  if (soc <= target) return 0;
  const capacity = tick.layout.batteries.reduce((sum, { spec }) => sum + spec.capacity, 0);
  return trend.watts <= 0
    ? Number.POSITIVE_INFINITY
    : (((soc - target) * capacity) / trend.watts) * 3_600_000;
}

export const leftOf = (day: FairMemory["day"], now: Mono): number =>
  day?.endsAt === null || day === null ? 0 : Math.max(0, elapsed(now, day.endsAt));
