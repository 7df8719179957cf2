// Four seasons of the village, behind a weak line with prices and outages and off the grid: what the rolling plan with its own
// forecast costs and leaves unserved, beside rules alone and beside a plan that knew all from the beginning.
import type { PlanStep } from "@gridwright/contract/plan/answer.ts";
import type { PlanCaseText } from "@gridwright/contract/plan/case.ts";
import { PlanCase } from "@gridwright/contract/plan/case.ts";
import { planCase } from "@gridwright/core/plan/plan-case.ts";
import { type Sums, scoreOf } from "@gridwright/core/plan/score.ts";
import { VALUES } from "@gridwright/core/plan/site/values.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { createSolverProcess, type SolverProcess } from "@gridwright/runtime/planner/solver-process.ts";
import { mix, randomFrom } from "@gridwright/twin/plant/random.ts";
import { plain, table } from "../figures.ts";
import { byRules } from "./by-rules.ts";
import { SEASONS, type Season, type Series, seriesOf } from "./season-series.ts";

const SEED = 5;
const DAY_H = 24;
/** The rolling plan sees so many days before it counts, as the planner of a site does. */
const LEARNT_DAYS = 3;
const SCORED_DAYS = 3;
const TIME_MS = 20_000;
const LINES = ["behind a line", "off the grid"] as const;
type Line = (typeof LINES)[number];

/** Hours in which the line is there: an outage on every other day, of one to nine hours. */
function availability(hours: number, seed: number): (0 | 1)[] {
  const next = randomFrom(mix(SEED, seed));
  const there = new Array<0 | 1>(hours).fill(1);
  for (let day = 0; day < hours / DAY_H; day += 1) {
    const [begins, lasts] = [Math.floor(next() * DAY_H), 1 + Math.floor(next() * 8)];
    if (next() < 0.5) there.fill(0, day * DAY_H + begins, day * DAY_H + begins + lasts);
  }
  return there.slice(0, hours);
}

const LINE = { importMaxW: 4_100, exportMaxW: 4_100, night: 0.12, day: 0.24, sold: 0.05 } as const;

function supplyOf(line: Line, hours: number, seed: number): Pick<PlanCaseText, "grid" | "generators"> {
  const each = (value: (hour: number) => number): number[] =>
    Array.from({ length: hours }, (_, hour) => value(hour));
  if (line === "behind a line")
    return {
      grid: {
        importMaxW: each(() => LINE.importMaxW),
        exportMaxW: each(() => LINE.exportMaxW),
        available: availability(hours, seed),
        priceImport: each((hour) => (hour % DAY_H < 8 ? LINE.night : LINE.day)),
        priceExport: each(() => LINE.sold),
      },
    };
  const set = {
    id: "genset",
    powerMinW: 4_500,
    powerMaxW: 15_000,
    costPerKWh: 0.5,
    startCost: 0.6,
    minRunSteps: 1,
  };
  return { generators: [set] };
}

function caseOf(
  { sunW, loadW }: Series,
  line: Line,
  { days, seed }: { days: number; seed: number },
): PlanCase {
  const hours = days * DAY_H;
  return PlanCase.parse({
    ...{ version: 1, stepMinutes: 60, steps: hours, horizonSteps: 48 },
    scoreSteps: [Math.min(LEARNT_DAYS, days - 1) * DAY_H, hours],
    ...supplyOf(line, hours, seed),
    pv: [{ id: "roofs", powerW: sunW.slice(0, hours) }],
    batteries: [
      {
        ...{ id: "bank", capacityWh: 60_000, chargeMaxW: 24_000, dischargeMaxW: 24_000, socInitial: 0.5 },
        ...{ efficiencyCharge: 0.95, efficiencyDischarge: 0.95, socMin: 0.14, wearCostPerKWh: 0.03 },
        endValuePerKWh: 0.2,
      },
    ],
    loads: [...loadW].map(([tier, powerW]) => ({
      ...{ id: `tier-${tier}`, tier, powerW: powerW.slice(0, hours), curtailable: "continuous" },
      valuePerKWh: VALUES[tier] ?? 0,
    })),
  });
}

/** Sums of one way through a case, with what its battery gained over the scored steps set against its cost. */
interface Way extends Sums {
  readonly settled: number;
}

interface Outcome {
  readonly rules: Way;
  readonly plan: Way;
  readonly foresight: Way;
}

function settled(plan: PlanCase, sums: Sums, steps: readonly PlanStep[]): Way {
  const [from, to] = plan.scoreSteps ?? [0, plan.steps];
  const gained = plan.batteries.reduce((sum, { id, capacityWh, endValuePerKWh, socInitial }) => {
    const charge = (step: number): number => (step < 0 ? socInitial : (steps[step]?.soc[id] ?? 0));
    return sum + ((charge(to - 1) - charge(from - 1)) * capacityWh * endValuePerKWh) / 1_000;
  }, 0);
  return { ...sums, settled: sums.objective - gained };
}

async function play(plan: PlanCase, solver: SolverProcess): Promise<Outcome> {
  const options = { solver: solver.solve, timeMs: TIME_MS };
  const rolling = await planCase({ ...plan, mode: "rolling", forecast: "own" }, options);
  const foresight = await planCase({ ...plan, mipGap: 0.005 }, options);
  const rules = byRules(plan);
  return {
    rules: settled(plan, scoreOf(plan, rules), rules),
    plan: settled(plan, rolling, rolling.steps),
    foresight: settled(plan, foresight, foresight.steps),
  };
}

const unservedKWh = ({ unservedWhByTier }: Sums, tiers: readonly number[]): number =>
  tiers.reduce((sum, tier) => sum + (unservedWhByTier[tier] ?? 0), 0) / 1_000;
/** A ratio to what perfect foresight needs; where that needs nothing there is none. */
const ratio = (value: number, best: number): string => (best > 0.01 ? plain(value / best) : "–");

function row(name: string, { rules, plan, foresight }: Outcome): string[] {
  const all = [rules, plan, foresight];
  return [
    name,
    ratio(rules.settled, foresight.settled),
    ratio(plan.settled, foresight.settled),
    all.map(({ costEnergy }) => plain(costEnergy)).join(" / "),
    all.map((sums) => plain(unservedKWh(sums, [0, 1]))).join(" / "),
    all.map((sums) => plain(unservedKWh(sums, [2, 3, 4]))).join(" / "),
  ];
}

const nameOf = ({ name }: Season, line: Line): string => `${name}, ${line}`;

export async function seasons(quick: boolean): Promise<string> {
  const solver = createSolverProcess(hostClock());
  const days = quick ? 2 : LEARNT_DAYS + SCORED_DAYS;
  const rows: string[][] = [];
  try {
    for (const [place, season] of SEASONS.slice(0, quick ? 1 : undefined).entries()) {
      const series = seriesOf(season, days * DAY_H, SEED + place);
      for (const line of LINES)
        rows.push(row(nameOf(season, line), await play(caseOf(series, line, { days, seed: place }), solver)));
    }
  } finally {
    solver.close();
  }
  const head = [
    "season",
    "rules alone ÷ foresight",
    "plan ÷ foresight",
    "cost of energy: rules / plan / foresight",
    "kWh of tiers 0 and 1 not served",
    "of tiers 2 to 4",
  ];
  return `${SCORED_DAYS} days after ${LEARNT_DAYS} that are only learnt from, hour by hour, with the loads and the sun of the village's twin and a battery of
60 kWh. «Rules alone» are the village's ladder and its set's thresholds on the same hours, without a look ahead, not the brain itself;
the plan is the rolling one of \`gridwright plan\` with its own forecast; foresight is planned whole. The first two columns
compare cost of energy plus what is not served at its value (per kWh ${VALUES.join(", ")} by tier), less 0.2 for each kWh that
the battery gained.

${table(head, rows)}`;
}
