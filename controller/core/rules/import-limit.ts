// Contract power: when the mean import of the quarter of an hour would end above what was agreed, loads of comfort go,
// the least needed first; tiers 0 and 1 are never cut for money. What is not readable sheds nothing, and gives no room
// to restore either (room.ts). A short peak is what the window is for: the forecast must stay too high for a while.
import { elapsed, seconds } from "@gridwright/contract/units.ts";
import { importW } from "../export-room.ts";
import type { Imported } from "../flow-memory.ts";
import { allowedW, forecastW, metered } from "../import-window.ts";
import type { Layout } from "../layout.ts";
import { pendingVa, shed } from "../shed.ts";
import type { Condition } from "../step.ts";
import { inputOf, type Outcome, type Rule, reason, round, type Tick } from "../tick.ts";
import { flagOf } from "../view.ts";

/** The forecast must be above what was agreed for so long. */
const DWELL_MS = seconds(20);
/** Loads before this tier are not shed for an agreement. */
const TIER_MIN = 2;

type Grid = Layout["grids"][number];

function windowOf({ state, memory }: Tick, grid: Grid, limit: number): Imported {
  const there = flagOf(state, grid.points.grid_present) !== false;
  const before = memory.imported[grid.id];
  const watts = there ? importW(state, grid) : 0;
  const next = metered(before, { now: state.now, watts, limit, window: grid.spec.importWindow });
  const over = next.now !== null && forecastW(next, limit) > limit;
  return { ...next, overSince: over ? (before?.overSince ?? state.now) : null };
}

interface Work {
  readonly taken: Set<string>;
  readonly bounds: Outcome["bounds"][number][];
  readonly conditions: Condition[];
}

function guard(tick: Tick, work: Work, at: { grid: Grid; limit: number; window: Imported }): void {
  const { grid, limit, window } = at;
  const { now } = tick.state;
  if (window.now === null || window.overSince === null || elapsed(window.overSince, now) < DWELL_MS) return;
  const loads = tick.layout.loads.filter(({ spec }) => spec.tier >= TIER_MIN).map(({ index }) => index);
  const measured = tick.state.points.get(grid.meter.totalW ?? grid.meter.power[0] ?? "")?.at ?? now;
  const pending = pendingVa(tick, { loads, phase: "all", at: measured, taken: work.taken });
  const { bounds, left } = shed(tick, {
    loads,
    phase: "all",
    need: window.now - pending - Math.min(limit, allowedW(window, limit)),
    reason: reason("import-forecast", {
      forecastW: round(forecastW(window, limit), 100),
      limitW: limit,
      windowMs: grid.spec.importWindow,
    }),
    inputs: () => [inputOf(tick, grid.id, "power")],
    taken: work.taken,
  });
  work.bounds.push(...bounds);
  if (left > 0)
    work.conditions.push({
      id: `import-over/${grid.id}`,
      severity: "warning",
      reason: reason("alarm-import-over", { forecastW: round(forecastW(window, limit), 100), limitW: limit }),
    });
}

export const importLimit: Rule = {
  name: "import-limit",
  apply(tick): Outcome {
    const work: Work = { taken: new Set(), bounds: [], conditions: [] };
    const imported: Record<string, Imported> = {};
    for (const grid of tick.layout.grids) {
      const { importMax } = grid.spec;
      if (importMax === undefined) continue;
      const window = windowOf(tick, grid, importMax);
      imported[grid.id] = window;
      guard(tick, work, { grid, limit: importMax, window });
    }
    if (Object.keys(imported).length === 0) return { bounds: [] };
    return { bounds: work.bounds, memory: { imported }, conditions: work.conditions };
  },
};
