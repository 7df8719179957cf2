// One supervised process: started, watched over its IPC channel, restarted with back-off when it ends. A child whose
// channel closes ends itself (processes/entry.ts), so the supervisor's own death takes all with it.
import { type ChildProcess, fork } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { COMPILED } from "../compiled.ts";
import { EXIT_HOPELESS, type Started, type Startup } from "../processes/startup.ts";

export type ProcessName = Startup["process"];

interface Failed {
  readonly failed: string;
}

export interface ChildOptions {
  readonly startup: () => Startup;
  readonly onLine: (process: ProcessName, line: string) => void;
  readonly onReady: (process: ProcessName, started: Started) => void;
  readonly onEnd: (process: ProcessName, how: string) => void;
  /** More of Node's flags, and an environment of its own. */
  readonly flags?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

export interface Child {
  readonly pid: number | undefined;
  /** Resolves with the first `ready`; rejects with what the process said when it ends before. */
  readonly ready: Promise<Started>;
  /** At once, whatever it does; it is started again. */
  kill(): void;
  stop(): Promise<void>;
}

/** First pause before a restart, and the longest; in ms. A restarted process is up again within 2 s. */
const RESTART_FIRST_MS = 100;
const RESTART_MOST_MS = 10_000;
/** A process that lived this long starts again with the first pause. */
const STEADY_MS = 20_000;
const STOP_PATIENCE_MS = 5_000;
/**
 * Most MB of a semi-space and of the old space, each thread of a process for itself. V8 sizes both after the machine and
 * lets young garbage lie while there is room: on 24 GB control held 134 MB of young space where 31 MB were alive
 * (BENCHMARKS.md). These fit all processes into a Pi with 1 GB.
 */
const HEAP_MB: Readonly<Record<ProcessName, { readonly semi: number; readonly old: number }>> = {
  control: { semi: 4, old: 192 },
  services: { semi: 8, old: 256 },
  broker: { semi: 4, old: 128 },
  twin: { semi: 8, old: 192 },
  box: { semi: 4, old: 128 },
  flows: { semi: 4, old: 192 },
};
export const heapFlags = (process: ProcessName): readonly string[] => [
  `--max-semi-space-size=${HEAP_MB[process].semi}`,
  `--max-old-space-size=${HEAP_MB[process].old}`,
  // The journal's thread asks for a collection of its own heap now and then (journal/worker.ts says why).
  ...(process === "control" ? ["--expose-gc"] : []),
];
const ENTRY = fileURLToPath(new URL("../processes/entry.ts", import.meta.url));

/** Forks the process, passes on what it says, and gives its failure in words when it ends. */
function launch(options: ChildOptions, onStarted: (started: Started) => void): ChildProcess {
  const startup = options.startup();
  const child = fork(ENTRY, [], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    execArgv: [
      "--disable-warning=ExperimentalWarning",
      ...heapFlags(startup.process),
      ...(options.flags ?? []),
    ],
    // Sources run as they are; what was stripped and compiled once need not be again: a restart takes a third.
    // Two arenas are enough for glibc: more of them hold some 8 MB of freed memory.
    env: options.env ?? { NODE_COMPILE_CACHE: COMPILED, MALLOC_ARENA_MAX: "2", ...process.env },
  });
  child.send({ startup });
  for (const stream of [child.stdout, child.stderr])
    if (stream !== null)
      createInterface({ input: stream }).on("line", (line) => options.onLine(startup.process, line));
  child.on("message", (message: Started | Failed) => {
    if (!("failed" in message)) onStarted(message);
  });
  return child;
}

const failureOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) =>
    child.on("message", (message: Started | Failed) => {
      if ("failed" in message) resolve(message.failed);
    }),
  );

async function end(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once("exit", done));
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), STOP_PATIENCE_MS);
  await ended;
  clearTimeout(force);
}

export function superviseChild(options: ChildOptions): Child {
  const { process: name } = options.startup();
  const { promise: ready, resolve, reject } = Promise.withResolvers<Started>();
  let child: ChildProcess | undefined;
  let stopping = false;
  let pause = RESTART_FIRST_MS;
  let timer: NodeJS.Timeout | undefined;

  const start = (): void => {
    const startedAt = performance.now();
    const running = launch(options, (started) => {
      resolve(started);
      options.onReady(name, started);
    });
    const failure = failureOf(running);
    child = running;
    running.on("exit", (code, signal) => {
      if (stopping) return;
      if (code === EXIT_HOPELESS)
        return void failure.then((why) => reject(new GridwrightError("usage", why)));
      options.onEnd(name, signal ?? `exit code ${code}`);
      if (performance.now() - startedAt > STEADY_MS) pause = RESTART_FIRST_MS;
      timer = setTimeout(start, pause);
      pause = Math.min(pause * 2, RESTART_MOST_MS);
    });
  };
  start();

  return {
    get pid() {
      return child?.pid;
    },
    ready,
    kill: () => void child?.kill("SIGKILL"),
    stop() {
      stopping = true;
      clearTimeout(timer);
      return end(child);
    },
  };
}
