// What of the plan a job's place hangs on, hour by hour: sun to spare, charge above what is kept, what the site can carry
// beside its other loads. Jobs that were promised after the plan was made are taken off.
import type { SitePlan } from "@gridwright/contract/plan/site-plan.ts";
import { PHASES } from "@gridwright/contract/points.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { energyBetween, type Part } from "./power.ts";

/** A job that has its time already. */
export interface Taken {
  readonly machine: string;
  readonly from: number;
  readonly to: number;
  readonly parts: readonly Part[];
  /** The plan knows of it. */
  readonly planned: boolean;
}

export interface SightStep {
  readonly from: number;
  readonly to: number;
  readonly spareWh: number;
  /** Charge above what is kept for a restart; Infinity: nothing is stored here, and nothing can be missed. */
  readonly storedWh: number;
  /** What is not in the battery comes from grid or set. */
  readonly fed: boolean;
  /** The grid is likely there. */
  readonly grid: boolean;
  /** VA that are left on each phase (L1, L2, L3) beside what is expected and promised. */
  readonly room: readonly number[];
}

/** What of the inverters' rating may be planned with. */
const FILLED = 0.85;
const LIKELY = 0.6;
const HOUR = 3_600_000;

function figuresOf({ assets }: SiteModel) {
  const figures = { rating: [0, 0, 0], capacityWh: 0, floor: 0, batteries: 0 };
  for (const { spec } of Object.values(assets)) {
    if (spec.kind === "inverter")
      for (const [phase, name] of PHASES.entries())
        if (spec.phases.includes(name))
          figures.rating[phase] = (figures.rating[phase] ?? 0) + spec.rating / spec.phases.length;
    if (spec.kind !== "battery") continue;
    figures.batteries += 1;
    figures.capacityWh += spec.capacity;
    figures.floor += (spec.socMin + spec.restartReserve) * spec.capacity;
  }
  return figures;
}

/** Phases of a machine as places in L1, L2, L3. */
export const phasesOf = (model: SiteModel, machine: string): number[] =>
  (model.assets[machine]?.spec.phases ?? []).map((name) => PHASES.indexOf(name));

/** The hours of a plan as a job sees them. */
export function sightOf(
  model: SiteModel,
  { steps, stepMs }: SitePlan,
  taken: readonly Taken[],
): readonly SightStep[] {
  const { rating, capacityWh, floor, batteries } = figuresOf(model);
  const wired = Math.max(1, rating.filter((va) => va > 0).length);
  const promisedWh = (job: Taken, at: number): number =>
    energyBetween(job.parts, at - job.from, at + stepMs - job.from);
  let debtWh = 0;
  return steps.map((step): SightStep => {
    const news = taken
      .filter(({ planned }) => !planned)
      .reduce((sum, job) => sum + promisedWh(job, step.at), 0);
    const room = rating.map((va, phase) => {
      if (va === 0) return Number.POSITIVE_INFINITY;
      const jobs = taken.reduce((sum, job) => {
        const phases = phasesOf(model, job.machine);
        const watts = (promisedWh(job, step.at) * HOUR) / stepMs;
        return phases.includes(phase) ? sum + watts / phases.length : sum;
      }, 0);
      return va * FILLED - step.load.mid / wired - jobs;
    });
    const spareWh = (step.spareW * stepMs) / HOUR;
    debtWh = Math.max(0, debtWh + news - spareWh);
    return {
      from: step.at,
      to: step.at + stepMs,
      spareWh: Math.max(0, spareWh - news),
      storedWh:
        batteries === 0 || step.soc === null
          ? Number.POSITIVE_INFINITY
          : step.soc * capacityWh - floor - debtWh,
      fed: batteries === 0 || step.importW > 1 || step.generatorW > 1,
      grid: (step.gridChance ?? 0) >= LIKELY,
      room,
    };
  });
}
