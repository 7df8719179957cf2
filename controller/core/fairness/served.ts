// Who was served how much: energy that loads took, and what those that were off would have taken, by their own habit at
// that hour or, until it is known, their rating and duty. That is an estimate, is told as one, and chooses nobody.
import { localHour } from "@gridwright/contract/site/zone.ts";
import { elapsed, minutes } from "@gridwright/contract/units.ts";
import type { LoadPlan, NodePlan } from "../layout.ts";
import type { Tick } from "../tick.ts";
import { type LoadView, meterW } from "../view.ts";
import type { FairMemory, Habit, Tally } from "./fair-memory.ts";
import { isShed } from "./owners.ts";

const HOURS = 24;
/** Days over which habits and past energy are kept in mind. */
const DAYS = 7;
const SUN_DAYS = 3;
/** An hour in which it had supply for less than this says nothing of its habit. */
const SUPPLIED_MIN = minutes(30);
const HOUR_MS = 3_600_000;
/** Power is taken to have been as it is now for no longer than this. */
const STEP_MAX = minutes(1);

const NO_HABIT = (hour: number): Habit => ({
  meanW: new Array<number>(HOURS).fill(-1),
  days: new Array<number>(HOURS).fill(0),
  hour,
  sumWh: 0,
  suppliedMs: 0,
});

export const NO_TALLY: Tally = { servedWh: 0, demandedWh: 0, lostWh: [0, 0, 0, 0, 0], offMs: 0 };

/** The habit with the hour that ended in its means, which look back over so many days. */
function closed(habit: Habit, hour: number, most: number): Habit {
  if (habit.suppliedMs < SUPPLIED_MIN) return { ...habit, hour, sumWh: 0, suppliedMs: 0 };
  const seen = (habit.sumWh * HOUR_MS) / habit.suppliedMs;
  const days = Math.min(most, (habit.days[habit.hour] ?? 0) + 1);
  const before = habit.meanW[habit.hour] ?? -1;
  const mean = before < 0 ? seen : before + (seen - before) / days;
  return {
    meanW: habit.meanW.with(habit.hour, Math.round(mean)),
    days: habit.days.with(habit.hour, days),
    ...{ hour, sumWh: 0, suppliedMs: 0 },
  };
}

/** W that a load takes at an hour of the local day: its habit, else its rating times its duty. */
export function usualW({ spec }: Pick<LoadPlan, "spec">, habit: Habit | undefined, hour: number): number {
  const mean = habit?.meanW[hour] ?? -1;
  return mean < 0 ? spec.rating * spec.duty : mean;
}

/** W that a load would take now. */
export const demandW = ({ plan }: LoadView, habit: Habit | undefined): number =>
  usualW(plan, habit, habit?.hour ?? -1);

interface Sheet {
  readonly today: Record<string, Tally>;
  readonly habits: Record<string, Habit>;
  readonly hour: number;
  readonly ms: number;
}

const goesWithout = ({ mode, memory }: Tick, { plan }: LoadView): boolean =>
  mode === "dead-bus" || isShed(memory.wanted[plan.id]);

function add(sheet: Sheet, load: LoadView, part: { servedWh: number; lostWh: number }): void {
  const { owner, spec } = load.plan;
  const before = sheet.today[owner] ?? NO_TALLY;
  const { servedWh, lostWh } = part;
  sheet.today[owner] = {
    servedWh: before.servedWh + servedWh,
    demandedWh: before.demandedWh + servedWh + lostWh,
    lostWh:
      lostWh === 0 ? before.lostWh : before.lostWh.with(spec.tier, (before.lostWh[spec.tier] ?? 0) + lostWh),
    offMs: before.offMs + (lostWh > 0 ? sheet.ms : 0),
  };
}

/** What is remembered of an asset's habit, with `hour` as the one that runs. */
function habitAt({ habits, hour }: Sheet, id: string, most: number): Habit {
  const known = habits[id] ?? NO_HABIT(hour);
  return known.hour === hour ? known : closed(known, hour, most);
}

const supplied = (habit: Habit, wh: number, ms: number): Habit => ({
  ...habit,
  sumWh: habit.sumWh + wh,
  suppliedMs: habit.suppliedMs + ms,
});

function addLoad(tick: Tick, sheet: Sheet, load: LoadView): void {
  const { id } = load.plan;
  const habit = habitAt(sheet, id, DAYS);
  sheet.habits[id] = habit;
  const hours = sheet.ms / HOUR_MS;
  const watts = load.measured ? load.total : demandW(load, habit);
  if (goesWithout(tick, load)) add(sheet, load, { servedWh: 0, lostWh: demandW(load, habit) * hours });
  else if (load.reported ?? load.wanted) {
    add(sheet, load, { servedWh: watts * hours, lostWh: 0 });
    if (load.measured) sheet.habits[id] = supplied(habit, watts * hours, sheet.ms);
  }
}

/** What the sun brings, over the last few days: a low is believed sooner than a habit changes. */
function addSun({ mode, state }: Tick, sheet: Sheet, sun: NodePlan): void {
  const habit = habitAt(sheet, sun.id, SUN_DAYS);
  const watts = mode === "dead-bus" ? undefined : meterW(state, sun);
  const wh = (Math.max(0, watts ?? 0) * sheet.ms) / HOUR_MS;
  sheet.habits[sun.id] = watts === undefined ? habit : supplied(habit, wh, sheet.ms);
}

const faded = (tally: Tally): Tally => {
  const kept = (DAYS - 1) / DAYS;
  return {
    servedWh: tally.servedWh * kept,
    demandedWh: tally.demandedWh * kept,
    lostWh: tally.lostWh.map((wh) => wh * kept),
    offMs: tally.offMs * kept,
  };
};

export const summed = (a: Tally, b: Tally): Tally => ({
  servedWh: a.servedWh + b.servedWh,
  demandedWh: a.demandedWh + b.demandedWh,
  lostWh: a.lostWh.map((wh, tier) => wh + (b.lostWh[tier] ?? 0)),
  offMs: a.offMs + b.offMs,
});

type Served = Pick<FairMemory, "today" | "past" | "habits">;

/** The days before, when one more has ended. */
function turned({ today, past }: Served): Served["past"] {
  const owners = new Set([...Object.keys(today), ...Object.keys(past)]);
  return Object.fromEntries(
    [...owners].map((owner) => [owner, faded(summed(today[owner] ?? NO_TALLY, past[owner] ?? NO_TALLY))]),
  );
}

/** Energies and habits after this step; `isNewDay`: local midnight has passed. */
export function servedNow(tick: Tick, before: FairMemory, isNewDay: boolean): Served {
  const { state, view, model } = tick;
  const sheet: Sheet = {
    today: isNewDay ? {} : { ...before.today },
    habits: { ...before.habits },
    hour: localHour(model.zone, state.wall),
    ms: Math.min(STEP_MAX, Math.max(0, elapsed(before.at, state.now))),
  };
  for (const load of view.loads) addLoad(tick, sheet, load);
  for (const sun of tick.layout.suns) addSun(tick, sheet, sun);
  return { today: sheet.today, habits: sheet.habits, past: isNewDay ? turned(before) : before.past };
}

/** Energies that differ by less are equal, Wh. */
const EQUAL_WH = 500;

/** What an owner was served in the last days, today with them, in steps. Measured, never an estimate of what it missed. */
export const receivedSteps = ({ today, past }: Pick<FairMemory, "today" | "past">, owner: string): number =>
  Math.floor(((today[owner]?.servedWh ?? 0) + (past[owner]?.servedWh ?? 0)) / EQUAL_WH);
