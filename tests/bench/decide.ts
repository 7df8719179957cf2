// Time of observe and decide per tick: the village on its simulated plant, and made-up sites of growing size.
import { setImmediate as breathe } from "node:timers/promises";
import type { Sampling } from "@gridwright/contract/ports.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { epoch, mono } from "@gridwright/contract/units.ts";
import { decide } from "@gridwright/core/decide.ts";
import { initialMemory } from "@gridwright/core/memory.ts";
import { initialObservation, observe } from "@gridwright/core/observe.ts";
import type { Step } from "@gridwright/core/step.ts";
import { madeUpPlant, villagePlant } from "./decide-plants.ts";
import { cells, plain, spread, table } from "./figures.ts";

/** What a measured brain looks at. */
export interface BenchPlant {
  readonly name: string;
  readonly model: SiteModel;
  /** What devices said since the tick before. */
  samplings(now: number): readonly Sampling[];
  obey(step: Step, now: number): void;
}

const TICK_MS = 200;
const WARM = 260;
const MEASURED = 600;
const SIZES = [50, 200, 500, 2_000];
/** Plant time at which the made-up wall clock begins. */
const WALL = Date.UTC(2026, 5, 21, 8);
const TARGET_SIZE = 500;
const TARGET_MS = 2;

/** Of so many runs on the same input the quickest counts: what interrupts a run is not the brain's. */
const RUNS = 3;

/** The value of a pure function and the ms of its quickest run. */
function timed<T>(run: () => T): { readonly value: T; readonly ms: number } {
  let ms = Number.POSITIVE_INFINITY;
  let value: T;
  let left = RUNS;
  do {
    const begun = performance.now();
    value = run();
    ms = Math.min(ms, performance.now() - begun);
    left -= 1;
  } while (left > 0);
  return { value, ms };
}

interface Times {
  readonly plant: BenchPlant;
  readonly observed: readonly number[];
  readonly decided: readonly number[];
  readonly decisions: number;
  /** Loads that were off in the middle tick. */
  readonly off: number;
}

async function measure(plant: BenchPlant): Promise<Times> {
  const { model } = plant;
  let observation = initialObservation(model);
  let memory = initialMemory(mono(TICK_MS));
  const [observed, decided]: [number[], number[]] = [[], []];
  let decisions = 0;
  let off = 0;
  for (let tick = 1; tick <= WARM + MEASURED; tick++) {
    const now = mono(tick * TICK_MS);
    const wall = epoch(WALL + now);
    const samplings = plant.samplings(now);
    const seen = timed(() => observe({ model, before: observation, samplings, now, wall }));
    const { after } = seen.value;
    const step = timed(() => decide({ model, state: { ...after, now, wall }, memory, requests: [] }));
    observation = after;
    memory = step.value.memory;
    plant.obey(step.value, now);
    if (tick <= WARM) continue;
    observed.push(seen.ms);
    decided.push(step.ms);
    decisions += step.value.decisions.length;
    if (tick === WARM + MEASURED / 2)
      off = step.value.desired.filter(({ set }) => set.kind === "switch" && !set.on).length;
    if (tick % 50 === 0) await breathe();
  }
  return { plant, observed, decided, decisions, off };
}

const row = ({ plant, observed, decided, decisions, off }: Times): string[] => {
  const both = observed.map((value, index) => value + (decided[index] ?? 0));
  return [
    plant.name,
    `${Object.keys(plant.model.assets).length}`,
    `${plant.model.sources.size}`,
    `${off}`,
    `${decisions}`,
    ...cells(spread(observed)).slice(0, 2),
    ...cells(spread(decided)),
    plain(spread(both).p99),
  ];
};

function growth(all: readonly Times[]): string {
  const sizes = all.map(({ plant, decided }) => ({
    plant: plant.name,
    assets: Object.keys(plant.model.assets).length,
    p50: spread(decided).p50,
  }));
  const [small, large] = [sizes[1], sizes.at(-1)];
  if (small === undefined || large === undefined) return "";
  const power = Math.log(large.p50 / small.p50) / Math.log(large.assets / small.assets);
  return `${plain(power)} (${large.plant}, from ${small.assets} to ${large.assets} assets)`;
}

const judged = ({ plant, decided }: Times): string => {
  const { p99 } = spread(decided);
  return `${plant.name} ${plain(p99)} ms, ${p99 <= TARGET_MS ? "met" : "missed"}`;
};

export async function benchDecide(): Promise<string> {
  const village = await measure(villagePlant());
  const scenes: Times[][] = [];
  for (const scene of ["calm", "short"] as const) {
    const times: Times[] = [];
    for (const size of SIZES) times.push(await measure(madeUpPlant(size, scene)));
    scenes.push(times);
  }
  const targets = scenes.flatMap((times) => times[SIZES.indexOf(TARGET_SIZE)] ?? []);
  const head = [
    "site",
    "assets",
    "points",
    "off",
    "decisions",
    "observe p50",
    "p99",
    "decide p50",
    "p99",
    "max",
  ];
  return `${MEASURED} ticks of ${TICK_MS} ms after ${WARM} to warm up; the fast meter and a fifth of all other devices answer in
each. In ms, the quickest of ${RUNS} runs on the same input, so that other work on the machine does not count: both are pure.
The village runs on its simulated plant from 8 in the morning; in the made-up sites everything is on (calm), or overloads to 153 % keep about a
third of all loads off and waiting (short).

${table([...head, "both p99"], [village, ...scenes.flat()].map(row))}

Target: decide ≤ ${TARGET_MS} ms at ${TARGET_SIZE} assets, p99: ${targets.map(judged).join("; ")}. decide's p50
grows with the power ${scenes.map((times) => growth(times)).join(", ")} of their number; 1 is linear.`;
}
