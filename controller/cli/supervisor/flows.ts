// Supervises the process of the technicians' flows, after everything else is up and never in its way: prepares it (the first
// time that installs Node-RED), starts it confined, ends it when it no longer answers or grows too large, and starts it with
// no flow running when what was deployed crashed it again and again, or failed while services watched it and must not run. A
// new deploy begins anew.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FlowsPlace } from "@gridwright/contract/flows-place.ts";
import { versionNumber } from "@gridwright/runtime/flows/kept-versions.ts";
import { stoppedVersion } from "@gridwright/runtime/flows/watch-file.ts";
import type { Started, Startup } from "../processes/startup.ts";
import { type Child, superviseChild } from "./child.ts";
import { createCrashCount } from "./crash-count.ts";
import type { Terminal } from "./terminal.ts";

export interface FlowsOptions {
  readonly dataDir: string;
  readonly siteFile: string;
  readonly place: FlowsPlace;
  /** Examples that a new folder begins with. */
  readonly examples: readonly string[];
  readonly terminal: Terminal;
  readonly onReady: (started: Started) => void;
  /** Node-RED and our nodes come along with the release: nothing is looked for and nothing installed. */
  readonly prepared?: boolean;
}

export interface SupervisedFlows {
  stop(): Promise<void>;
}

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const PACKAGE = join(ROOT, "flows");
const LOOK_EVERY_MS = 2_000;
const HEALTH_DEADLINE_MS = 2_000;
const MISSES_MAX = 3;
/** Until it answers for the first time. */
const START_PATIENCE_MS = 90_000;
/** Resident, buffers outside of the heap included. */
const RSS_MB_MAX = 400;

/** What the process may read: programs and packages, and what it wrote itself. No site file, no secret, no journal. */
export const flagsOf = (userDir: string): readonly string[] => [
  "--permission",
  ...["controller", "flows", "node_modules", "package.json"].map(
    (name) => `--allow-fs-read=${join(ROOT, name)}`,
  ),
  `--allow-fs-read=${userDir}`,
  `--allow-fs-write=${userDir}`,
];

const newestVersion = (userDir: string): string =>
  existsSync(join(userDir, "versions")) ? (readdirSync(join(userDir, "versions")).sort().at(-1) ?? "") : "";

function residentMb(pid: number): number {
  try {
    const [, kb = "0"] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kb) / 1_024;
  } catch {
    return 0;
  }
}

async function answers(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/health`, {
      signal: AbortSignal.timeout(HEALTH_DEADLINE_MS),
    });
    return response.ok;
  } catch {
    return false;
  }
}

/** Why it must end; undefined: it does well. */
function createJudge(port: number) {
  const seen = { pid: 0, since: 0, answered: false, misses: 0 };
  return async (pid: number): Promise<string | undefined> => {
    if (pid !== seen.pid) Object.assign(seen, { pid, since: performance.now(), answered: false, misses: 0 });
    if (residentMb(pid) > RSS_MB_MAX) return `it takes more than ${RSS_MB_MAX} MB`;
    if (await answers(port)) Object.assign(seen, { answered: true, misses: 0 });
    else seen.misses += 1;
    if (seen.answered) return seen.misses >= MISSES_MAX ? "it does not answer" : undefined;
    return performance.now() - seen.since > START_PATIENCE_MS ? "it did not come up" : undefined;
  };
}

/** What is deployed failed, and services found nothing to bring back in its stead. */
const mustStand = (dataDir: string, userDir: string): boolean =>
  versionNumber(newestVersion(userDir)) === stoppedVersion(dataDir);

function watch(child: Child, { place, terminal }: FlowsOptions, isForbidden: () => boolean): () => void {
  const judge = createJudge(place.port);
  let busy = false;
  const look = async (): Promise<void> => {
    const { pid } = child;
    if (busy || pid === undefined) return;
    busy = true;
    const why = isForbidden() ? "what is deployed must not run" : await judge(pid);
    busy = false;
    if (why === undefined || pid !== child.pid) return;
    terminal.say(`flows: ${why}; it is ended`);
    child.kill();
  };
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  return () => clearInterval(timer);
}

interface Preparing {
  readonly done: Promise<boolean>;
  end(): void;
}

const PREPARED: Preparing = { done: Promise.resolve(true), end: () => undefined };

/** Installs and builds what is missing, niced; resolves with false where that failed. */
function prepare(terminal: Terminal): Preparing {
  const child: ChildProcess = spawn(process.execPath, [join(PACKAGE, "prepare.ts")], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
  child.stderr?.on("data", (text: Buffer) => terminal.line("flows", text.toString().trimEnd()));
  const done = new Promise<boolean>((resolve) => {
    child.on("error", () => resolve(false));
    child.on("exit", (code) => resolve(code === 0));
  });
  return { done, end: () => void child.kill() };
}

function start(options: FlowsOptions, apiUrl: string): { readonly child: Child; readonly end: () => void } {
  const { dataDir, siteFile, place, examples, terminal, onReady } = options;
  const userDir = join(dataDir, "flows");
  // The permission model opens a folder that is there.
  mkdirSync(userDir, { recursive: true, mode: 0o700 });
  const crashes = createCrashCount(() => newestVersion(userDir));
  const forbidden = (): boolean => mustStand(dataDir, userDir);
  let safe = false;
  const child = superviseChild({
    startup: (): Startup => {
      crashes.began(performance.now());
      safe = crashes.safe || forbidden();
      const at = { ...place, userDir, packageDir: PACKAGE, apiUrl };
      return { ...at, process: "flows", dataDir, siteFile, examples, safe };
    },
    flags: flagsOf(userDir),
    env: { MALLOC_ARENA_MAX: "2", TZ: process.env.TZ ?? "" },
    onLine: terminal.line,
    onReady: (_name, started) => onReady(started),
    onEnd: (_name, how) => {
      crashes.ended(performance.now());
      const next = crashes.safe || forbidden() ? "it is started with no flow running" : "it is started again";
      terminal.say(`flows ended (${how}); ${next}`);
    },
  });
  child.ready.catch((error: unknown) => terminal.say(`flows: ${String(error)}`));
  const unwatch = watch(child, options, () => !safe && forbidden());
  return { child, end: unwatch };
}

/** Begins in the background; what goes wrong is told and holds nothing up. */
export function superviseFlows(options: FlowsOptions, apiUrl: string): SupervisedFlows {
  const { terminal } = options;
  let running: ReturnType<typeof start> | undefined;
  let stopped = false;
  const preparing = options.prepared ? PREPARED : prepare(terminal);
  const starting = preparing.done.then((ok) => {
    if (stopped) return;
    if (ok) running = start(options, apiUrl);
    else
      terminal.say("The technicians' flows are not there: Node-RED could not be installed. All else runs.");
  });
  return {
    async stop() {
      stopped = true;
      preparing.end();
      await starting;
      running?.end();
      await running?.child.stop();
    },
  };
}
