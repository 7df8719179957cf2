// The section «shedding» of BENCHMARKS.md: the village's hard week under the brain, with its plan and without, and under three
// ways of shedding of the field, in one run on the same plant. What was not served is counted against a week in which nothing is ever short.
import { readFileSync } from "node:fs";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { jainOf } from "@gridwright/core/fairness/jain.ts";
import { readScenario } from "@gridwright/twin/plant/scenario-file.ts";
import { village } from "@gridwright/twin/testing/village.ts";
import { plain, table } from "../figures.ts";
import { consumerOf, type Driver, drivenByBrain, drivenByPolicy, type Origin } from "./drivers.ts";
import { drivenByPlan } from "./planned.ts";
import { fixedOrder, rotation, socStages } from "./policies.ts";
import { demandOf, MONDAY, type Outcome, playWeek } from "./week.ts";

const SCENARIO = new URL("../../../controller/twin/scenarios/hard-week.yaml", import.meta.url);
const TIERS = [0, 1, 2, 3, 4] as const;
const ESSENTIAL = 1;
const HOUR_MS = 3_600_000;

type Energy = ReadonlyMap<string, number>;

interface Way {
  readonly name: string;
  readonly driver: () => Driver | Promise<Driver>;
}

interface Result {
  readonly name: string;
  /** Wh not served, by tier. */
  readonly lost: readonly number[];
  /** Served over demanded, by member. */
  readonly served: readonly number[];
  readonly outcome: Outcome;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const over = (energy: Energy, keep: (id: string) => boolean): number =>
  sum([...energy].map(([id, wh]) => (keep(id) ? wh : 0)));

export function resultOf(
  name: string,
  { model, demand }: { model: SiteModel; demand: Energy },
  outcome: Outcome,
): Result {
  const missing = (id: string): number => Math.max(0, (demand.get(id) ?? 0) - (outcome.taken.get(id) ?? 0));
  const ids = [...demand.keys()];
  const lost = TIERS.map((tier) =>
    sum(ids.filter((id) => consumerOf(model, id)?.tier === tier).map(missing)),
  );
  const served = Object.keys(model.site.members).map((member) => {
    const own = (id: string): boolean => consumerOf(model, id)?.member === member;
    return Math.min(1, over(outcome.taken, own) / over(demand, own));
  });
  return { name, lost, served, outcome };
}

export const essentialOf = ({ lost }: Pick<Result, "lost">): number => sum(lost.slice(0, ESSENTIAL + 1));
export const worstOf = ({ served }: Pick<Result, "served">): number => Math.min(...served);

const kwh = (wh: number): string => plain(wh / 1_000);

export const rowOf = (result: Result): string[] => {
  const { name, lost, served, outcome } = result;
  return [
    name,
    kwh(essentialOf(result)),
    plain(worstOf(result)),
    ...lost.map(kwh),
    plain(jainOf(served) ?? Number.NaN, 3),
    plain(outcome.moves),
    plain(outcome.trips),
    plain(outcome.darkMs / HOUR_MS),
    kwh(outcome.generatorWh),
  ];
};

const HEAD = [
  "way of shedding",
  "essential kWh lost",
  "worst member served",
  ...TIERS.map((tier) => `tier ${tier} kWh`),
  "Jain",
  "relay moves",
  "trips",
  "hours dark",
  "diesel kWh",
];

/** Ours with its plan against the ways of the field; ours by rules alone, the second, stands in the table only. */
function verdict([ours, , ...field]: readonly Result[]): string {
  if (ours === undefined) return "";
  const better = field.map((other) => {
    const essential = essentialOf(other) - essentialOf(ours);
    const worst = worstOf(ours) - worstOf(other);
    const no = essential < 0 || worst < 0;
    const word = no ? "not met" : essential > 0 || worst > 0 ? "met" : "equal";
    return `${other.name}: ${kwh(essential)} kWh of essential energy more lost than by ours, worst member ${plain(worst)} below ours (${word})`;
  });
  return `Target: no worse than each on essential energy and on the worst member, better on one. ${better.join("; ")}.`;
}

/** Plays the week in each way; the first is ours, with the planner beside the brain. */
export async function shedInEachWay(origin: Origin): Promise<readonly Result[]> {
  const { model } = origin;
  const demand = demandOf(origin);
  const ways: readonly Way[] = [
    { name: "gridwright with its plan", driver: () => drivenByPlan(origin) },
    { name: "gridwright, rules alone", driver: () => drivenByBrain(origin) },
    { name: fixedOrder.name, driver: () => drivenByPolicy(origin, fixedOrder) },
    { name: socStages.name, driver: () => drivenByPolicy(origin, socStages) },
    { name: rotation.name, driver: () => drivenByPolicy(origin, rotation) },
  ];
  const results: Result[] = [];
  for (const { name, driver } of ways) {
    const result = resultOf(name, { model, demand }, await playWeek(await driver()));
    console.log(rowOf(result).join("  "));
    results.push(result);
  }
  return results;
}

export async function benchShedding(): Promise<string> {
  const scenario = readScenario(readFileSync(SCENARIO, "utf8"), "hard-week.yaml");
  const results = await shedInEachWay({ model: village(), scenario, seed: scenario.seed, start: MONDAY });
  const hows = [fixedOrder, socStages, rotation].map(({ name, how }) => `- **${name}**: ${how}`);
  return `One winter week of the village (\`controller/twin/scenarios/hard-week.yaml\`, which says how it was chosen), seven days on
the simulated plant, the same sun, people and diesel for all. Lost is what a load takes in the same week when nothing is
ever short, less what it took; essential are tiers 0 and 1. gridwright runs the village's own ladder, and in the outage
what must be sure by default: 72 h of tiers 0 and 1 before tier 2 is served, 24 h of tiers 0 to 2 before the rest. Its
plan foretells from nothing but this week: it learns for three days, then asks, hour by hour. The ways of the field, at their
usual figures:

${hows.join("\n")}

${table(HEAD, results.map(rowOf))}

${verdict(results)}`;
}
