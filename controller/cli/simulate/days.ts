// Many simulated days at once: a worker process per core, each given the next seed when it is done with one. Results
// come in any order and are summed in the order of seeds, so that the sum does not depend on the number of workers.
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { hashText, mix } from "@gridwright/twin/plant/random.ts";
import {
  type Fairness,
  type Figures,
  fairnessOf,
  noFigures,
  plus,
} from "@gridwright/twin/simulate/figures.ts";
import type { WorkOrder, WorkResult } from "./worker.ts";

const WORKER = fileURLToPath(new URL("./worker.ts", import.meta.url));

export interface DaysOptions extends Omit<WorkOrder, "seed" | "drawn"> {
  /** Whether a seed draws its own site. */
  readonly drawn: (seed: number) => boolean;
  readonly seed: number;
  readonly days: number;
  readonly jobs: number;
  readonly onResult: (result: WorkResult, done: number) => void;
  /** Ends the run early: what is done is what is known. */
  readonly signal: AbortSignal;
}

export interface Summary {
  readonly seed: number;
  readonly days: number;
  /** Fingerprint of all days, in the order of their seeds. */
  readonly trace: string;
  readonly figures: Figures;
  readonly fairness: Fairness;
  readonly violations: readonly {
    readonly seed: number;
    readonly invariant: string;
    readonly atSeconds: number;
    readonly what: string;
    readonly story: string;
  }[];
  readonly crashes: readonly { readonly seed: number; readonly what: string }[];
}

/** The days that are known, as one. */
export function summaryOf(seed: number, results: Iterable<WorkResult>): Summary {
  const sorted = [...results].sort((left, right) => left.seed - right.seed);
  let trace = hashText("days");
  let figures = noFigures();
  for (const result of sorted) {
    trace = mix(trace, result.trace);
    if (result.figures !== undefined) figures = plus(figures, result.figures);
  }
  return {
    seed,
    days: sorted.length,
    trace: trace.toString(16).padStart(8, "0"),
    figures,
    fairness: fairnessOf(figures),
    violations: sorted.flatMap(({ seed: own, violation, story = "" }) =>
      violation === undefined
        ? []
        : [
            {
              seed: own,
              invariant: violation.invariant,
              atSeconds: violation.at / 1_000,
              what: violation.what,
              story,
            },
          ],
    ),
    crashes: sorted.flatMap(({ seed: own, crash }) =>
      crash === undefined ? [] : [{ seed: own, what: crash }],
    ),
  };
}

/** Runs the days of `seed`, `seed + 1`, …; gives what is known when all are done or the signal came. */
export function runDays(options: DaysOptions): Promise<Summary> {
  const { seed, days, jobs, onResult, signal, drawn, ...order } = options;
  const results = new Map<number, WorkResult>();
  let next = seed;
  return new Promise((resolve, reject) => {
    const workers: ChildProcess[] = [];
    const end = (): void => {
      for (const worker of workers) worker.kill();
      signal.removeEventListener("abort", end);
      resolve(summaryOf(seed, results.values()));
    };
    const give = (worker: ChildProcess): void => {
      if (next >= seed + days) return;
      worker.send({ ...order, seed: next, drawn: drawn(next) } satisfies WorkOrder);
      next += 1;
    };
    const take = (worker: ChildProcess, result: WorkResult): void => {
      results.set(result.seed, result);
      onResult(result, results.size);
      if (results.size === days) end();
      else give(worker);
    };
    signal.addEventListener("abort", end, { once: true });
    for (let place = 0; place < Math.min(jobs, days); place += 1) {
      const worker = fork(WORKER, { execArgv: process.execArgv });
      workers.push(worker);
      worker.on("message", (result) => take(worker, result as WorkResult));
      worker.on("error", reject);
      worker.on("exit", (code) => {
        if (code !== 0) reject(new Error(`a worker ended with ${code}`));
      });
      give(worker);
    }
  });
}
