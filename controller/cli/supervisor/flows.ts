// Supervises the process of the technicians' flows, after everything else is up and never in its way: prepares it (the first
// time that installs Node-RED), starts it confined, ends it when it no longer answers or grows too large, and starts it with
// no flow running when what was deployed crashed it again and again, or failed while services watched it and must not run. A
// new deploy begins anew.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import type { FlowsPlace } from "@gridwright/contract/flows-place.ts";
import { versionNumber } from "@gridwright/runtime/flows/kept-versions.ts";
import { stoppedVersion } from "@gridwright/runtime/flows/watch-file.ts";
import type { Started, Startup } from "../processes/startup.ts";
import { type Child, superviseChild } from "./child.ts";
import { createCrashCount } from "./crash-count.ts";
import { createJudge, FLOWS_PACKAGE, flagsOf } from "./flows-judge.ts";
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

const LOOK_EVERY_MS = 2_000;

const newestVersion = (userDir: string): string =>
  existsSync(join(userDir, "versions")) ? (readdirSync(join(userDir, "versions")).sort().at(-1) ?? "") : "";

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
  const child: ChildProcess = spawn(process.execPath, [join(FLOWS_PACKAGE, "prepare.ts")], {
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
      const at = { ...place, userDir, packageDir: FLOWS_PACKAGE, apiUrl };
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
