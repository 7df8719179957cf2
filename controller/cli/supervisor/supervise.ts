// Starts the processes of a site in the order in which they need each other, keeps them running, and ends them all.
// Control waits for nobody: a broker that is late or gone costs it only its MQTT devices.
import type { Started, Startup } from "../processes/startup.ts";
import { type Child, type ProcessName, superviseChild } from "./child.ts";
import { type FlowsOptions, type SupervisedFlows, superviseFlows } from "./flows.ts";
import { noteRun } from "./run-file.ts";
import type { Terminal } from "./terminal.ts";

export interface Supervised {
  /** Ports and pids by process. */
  readonly started: Readonly<Partial<Record<ProcessName, Started>>>;
  /** Starts what may come last, beside what runs. */
  addFlows(options: Omit<FlowsOptions, "terminal" | "onReady" | "dataDir" | "siteFile">): void;
  stop(): Promise<void>;
}

/** A page that came up on any free port stays there when its process is started again. */
const samePage = (startup: Startup, before: Started | undefined): Startup =>
  startup.process === "services" ? { ...startup, pagePort: before?.ports.page ?? startup.pagePort } : startup;

export async function supervise(startups: readonly Startup[], terminal: Terminal): Promise<Supervised> {
  const started: Partial<Record<ProcessName, Started>> = {};
  const children: Child[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all([...children].reverse().map((child) => child.stop()));
  };
  try {
    for (const startup of startups) {
      const child = superviseChild({
        startup: () => samePage(startup, started.services),
        onLine: terminal.line,
        onReady: (name, ready) => {
          if (started[name] !== undefined) terminal.say(`${name} is running again (pid ${ready.pid})`);
          started[name] = ready;
          noteRun(startup, started);
        },
        onEnd: (name, how) => terminal.say(`${name} ended (${how}); it is started again`),
      });
      children.push(child);
      await child.ready;
    }
  } catch (error) {
    await stop();
    throw error;
  }
  let flows: SupervisedFlows | undefined;
  return {
    started,
    addFlows(options) {
      const [common] = startups;
      if (common === undefined) return;
      const onReady = (ready: Started): void => {
        started.flows = ready;
        noteRun(common, started);
      };
      const { dataDir, siteFile } = common;
      const apiUrl = `http://127.0.0.1:${started.services?.ports.page}`;
      flows = superviseFlows({ ...options, dataDir, siteFile, terminal, onReady }, apiUrl);
    },
    async stop() {
      await Promise.all([flows?.stop(), stop()]);
    },
  };
}
