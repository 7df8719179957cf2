// One supervised process: started, watched over its IPC channel, restarted with back-off when it ends. A child whose
// channel closes ends itself (processes/entry.ts), so the supervisor's own death takes all with it.
import { type ChildProcess, fork } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { EXIT_HOPELESS, type Started, type Startup } from "../processes/startup.ts";

export type ProcessName = Startup["process"];

export interface ChildOptions {
  readonly startup: () => Startup;
  readonly onLine: (process: ProcessName, line: string) => void;
  readonly onReady: (process: ProcessName, started: Started) => void;
  readonly onEnd: (process: ProcessName, how: string) => void;
}

export interface Child {
  readonly pid: number | undefined;
  /** Resolves with the first `ready`; rejects with what the process said when it ends before. */
  readonly ready: Promise<Started>;
  stop(): Promise<void>;
}

/** First pause before a restart, and the longest; in ms. A restarted process is up again within 2 s. */
const RESTART_FIRST_MS = 100;
const RESTART_MOST_MS = 10_000;
/** A process that lived this long starts again with the first pause. */
const STEADY_MS = 20_000;
const STOP_PATIENCE_MS = 5_000;
const ENTRY = fileURLToPath(new URL("../processes/entry.ts", import.meta.url));

export function superviseChild(options: ChildOptions): Child {
  const { process: name } = options.startup();
  let child: ChildProcess | undefined;
  let stopping = false;
  let pause = RESTART_FIRST_MS;
  let timer: NodeJS.Timeout | undefined;
  const { promise, resolve, reject } = Promise.withResolvers<Started>();

  const start = (): void => {
    const startedAt = performance.now();
    let failure: string | undefined;
    child = fork(ENTRY, [], {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      execArgv: ["--disable-warning=ExperimentalWarning"],
    });
    child.send({ startup: options.startup() });
    for (const stream of [child.stdout, child.stderr])
      if (stream !== null)
        createInterface({ input: stream }).on("line", (line) => options.onLine(name, line));
    child.on("message", (message: Started | { failed: string }) => {
      if ("failed" in message) failure = message.failed;
      else {
        resolve(message);
        options.onReady(name, message);
      }
    });
    child.on("exit", (code, signal) => {
      if (stopping) return;
      options.onEnd(name, signal ?? `exit code ${code}`);
      if (code === EXIT_HOPELESS) return reject(new Error(failure ?? `${name} cannot start`));
      pause =
        performance.now() - startedAt > STEADY_MS ? RESTART_FIRST_MS : Math.min(pause * 2, RESTART_MOST_MS);
      timer = setTimeout(start, pause);
    });
  };
  start();

  const stop = async (): Promise<void> => {
    stopping = true;
    clearTimeout(timer);
    const running = child;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const ended = new Promise((done) => running.once("exit", done));
    running.kill("SIGTERM");
    const force = setTimeout(() => running.kill("SIGKILL"), STOP_PATIENCE_MS);
    await ended;
    clearTimeout(force);
  };

  return {
    get pid() {
      return child?.pid;
    },
    ready: promise,
    stop,
  };
}
