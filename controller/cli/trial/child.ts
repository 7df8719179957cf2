// The process of a trial: niced, it plays the day with the flows that are tried and, side by side, with what runs now; it
// answers over IPC and ends with its parent. It sees the site file and what it is told, and touches no device and no data.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { constants, setPriority } from "node:os";
import type { TrialRun } from "@gridwright/contract/api-trials.ts";
import { messageOf } from "@gridwright/contract/errors.ts";
import { canonicalFlows } from "@gridwright/contract/flows-canonical.ts";
import type { FlowNode } from "@gridwright/flows/runtime/gate/flow-node.ts";
import { judge } from "@gridwright/flows/runtime/gate/judge.ts";
import { toldOf } from "@gridwright/flows/runtime/gate/told.ts";
import { forTrial } from "@gridwright/flows/runtime/trial-storage.ts";
import type { TrialNews, TrialOrder } from "@gridwright/runtime/flows/trial-order.ts";
import { jsonLog } from "@gridwright/runtime/log/json-log.ts";
import { describeSite } from "@gridwright/runtime/web/describe-site.ts";
import { readScenario } from "@gridwright/twin/plant/scenario-file.ts";
import { loadSite } from "../load-site.ts";
import { type RunOptions, runTrialDay } from "./run.ts";
import { dayOf } from "./trial-day.ts";

/** Whatever asks has a reason; flows without such a node change nothing in the plant. */
const asks = ({ type, reason }: FlowNode): boolean =>
  type.startsWith("gridwright-") && typeof reason === "string" && reason !== "";

const PROGRESS_STEP = 0.01;

const tell = (news: TrialNews): void => void process.send?.(news);
const hashOf = (flows: readonly FlowNode[]): string =>
  createHash("sha256").update(canonicalFlows(flows)).digest("hex");

/** What a site's own flows may be held against: nothing, where they are the same or ask for nothing. */
function baselineOf({ running, ask }: TrialOrder): readonly FlowNode[] {
  if (running === null || !running.some(asks)) return [];
  return hashOf(running) === hashOf(ask.flows) ? [] : running;
}

/** Shares of both runs, told as one: the slower counts. */
function progressOf(runs: number): (run: number) => (share: number) => void {
  const shares = new Array<number>(runs).fill(0);
  let told = 0;
  return (run) => (share) => {
    shares[run] = share;
    const all = Math.min(...shares, 1);
    if (all - told < PROGRESS_STEP) return;
    told = all;
    tell({ progress: all });
  };
}

async function play(order: TrialOrder): Promise<TrialNews> {
  const { siteFile, scenarioFile, ask, day, lastDay, known, pace } = order;
  const { model } = loadSite(siteFile);
  const wrong = judge(ask.flows, describeSite(model).assets);
  if (wrong.length > 0)
    return { failed: { en: toldOf(wrong, ask.flows, "en"), es: toldOf(wrong, ask.flows, "es") } };
  const scenario =
    scenarioFile === undefined ? undefined : readScenario(readFileSync(scenarioFile, "utf8"), scenarioFile);
  const tried = forTrial(ask.flows);
  tell({ disabled: tried.disabled });
  const common = {
    ...{ model, siteFile, pace, log: jsonLog("trial") },
    day: dayOf({ model, day, lastDay, ...(scenario && { scenario }) }),
  };
  const progress = progressOf(known === undefined ? 2 : 1);
  const run = (flows: readonly FlowNode[], place: number): Promise<TrialRun> => {
    const hash = flows.length === 0 ? null : hashOf(flows);
    const options: RunOptions = {
      ...{ ...common, hash, progress: progress(place) },
      flows: forTrial(flows).flows,
    };
    return runTrialDay(options);
  };
  const [after, before] = await Promise.all([run(ask.flows, 0), known ?? run(baselineOf(order), 1)]);
  return { done: { before, after } };
}

function serve(): void {
  process.title = "gridwright trial";
  setPriority(constants.priority.PRIORITY_LOW);
  process.on("SIGINT", () => undefined);
  process.once("disconnect", () => process.exit(0));
  process.once("message", (order: TrialOrder) => {
    void play(order)
      .catch((error: unknown): TrialNews => {
        const why = messageOf(error);
        return { failed: { en: why, es: why } };
      })
      .then((news) => process.send?.(news, undefined, undefined, () => process.exit(0)));
  });
}

if (import.meta.main) serve();
