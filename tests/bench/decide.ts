// Time of observe and decide per tick: the village on its simulated plant, and made-up sites of growing size.
import { performance } from "node:perf_hooks";
import { setImmediate as breathe } from "node:timers/promises";
import type { Sampling } from "@gridwright/contract/ports.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { epoch, mono } from "@gridwright/contract/units.ts";
import { decide } from "@gridwright/core/decide.ts";
import { initialMemory } from "@gridwright/core/memory.ts";
import { initialObservation, observe } from "@gridwright/core/observe.ts";
import type { Step } from "@gridwright/core/step.ts";
import { madeUpPlant, villagePlant } from "./decide-plants.ts";
import { cells, plain, type Spread, spread, table } from "./figures.ts";

/** What a measured brain looks at. */
export interface BenchPlant {
  readonly name: string;
  readonly model: SiteModel;
  /** What devices said since the tick before. */
  samplings(now: number): readonly Sampling[];
  obey(step: Step, now: number): void;
}

const TICK_MS = 200;
const WARM = 300;
const MEASURED = 1_500;
const SIZES = [50, 200, 500, 2_000];
/** Plant time at which the made-up wall clock begins. */
const WALL = Date.UTC(2026, 5, 21, 8);
const TARGET_SIZE = 500;

interface Times {
  readonly plant: BenchPlant;
  readonly observed: readonly number[];
  readonly decided: readonly number[];
  readonly decisions: number;
}

async function measure(plant: BenchPlant): Promise<Times> {
  const { model } = plant;
  let observation = initialObservation(model);
  let memory = initialMemory(mono(TICK_MS));
  const [observed, decided]: [number[], number[]] = [[], []];
  let decisions = 0;
  for (let tick = 1; tick <= WARM + MEASURED; tick++) {
    const now = mono(tick * TICK_MS);
    const wall = epoch(WALL + now);
    const samplings = plant.samplings(now);
    const begun = performance.now();
    const seen = observe({ model, before: observation, samplings, now, wall });
    const between = performance.now();
    const step = decide({ model, state: { ...seen.after, now, wall }, memory, requests: [] });
    const ended = performance.now();
    observation = seen.after;
    memory = step.memory;
    plant.obey(step, now);
    if (tick <= WARM) continue;
    observed.push(between - begun);
    decided.push(ended - between);
    decisions += step.decisions.length;
    if (tick % 50 === 0) await breathe();
  }
  return { plant, observed, decided, decisions };
}

const row = ({ plant, observed, decided, decisions }: Times): string[] => {
  const both = observed.map((value, index) => value + (decided[index] ?? 0));
  return [
    plant.name,
    `${Object.keys(plant.model.assets).length}`,
    `${plant.model.sources.size}`,
    `${decisions}`,
    ...cells(spread(observed)).slice(0, 2),
    ...cells(spread(decided)),
    plain(spread(both).p99),
  ];
};

function growth(all: readonly Times[]): string {
  const per = all.map(({ plant, decided }) => ({
    assets: Object.keys(plant.model.assets).length,
    p50: spread(decided).p50,
  }));
  const [small, large] = [per[0], per.at(-1)];
  if (small === undefined || large === undefined) return "";
  const exponent = Math.log(large.p50 / small.p50) / Math.log(large.assets / small.assets);
  return `From ${small.assets} to ${large.assets} assets decide's p50 grows with the power ${plain(exponent)} of their number (1 is linear).`;
}

const verdict = ({ p99 }: Spread): string =>
  `Target: decide ≤ 2 ms at ${TARGET_SIZE} assets; measured p99 ${plain(p99)} ms: ${p99 <= 2 ? "met" : "missed"}.`;

export async function benchDecide(): Promise<string> {
  const village = await measure(villagePlant());
  const made: Times[] = [];
  for (const size of SIZES) made.push(await measure(madeUpPlant(size)));
  const head = ["site", "assets", "points", "decisions", "observe p50", "p99", "decide p50", "p99", "max"];
  const target = made[SIZES.indexOf(TARGET_SIZE)];
  return `${MEASURED} ticks of ${TICK_MS} ms after ${WARM} to warm up; the fast meter and a fifth of all other devices answer in
each; in ms. The village runs on its simulated plant from 8 in the morning; the made-up sites are overloaded to 160 % for
a second in every ten, so that rules have work.

${table([...head, "both p99"], [village, ...made].map(row))}

${target === undefined ? "" : verdict(spread(target.decided))} ${growth(made)}`;
}
