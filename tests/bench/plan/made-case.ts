// Planning cases of growing size, made from nothing: a village's day of sun and loads, prices by the hour, a line that fails, one
// battery, one set, and jobs on four machines. The same size gives the same case.
import { PlanCase, type PlanCaseText } from "@gridwright/contract/plan/case.ts";

const DAY_H = 24;
const MACHINES = ["laser", "saw", "kiln", "press"] as const;
const TIERS = [
  { tier: 0, watts: 260, valuePerKWh: 300 },
  { tier: 1, watts: 700, valuePerKWh: 60 },
  { tier: 2, watts: 1_100, valuePerKWh: 8 },
  { tier: 3, watts: 900, valuePerKWh: 2 },
  { tier: 4, watts: 1_900, valuePerKWh: 0.7 },
] as const;

export interface Size {
  readonly steps: number;
  readonly stepMinutes: number;
  readonly jobs: number;
}

const series = (steps: number, value: (step: number) => number): number[] =>
  Array.from({ length: steps }, (_, step) => Math.max(0, Math.round(value(step) * 1_000) / 1_000));

/** A job's run in steps: half an hour to three hours of one machine, somewhere within its own day. */
function jobOf({ steps, stepMinutes }: Size, place: number): NonNullable<PlanCaseText["jobs"]>[number] {
  const length = Math.max(1, Math.round((30 + ((place * 37) % 150)) / stepMinutes));
  const earliestStep = Math.floor((steps * ((place * 13) % 40)) / 100);
  return {
    ...{ id: `job-${place}`, machine: MACHINES[place % MACHINES.length] ?? "saw", earliestStep },
    powerW: Array.from({ length }, (_, at) => 900 + ((place + at) % 4) * 350),
    ...{ latestEndStep: Math.min(steps, earliestStep + Math.ceil(steps / 2)), required: place % 3 !== 0 },
  };
}

export function madeCase(size: Size): PlanCase {
  const { steps, stepMinutes } = size;
  const hourOf = (step: number): number => ((step * stepMinutes) / 60) % DAY_H;
  const sun = (hour: number): number => Math.sin(((hour - 6) / 12) * Math.PI);
  const evening = (hour: number): number => (hour > 17 && hour < 23 ? 1.7 : 0.8);
  return PlanCase.parse({
    ...{ version: 1, stepMinutes, steps, mipGap: 0.01 },
    grid: {
      importMaxW: series(steps, () => 4_000),
      exportMaxW: series(steps, () => 3_000),
      available: series(steps, (step) => Number((step * stepMinutes) % 1_500 > 200)),
      priceImport: series(steps, (step) => (hourOf(step) < 8 ? 0.12 : 0.24)),
      priceExport: series(steps, () => 0.05),
    },
    pv: [
      {
        id: "roof",
        powerW: series(steps, (step) => 7_000 * sun(hourOf(step)) * (0.6 + 0.4 * Math.cos(step))),
      },
    ],
    batteries: [
      {
        ...{ id: "bank", capacityWh: 20_000, chargeMaxW: 6_000, dischargeMaxW: 6_000, socInitial: 0.45 },
        ...{ efficiencyCharge: 0.95, efficiencyDischarge: 0.95, socMin: 0.14, wearCostPerKWh: 0.03 },
        endValuePerKWh: 0.2,
      },
    ],
    generators: [
      {
        ...{ id: "genset", powerMinW: 1_800, powerMaxW: 6_000, costPerKWh: 0.5, startCost: 0.6 },
        minRunSteps: Math.ceil(60 / stepMinutes),
      },
    ],
    loads: TIERS.map(({ tier, watts, valuePerKWh }) => ({
      ...{ id: `tier-${tier}`, tier, valuePerKWh, curtailable: "continuous" as const },
      powerW: series(steps, (step) => watts * evening(hourOf(step)) * (0.9 + 0.2 * Math.sin(step + tier))),
    })),
    jobs: Array.from({ length: size.jobs }, (_, place) => jobOf(size, place)),
  });
}
