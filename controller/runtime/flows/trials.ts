// Trials of technicians' flows as services hold them: one at a time, each in a niced process of its own that ends with
// services; the last ones are kept with what they came to. What was tried to its end is known by the hash of its flows.
import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { TRIALS_KEPT, Trial, type TrialAsk, type TrialHead } from "@gridwright/contract/api-trials.ts";
import type { Clock } from "@gridwright/contract/clock.ts";
import { messageOf } from "@gridwright/contract/errors.ts";
import { canonicalFlows } from "@gridwright/contract/flows-canonical.ts";
import type { Log } from "@gridwright/contract/log.ts";
import { minutes } from "@gridwright/contract/units.ts";
import { namesIn } from "../data-folder/names-in.ts";
import { readKept } from "../data-folder/read-kept.ts";
import { replaceFile } from "../data-folder/replace-file.ts";
import type { TrialNews, TrialOrder } from "./trial-order.ts";
import { startTrialProcess, type TrialProcess } from "./trial-process.ts";

export interface Trials {
  /** Newest first, without their figures. */
  list(): readonly TrialHead[];
  one(id: string): Trial | undefined;
  /** The new trial's id; undefined: another one runs. */
  start(ask: TrialAsk, by: string): Promise<string | undefined>;
  /** False: it does not run. */
  cancel(id: string): boolean;
  /** Whether flows of this hash were tried to the end. */
  tried(hash: string): boolean;
  close(): Promise<void>;
}

export interface TrialsOptions {
  readonly dataDir: string;
  readonly io: Clock;
  readonly log: Log;
  /** The module of the process. */
  readonly module: string;
  /** All of an order but what an earlier trial knows. */
  readonly order: (ask: TrialAsk) => Promise<Omit<TrialOrder, "known">>;
}

/** A day takes some three minutes; a machine that needs more has none to spare. */
const DEADLINE = minutes(12);
const NAME = /^trial-\d+\.json$/;
const DAMAGED = "a kept trial of flows is damaged; it was put aside";
const LATE = { en: "it did not end in its time", es: "no terminó a tiempo" };
const GONE = { en: "its process ended", es: "su proceso terminó" };

export const flowsHash = (flows: TrialAsk["flows"]): string =>
  createHash("sha256").update(canonicalFlows(flows)).digest("hex");

const headOf = ({ before: _before, after: _after, ...head }: Trial): TrialHead => head;

const notServed = (run: NonNullable<Trial["after"]>): number =>
  run.tiers.reduce((sum, { notServedWh }) => sum + notServedWh, 0);

/** The trial after its process told something. */
export function hearing(trial: Trial, news: TrialNews): Trial {
  if ("progress" in news) return { ...trial, progress: news.progress };
  if ("disabled" in news) return { ...trial, disabled: [...news.disabled] };
  if ("failed" in news) return { ...trial, state: "failed", why: news.failed };
  const { before, after } = news.done;
  const refused = after.requests.reduce((sum, { outcome, n }) => sum + (outcome === "refused" ? n : 0), 0);
  return {
    ...{ ...trial, state: "done", progress: 1, before, after },
    outcome: {
      ...{ notServedWh: [notServed(before), notServed(after)], refused },
      ended: after.process.ended.length,
    },
  };
}

/** What the same day came to without these flows, as an earlier trial found it. */
export function knownRun(trials: Iterable<Trial>, { day, running }: Omit<TrialOrder, "known">) {
  const wanted = running === null ? null : flowsHash(running as TrialAsk["flows"]);
  const same = JSON.stringify(day);
  for (const trial of trials) {
    if (trial.state !== "done" || JSON.stringify(trial.day) !== same) continue;
    for (const run of [trial.after, trial.before]) if (run !== null && run.flows === wanted) return run;
  }
  return undefined;
}

async function readAll(folder: string, log: Log): Promise<Trial[]> {
  const names = (await namesIn(folder)).filter((name) => NAME.test(name)).sort();
  return names
    .map((name) => readKept(join(folder, name), Trial, { log, damaged: DAMAGED }))
    .filter((trial) => trial !== undefined);
}

interface Running {
  readonly child: TrialProcess;
  /** Ends the waiting for its end. */
  readonly late: AbortController;
  trial: Trial;
}

class Desk implements Trials {
  readonly #options: TrialsOptions;
  readonly #folder: string;
  readonly #kept: Trial[];
  #running: Running | undefined;
  #ending: Promise<unknown> = Promise.resolve();
  #saving: Promise<void> = Promise.resolve();

  constructor(options: TrialsOptions, kept: Trial[]) {
    this.#options = options;
    this.#folder = join(options.dataDir, "flows-trials");
    this.#kept = kept;
  }

  #all(): Trial[] {
    return [...this.#kept, ...(this.#running === undefined ? [] : [this.#running.trial])].reverse();
  }

  list = (): readonly TrialHead[] => this.#all().map(headOf);
  one = (id: string): Trial | undefined => this.#all().find((trial) => trial.id === id);
  tried = (hash: string): boolean =>
    this.#kept.some((trial) => trial.state === "done" && trial.hash === hash);

  async start(ask: TrialAsk, by: string): Promise<string | undefined> {
    if (this.#running !== undefined) return undefined;
    const running = this.#begin(ask, by);
    const { id } = running.trial;
    try {
      const order = await this.#options.order(ask);
      running.trial = { ...running.trial, day: order.day };
      const known = knownRun(this.#all(), order);
      if (this.#isRunning(running)) running.child.order({ ...order, ...(known && { known }) });
    } catch (error) {
      const why = messageOf(error);
      this.#end(running, { ...running.trial, state: "failed", why: { en: why, es: why } });
    }
    return id;
  }

  #begin(ask: TrialAsk, by: string): Running {
    const { io, module } = this.#options;
    const at = io.wall();
    const child = startTrialProcess(
      { module, io },
      {
        news: (news) => {
          running.trial = hearing(running.trial, news);
          if (running.trial.state !== "running") this.#end(running, running.trial);
        },
        gone: () => this.#end(running, { ...running.trial, state: "failed", why: GONE }),
      },
    );
    const trial: Trial = {
      ...{ id: `trial-${at}`, at, by, hash: flowsHash(ask.flows), state: "running", progress: 0 },
      ...{ why: null, day: null, disabled: [], outcome: null, before: null, after: null },
    };
    const running: Running = { child, late: new AbortController(), trial };
    this.#running = running;
    void io.sleep(DEADLINE, running.late.signal).then(
      () => this.#end(running, { ...running.trial, state: "failed", why: LATE }),
      () => undefined,
    );
    return running;
  }

  #isRunning = (running: Running): boolean => this.#running === running;

  /** Once; what comes later of it is not heard. */
  #end(running: Running, trial: Trial): void {
    if (!this.#isRunning(running)) return;
    this.#running = undefined;
    running.late.abort();
    this.#ending = Promise.all([this.#ending, running.child.end()]);
    this.#kept.push(trial);
    const old = this.#kept.splice(0, Math.max(0, this.#kept.length - TRIALS_KEPT));
    this.#saving = this.#saving.then(() => this.#save(trial, old));
  }

  async #save(trial: Trial, old: readonly Trial[]): Promise<void> {
    const fileOf = ({ id }: Trial): string => join(this.#folder, `${id}.json`);
    try {
      await replaceFile(fileOf(trial), JSON.stringify(trial));
      for (const one of old) await rm(fileOf(one), { force: true });
    } catch (error) {
      this.#options.log.error("a trial of flows could not be kept", { error: messageOf(error) });
    }
  }

  cancel(id: string): boolean {
    const running = this.#running;
    if (running?.trial.id !== id) return false;
    this.#end(running, { ...running.trial, state: "cancelled" });
    return true;
  }

  async close(): Promise<void> {
    if (this.#running !== undefined) this.cancel(this.#running.trial.id);
    await Promise.all([this.#saving, this.#ending]);
  }
}

export async function openTrials(options: TrialsOptions): Promise<Trials> {
  return new Desk(options, await readAll(join(options.dataDir, "flows-trials"), options.log));
}
