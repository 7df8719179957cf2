// The plan of a site from what is known of it: foretold, solved, and read as hours for people and as wishes for the
// brain. A plan asks only for what its present hour leaves off, and only once it has seen three days.
import type { SolveLimits, Solver } from "@gridwright/contract/plan/program.ts";
import type {
  PlannedJob,
  PlanWish,
  SitePlan,
  SitePlanStep,
  SurplusWindow,
} from "@gridwright/contract/plan/site-plan.ts";
import { epoch } from "@gridwright/contract/units.ts";
import type { Horizon } from "../horizon.ts";
import { type Plan, planHorizon } from "../solve.ts";
import { type Foretold, foretell, historyDays, NO_BAND, sumApart } from "./foretold.ts";
import { beginOf, type KnownSite, STEP_MS } from "./known.ts";
import { mayLeaveOff, problemOf } from "./problem.ts";
import { plannedStores, storesOf, storeWishes } from "./stores.ts";

const HISTORY_DAYS_MIN = 3;
/** A group of loads is left off when this much of it is not served. */
const LEFT_OFF = 0.5;
/** Sun to spare is worth telling from this on, as a share of all arrays' rating, and so many windows are told. */
const SPARE_SHARE = 0.08;
const WINDOWS_MAX = 4;

interface Solved {
  readonly site: KnownSite;
  readonly foretold: Foretold;
  readonly horizon: Horizon;
  readonly plan: Plan;
}

const sum = (values: Iterable<number>): number => [...values].reduce((all, value) => all + value, 0);
const startOf = (site: KnownSite, step: number) => epoch(beginOf(site) + step * STEP_MS);

function unservedByTier({ horizon, plan }: Solved, step: number): Record<string, number> {
  const tiers: Record<string, number> = {};
  for (const { spec } of horizon.loads) {
    const watts = plan.steps[step]?.unservedW[spec.id] ?? 0;
    if (watts > 1) tiers[spec.tier] = (tiers[spec.tier] ?? 0) + watts;
  }
  return tiers;
}

function stepsOf(solved: Solved): SitePlanStep[] {
  const { site, foretold, horizon, plan } = solved;
  const load = sumApart(foretold.loads.map(({ bands }) => bands));
  const capacity = sum(horizon.batteries.map(({ spec }) => spec.capacityWh));
  return plan.steps.map((flow, step): SitePlanStep => {
    const held = sum(horizon.batteries.map(({ spec }) => (flow.soc[spec.id] ?? 0) * spec.capacityWh));
    return {
      at: startOf(site, step),
      sun: foretold.sun[step] ?? NO_BAND,
      load: load[step] ?? NO_BAND,
      gridChance: foretold.grid?.[step] ?? null,
      soc: capacity > 0 ? held / capacity : null,
      generatorW: sum(Object.values(flow.generatorW)),
      importW: flow.importW,
      jobW: flow.jobW,
      spareW: flow.curtailedW + flow.exportW,
      unservedW: unservedByTier(solved, step),
    };
  });
}

/** Hours in a row with sun to spare, the earliest first. */
export function surplusWindows(steps: readonly SitePlanStep[], least: number): SurplusWindow[] {
  const windows: SurplusWindow[] = [];
  for (const { at, spareW } of steps) {
    if (spareW < least) continue;
    const last = windows.at(-1);
    const to = epoch(at + STEP_MS);
    if (last?.to !== at) windows.push({ from: at, to, powerW: spareW });
    else {
      const before = (last.to - last.from) / STEP_MS;
      windows[windows.length - 1] = { ...last, to, powerW: (last.powerW * before + spareW) / (before + 1) };
    }
  }
  return windows.slice(0, WINDOWS_MAX);
}

function wishesOf({ site, foretold, horizon, plan }: Solved): PlanWish[] {
  const [first] = plan.steps;
  if (first === undefined) return [];
  const without = new Set(
    horizon.loads
      .filter(({ spec, powerW }) => (first.unservedW[spec.id] ?? 0) > LEFT_OFF * Math.max(1, powerW[0] ?? 0))
      .map(({ spec }) => `${spec.member ?? ""}/${spec.tier}`),
  );
  const loads = foretold.loads
    .filter((load) => mayLeaveOff(site, load) && without.has(`${load.spec.member ?? ""}/${load.spec.tier}`))
    .map(({ id }): PlanWish => ({ asset: id, on: false }));
  const sets = horizon.generators
    .filter(({ spec }) => first.generatorOn[spec.id] === true)
    .map(({ spec }): PlanWish => ({ asset: spec.id, on: true }));
  return [...loads, ...sets];
}

const jobsIn = ({ site, plan }: Solved): PlannedJob[] =>
  site.jobs.map(({ id }) => {
    const [first] = plan.jobSteps.get(id) ?? [];
    return { id, at: first === undefined ? null : startOf(site, first) };
  });

const ratedSun = ({ model }: KnownSite): number =>
  sum(Object.values(model.assets).map(({ spec }) => (spec.kind === "pv" ? spec.rating : 0)));

/** Rejects with the solver's own words when it found nothing. */
export async function planSite(site: KnownSite, solver: Solver, limits: SolveLimits): Promise<SitePlan> {
  const foretold = foretell(site);
  const stores = storesOf(site);
  const horizon = problemOf(site, foretold, stores);
  const plan = await planHorizon(horizon, solver, limits);
  if (plan.status === "nothing") throw new Error(plan.why);
  if (plan.status === "infeasible") throw new Error("no plan keeps the limits of the site");
  const solved = { site, foretold, horizon, plan };
  const steps = stepsOf(solved);
  const days = historyDays(site);
  const filled = plannedStores(site, stores, plan);
  return {
    madeAt: site.now,
    ...(site.why && { why: site.why }),
    stepMs: STEP_MS,
    historyDays: days,
    ...{ status: plan.status, gap: plan.gap, relaxed: plan.relaxed },
    steps,
    wishes: days >= HISTORY_DAYS_MIN ? [...wishesOf(solved), ...storeWishes(site, stores, filled)] : [],
    jobs: jobsIn(solved),
    ...(filled.length > 0 && { stores: filled }),
    windows: surplusWindows(steps, SPARE_SHARE * ratedSun(site)),
  };
}
