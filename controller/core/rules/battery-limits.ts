// The battery's own limits: when it forbids discharge, or allows less than the loads would take without the sun that a
// cloud takes away, load goes first; if the battery switched off, everybody would be dark.
import type { Input } from "@gridwright/contract/decision.ts";
import type { Mono } from "@gridwright/contract/units.ts";
import { elapsed } from "@gridwright/contract/units.ts";
import { batteryFigures, EFFICIENCY } from "../battery.ts";
import type { Budget } from "../memory.ts";
import { batteryNeedW } from "../room.ts";
import { pendingVa, shed } from "../shed.ts";
import { inputOf, NOTHING, type Outcome, type Rule, reason, type Tick } from "../tick.ts";
import { helpless } from "./device-limits.ts";

/** A starting motor is not a shortage: the excess must last this long. */
export const DWELL_MS = 1_000;
const KEY = "battery";

/** The oldest of the measurements that the load was taken from. */
function measuredAt({ layout, balance, state, mode }: Tick): Mono {
  let at = state.now;
  for (const { points } of layout.batteries) {
    const reading = state.points.get(points.battery_current ?? "");
    if (mode === "island-generator" && reading?.quality === "fresh" && reading.at < at) ({ at } = reading);
  }
  for (const { id, phases } of layout.inverters)
    for (const phase of phases) for (const way of balance.loads(id, phase)) if (way.at < at) at = way.at;
  return at;
}

function excessBudget({ memory, state }: Tick, ratio: number): Budget {
  const before = memory.budgets[KEY];
  return {
    used: 0,
    load: ratio,
    at: state.now,
    overSince: ratio > 1 ? (before?.overSince ?? state.now) : null,
  };
}

/** W of loads that can be told apart, all phases. */
const allLoads = ({ layout }: Tick): readonly number[] => layout.loads.map(({ index }) => index);

/** By whom discharging is allowed or not. */
const flagsTold = (tick: Tick): readonly Input[] =>
  [...tick.layout.batteries, ...tick.layout.inverters].flatMap(({ id, points }) =>
    points.discharge_allowed === undefined ? [] : [inputOf(tick, id, "discharge_allowed")],
  );

function shedExcess(tick: Tick, excess: number): Outcome {
  const figures = batteryFigures(tick.layout, tick.state);
  const loads = allLoads(tick);
  const taken = new Set<string>();
  const pending = pendingVa(tick, { loads, phase: "all", at: measuredAt(tick), taken });
  const [battery] = tick.layout.batteries;
  const source = battery?.id ?? "";
  const volts = figures.voltage ?? 0;
  const loadA = volts > 0 ? Math.max(0, batteryNeedW(tick)) / EFFICIENCY / volts : 0;
  const { bounds, left } = shed(tick, {
    loads,
    phase: "all",
    need: excess - pending,
    reason: figures.forbidden
      ? reason("battery-forbids-discharge")
      : reason("battery-current-limit", { limitA: figures.dischargeA ?? 0, loadA }),
    until: reason("until-limit"),
    inputs: () => [
      ...["discharge_current_limit", "battery_voltage", "battery_current"].map((point) =>
        inputOf(tick, source, point),
      ),
      ...flagsTold(tick),
    ],
    taken,
  });
  return { bounds, conditions: left > 0 ? [helpless(source)] : [] };
}

export const batteryLimits: Rule = {
  name: "battery-limits",
  protects: true,
  apply(tick) {
    const { dischargeW } = batteryFigures(tick.layout, tick.state);
    if (dischargeW === undefined || tick.layout.inverters.length === 0) return NOTHING;
    const excess = batteryNeedW(tick) - dischargeW;
    const budget = excessBudget(tick, excess > 0 ? 1 + excess / Math.max(1, dischargeW) : 0);
    const memory = { budgets: { ...tick.memory.budgets, [KEY]: budget } };
    const lasting = budget.overSince !== null && elapsed(budget.overSince, tick.state.now) >= DWELL_MS;
    return lasting ? { ...shedExcess(tick, excess), memory } : { bounds: [], memory };
  },
};
