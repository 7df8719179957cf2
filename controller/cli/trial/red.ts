// Node-RED of a trial: confined, judged by its health and started again like the live one, but in the plant's own time,
// an empty folder, and the flows that are tried. What it complains about and how its lives end is told in the result.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TrialRun } from "@gridwright/contract/api-trials.ts";
import type { FlowsPlace } from "@gridwright/contract/flows-place.ts";
import type { RequestBody } from "@gridwright/contract/request.ts";
import type { FlowNode } from "@gridwright/flows/runtime/gate/flow-node.ts";
import type { Startup } from "../processes/startup.ts";
import { type Child, superviseChild } from "../supervisor/child.ts";
import { createJudge, FLOWS_PACKAGE, flagsOf } from "../supervisor/flows-judge.ts";
import { newFlowsPlace } from "../supervisor/flows-place.ts";
import type { Door } from "./door.ts";
import { openTimeLine, type TimeLine } from "./time-line.ts";

const LOOK_EVERY_MS = 500;
/** As pino numbers it. */
const WARN = 40;
const LINES_MAX = 50;
const CHARS_MAX = 400;
const LIVES_MAX = 5;
/** Node-RED says it of any new folder. */
const OF_ITSELF = "Encrypted credentials not found";
const ENDED = "its process ended";
const RUNS = "it runs";

export interface RedOptions {
  readonly siteFile: string;
  readonly flows: readonly FlowNode[];
  readonly pace: number;
  /** Wall time of the plant at which flows begin, ms. */
  readonly origin: number;
  readonly door: Door;
  /** Tells the controller, in role flow. */
  readonly say: (body: RequestBody) => void;
}

export interface TrialRed {
  /** When flows run; also where no life of it stood. */
  readonly begun: Promise<void>;
  /** Wall time of the plant until which flows have done what fell due; Infinity while none run. */
  readonly at: number;
  /** How far the plant is. */
  tell(plantAt: number): void;
  told(): Omit<TrialRun["process"], "stalledMs">;
  stop(): Promise<void>;
}

/** What is worth telling of a line of the process's log. */
function complaintOf(line: string): string | undefined {
  try {
    const { level, msg, error } = JSON.parse(line) as { level?: number; msg?: string; error?: string };
    if (level === undefined || level < WARN || msg === undefined || msg === OF_ITSELF) return undefined;
    return `${msg}${error === undefined ? "" : `: ${error}`}`.slice(0, CHARS_MAX);
  } catch {
    return undefined;
  }
}

/** What its lives said and how they ended. */
function createRecord() {
  const said = new Map<string, number>();
  const ended: string[] = [];
  return {
    ended,
    line(text: string): void {
      const complaint = complaintOf(text);
      if (complaint !== undefined && (said.has(complaint) || said.size < LINES_MAX))
        said.set(complaint, (said.get(complaint) ?? 0) + 1);
    },
    told: () => ({ ended, said: [...said].map(([text, n]) => ({ text, n })) }),
  };
}

/** Ends a life that does not answer or grows too large; the answer stops looking. */
function judgeLives(child: Child, port: number, guilty: (why: string) => void): () => void {
  const judge = createJudge(port);
  let busy = false;
  const look = async (): Promise<void> => {
    const { pid } = child;
    if (busy || pid === undefined) return;
    busy = true;
    const why = await judge(pid);
    busy = false;
    if (why === undefined || pid !== child.pid) return;
    guilty(why);
    child.kill();
  };
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  return () => clearInterval(timer);
}

/** What a life is told at its start. */
const startupOf = (
  { door, flows, pace, siteFile }: RedOptions,
  { place, userDir, clocks, line }: Pick<Lives, "place" | "userDir" | "clocks" | "line">,
): Startup => ({
  ...{ ...place, process: "flows", siteFile, dataDir: userDir, userDir, packageDir: FLOWS_PACKAGE },
  ...{ token: door.token, apiUrl: door.url, safe: false, examples: [] },
  trial: { pace, flows, origin: clocks.plant, timePort: line.port },
});

interface Clocks {
  /** Of the plant. */
  plant: number;
  /** Of the flows. */
  flows: number;
}

interface Lives {
  readonly options: RedOptions;
  readonly userDir: string;
  readonly place: FlowsPlace;
  readonly clocks: Clocks;
  readonly line: TimeLine;
  readonly record: ReturnType<typeof createRecord>;
  readonly begun: () => void;
}

function startLives(lives: Lives) {
  const { options, userDir, place, clocks, record, begun } = lives;
  const { say } = options;
  let why: string | undefined;
  const child = superviseChild({
    startup: () => startupOf(options, lives),
    flags: flagsOf(userDir),
    env: { MALLOC_ARENA_MAX: "2", TZ: process.env.TZ ?? "" },
    onLine: (_name, line) => record.line(line),
    onReady: () => {
      clocks.flows = clocks.plant;
      begun();
      if (record.ended.length > 0) say({ kind: "flows", alive: true, why: RUNS });
    },
    onEnd: (_name, how) => {
      record.ended.push(why ?? how);
      why = undefined;
      clocks.flows = Number.POSITIVE_INFINITY;
      say({ kind: "flows", alive: false, why: ENDED });
      if (record.ended.length < LIVES_MAX) return;
      begun();
      // Its owner starts it again once this returns.
      setImmediate(() => void child.stop());
    },
  });
  child.ready.catch(() => undefined);
  const unwatch = judgeLives(child, place.port, (found) => {
    why = found;
  });
  return { child, unwatch };
}

/** Starts at once. */
export async function startRed(options: RedOptions): Promise<TrialRed> {
  const place = await newFlowsPlace(new Set());
  const userDir = mkdtempSync(join(tmpdir(), "gridwright-trial-"));
  // Also where the trial is cancelled; its Node-RED may just be ending.
  const clear = (): void => rmSync(userDir, { recursive: true, force: true, maxRetries: 5 });
  process.once("exit", clear);
  const clocks: Clocks = { plant: options.origin, flows: Number.POSITIVE_INFINITY };
  const line = await openTimeLine(options.door.token, (at) => {
    clocks.flows = at;
  });
  const record = createRecord();
  const { promise: begun, resolve } = Promise.withResolvers<void>();
  const { child, unwatch } = startLives({
    ...{ options, userDir, place, clocks, line, record },
    begun: resolve,
  });
  return {
    begun,
    get at() {
      return clocks.flows;
    },
    tell(plantAt) {
      clocks.plant = plantAt;
      line.tell(plantAt);
    },
    told: record.told,
    async stop() {
      unwatch();
      await child.stop();
      line.close();
      process.off("exit", clear);
      clear();
    },
  };
}
