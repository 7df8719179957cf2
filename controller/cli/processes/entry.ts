// The door of every supervised process: takes its start-up order over IPC, runs one composition root, and ends with
// its supervisor. A bug (uncaught exception) ends the process at once: leases make the outputs safe, the supervisor
// starts it anew. Nothing here decides anything.
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { Log } from "@gridwright/contract/log.ts";
import { jsonLog } from "@gridwright/runtime/log/json-log.ts";
import type { Running } from "./running.ts";
import { EXIT_HOPELESS, type Startup } from "./startup.ts";

/** A process that was told to end is gone after this long, whatever it still wanted to write. */
const END_PATIENCE_MS = 800;
/** The same when the supervisor is gone: nobody waits for us any more. */
const ORPHAN_PATIENCE_MS = 300;
const EXIT_BUG = 70;
const HOPELESS: ReadonlySet<string> = new Set([
  "site-invalid",
  "site-unreadable",
  "port-in-use",
  "data-folder-locked",
  "data-folder-unusable",
]);

async function compose(startup: Startup, log: Log): Promise<Running> {
  switch (startup.process) {
    case "twin":
      return (await import("./twin.ts")).runTwin(startup, log);
    case "broker":
      return (await import("./broker.ts")).runBroker(startup, log);
    case "control":
      return (await import("./control.ts")).runControl(startup, log);
    case "services":
      return (await import("./services.ts")).runServices(startup, log);
    case "flows":
      return (await import("./flows.ts")).runFlows(startup, log);
    default:
      return startup satisfies never;
  }
}

// Held here: the process of the flows gives its own line away before any flow runs.
const send = process.send?.bind(process);
const tell = (message: unknown): Promise<void> =>
  new Promise((done) =>
    process.connected && send !== undefined ? send(message, undefined, undefined, () => done()) : done(),
  );

async function fail(log: Log, error: unknown): Promise<never> {
  const known = error instanceof GridwrightError;
  const message = error instanceof Error ? error.message : String(error);
  log.error(message, {
    code: known ? error.code : "internal",
    ...(known ? {} : { stack: (error as Error)?.stack }),
  });
  await tell({ failed: message });
  process.exit(known && HOPELESS.has(error.code) ? EXIT_HOPELESS : EXIT_BUG);
}

async function begin(startup: Startup): Promise<void> {
  process.title = `gridwright ${startup.process}`;
  const log = jsonLog(startup.process);
  process.on("uncaughtException", (error) => void fail(log, error));
  process.on("unhandledRejection", (error) =>
    // A promise that a technician's function forgot is no bug of ours, and ends none of the other flows.
    startup.process === "flows"
      ? log.warn("a flow left a failure unheard", { error: String(error) })
      : void fail(log, error),
  );
  const starting = compose(startup, log);
  const end = async (patienceMs: number): Promise<void> => {
    setTimeout(() => process.exit(0), patienceMs);
    await (await starting).stop();
    process.exit(0);
  };
  process.once("SIGTERM", () => void end(END_PATIENCE_MS));
  process.on("SIGINT", () => undefined);
  process.once("disconnect", () => void end(ORPHAN_PATIENCE_MS));
  try {
    const { ports } = await starting;
    await tell({ ready: true, pid: process.pid, ports });
  } catch (error) {
    await fail(log, error);
  }
}

process.once("message", ({ startup }: { startup: Startup }) => void begin(startup));
