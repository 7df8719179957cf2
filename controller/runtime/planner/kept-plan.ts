// What the planner keeps over restarts: the last good plan, how good its forecast was, and what it still has to be
// judged by. One small file, written whole; an unreadable one counts as none.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import type { Band } from "@gridwright/contract/forecast.ts";
import type { ForecastErrors, SitePlan } from "@gridwright/contract/plan/site-plan.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { judged, judgedChance } from "@gridwright/core/forecast/errors.ts";
import { sumHours } from "@gridwright/core/plan/site/foretold.ts";
import { lastHour, STEP_MS } from "@gridwright/core/plan/site/known.ts";
import type { Past } from "./gather.ts";

/** A forecast is judged by what it said so many hours before. */
const JUDGED_AHEAD = 6;

interface Foretold {
  readonly sun: Band;
  readonly load: Band;
  /** Chance that the grid is there; none: the site has no grid. */
  readonly grid?: number;
}

export interface KeptPlan {
  readonly version: 2;
  readonly plan?: SitePlan;
  readonly errors: ForecastErrors;
  /** By the hour it is of, ms since 1970. */
  readonly pending: Readonly<Record<string, Foretold>>;
}

const NOTHING: KeptPlan = { version: 2, errors: {}, pending: {} };

export function readKept(file: string): KeptPlan {
  try {
    const kept = JSON.parse(readFileSync(file, "utf8")) as KeptPlan;
    return kept.version === 2 ? kept : NOTHING;
  } catch {
    return NOTHING;
  }
}

export function writeKept(file: string, kept: KeptPlan): void {
  writeFileSync(`${file}.new`, JSON.stringify(kept));
  renameSync(`${file}.new`, file);
}

/** Judges every hour that is over by what was foretold of it. */
export function judgePast(kept: KeptPlan, model: SiteModel, past: Past): KeptPlan {
  const { sun, load } = sumHours(model, past);
  const over = past.since + (lastHour(past) + 1) * STEP_MS;
  let errors = kept.errors;
  for (const [hour, foretold] of Object.entries(kept.pending)) {
    const at = Math.round((Number(hour) - past.since) / STEP_MS);
    if (Number(hour) >= over) continue;
    const real = { sun: sun[at], load: load[at], grid: past.grid[at] };
    if (real.sun !== undefined && foretold.sun.high > 0)
      errors = { ...errors, sun: judged(errors.sun, foretold.sun, real.sun) };
    if (real.load !== undefined) errors = { ...errors, load: judged(errors.load, foretold.load, real.load) };
    if (real.grid !== undefined && foretold.grid !== undefined)
      errors = { ...errors, grid: judgedChance(errors.grid, foretold.grid, real.grid) };
  }
  const pending = Object.fromEntries(Object.entries(kept.pending).filter(([hour]) => Number(hour) >= over));
  return { ...kept, errors, pending };
}

/** Keeps a new plan, and what it says of the hour by which it will be judged, unless something was said of it already. */
export function keepPlan(kept: KeptPlan, plan: SitePlan): KeptPlan {
  const step = plan.steps[JUDGED_AHEAD];
  if (step === undefined) return { ...kept, plan };
  const { at, sun, load, gridChance } = step;
  const said: Foretold = { sun, load, ...(gridChance !== null && { grid: gridChance }) };
  return { ...kept, plan, pending: { [at]: said, ...kept.pending } };
}
