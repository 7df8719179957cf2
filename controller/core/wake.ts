// When something becomes due though nothing new is read: the soonest of the timers that decide knows of.
import { later, type Mono, millis, mono } from "@gridwright/contract/units.ts";
import { turnLeft } from "./gate.ts";
import type { Budget } from "./memory.ts";
import { DEAD_AFTER_MS, SET_AFTER_MS } from "./mode.ts";
import { returnAfterOf } from "./mode-signs.ts";
import { DWELL_MS } from "./rules/battery-limits.ts";
import { ABSORB_FOR } from "./rules/export-limit.ts";
import { STAGE_MS } from "./shed.ts";
import { type Curve, useRate } from "./thermal.ts";
import { isOff, type Tick } from "./tick.ts";

/** Never asked more often than this by its own wish. */
const SOONEST_MS = 20;

/** When a budget in use reaches the point of shedding. */
function spent(budget: Budget, curve: Curve, limit: number): number {
  const rate = useRate(curve, budget.load);
  return rate > 0 && budget.used < limit ? budget.at + (limit - budget.used) / rate : Infinity;
}

function budgetTimes({ layout, memory, model }: Tick): number[] {
  const { shedAtBudget } = model.site.control;
  const dwell = memory.budgets.battery?.overSince;
  return [
    ...layout.inverters.flatMap(({ id, phases }) =>
      phases.map((phase) => {
        const budget = memory.budgets[`${id}/${phase}`];
        return budget === undefined ? Infinity : spent(budget, layout.curve.get(id) ?? [], shedAtBudget);
      }),
    ),
    dwell === undefined || dwell === null ? Infinity : dwell + DWELL_MS,
  ];
}

/** When what is seen of the bus has lasted long enough to be believed. */
const modeTimes = ({ layout, memory: { mode } }: Tick): number[] => [
  (mode.deadSince ?? Infinity) + DEAD_AFTER_MS,
  (mode.gridSince ?? Infinity) + returnAfterOf(layout),
  (mode.setSince ?? Infinity) + SET_AFTER_MS,
];

/** When a phase of a set ends by itself, and its least run and rest. */
const setTimes = ({ layout, memory }: Tick): number[] =>
  layout.generators.flatMap(({ id, spec }) => {
    const state = memory.generators[id]?.state;
    if (state === undefined) return [];
    const { startTime, warmUp, crankPause, coolDown, retryAfter } = spec;
    const lasting = [startTime, startTime + warmUp, crankPause, warmUp, coolDown, retryAfter];
    return [
      ...lasting.map((ms) => state.since + ms),
      (state.startedAt ?? Infinity) + spec.minRun,
      (state.stoppedAt ?? Infinity) + spec.minStop,
    ];
  });

/** When the next turn comes and when what went off must show; nothing while everything is on. */
function waitingTimes(tick: Tick): number[] {
  const { now } = tick.state;
  let waits = false;
  let stage = Infinity;
  for (const { asset } of tick.layout.actuators) {
    const wanted = tick.memory.wanted[asset];
    if (wanted === undefined || !isOff(wanted.set)) continue;
    waits = true;
    const shows = wanted.since + STAGE_MS;
    if (shows > now && shows < stage) stage = shows;
  }
  return waits ? [now + turnLeft(tick), stage] : [];
}

/** Plant time of the soonest timer, at least 20 ms away; infinite: none runs. Whoever asks decide does so each `control.tick` anyway. */
export function wakeAt(tick: Tick): Mono {
  const { memory, state, model } = tick;
  const { now } = state;
  const { control } = model.site;
  const times = [
    memory.startedAt + control.startHold,
    ...budgetTimes(tick),
    ...modeTimes(tick),
    ...setTimes(tick),
    ...waitingTimes(tick),
    ...Object.values(memory.overrides).map(({ until }) => until),
    ...[memory.wishes, memory.caps, memory.tiers, memory.steers].flatMap((asked) =>
      Object.values(asked).map(({ expiresAt }) => expiresAt),
    ),
    ...Object.values(memory.curtailed).map(({ until }) => until),
    ...Object.values(memory.exporting).map((since) => since + ABSORB_FOR),
  ];
  const next = Math.min(...times.filter((at) => at > now));
  const soonest = later(now, millis(SOONEST_MS));
  return next < soonest ? soonest : mono(next);
}
