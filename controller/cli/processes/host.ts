// Holds one process of a site from its start order to its end, whoever started it: the supervisor (entry.ts) or the service
// manager (unit.ts). A bug (uncaught exception) ends the process at once: leases make the outputs safe, and it is started
// anew. Nothing here decides anything.
import { GridwrightError, messageOf } from "@gridwright/contract/errors.ts";
import type { Log } from "@gridwright/contract/log.ts";
import { jsonLog } from "@gridwright/runtime/log/json-log.ts";
import { toldDenied } from "../denied.ts";
import type { Running } from "./running.ts";
import { EXIT_HOPELESS, type Started, type Startup } from "./startup.ts";

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

/** Who started the process, and what it wants to hear. */
export interface Starter {
  started(started: Started): Promise<void>;
  /** The process ends once this has resolved. `hopeless`: starting it again would not help. */
  failed(message: string, hopeless: boolean): Promise<void>;
  /** Control's: each step of which every command was answered or refused. */
  readonly stepped: () => void;
}

async function compose(startup: Startup, log: Log, stepped: () => void): Promise<Running> {
  switch (startup.process) {
    case "twin":
      return (await import("./twin.ts")).runTwin(startup, log);
    case "box":
      return (await import("./box.ts")).runBox(startup, log);
    case "broker":
      return (await import("./broker.ts")).runBroker(startup, log);
    case "control":
      return (await import("./control.ts")).runControl(startup, log, stepped);
    case "services":
      return (await import("./services.ts")).runServices(startup, log);
    case "flows":
      return startup.trial === undefined
        ? (await import("./flows.ts")).runFlows(startup, log)
        : (await import("./flows-trial.ts")).runTrialFlows(startup, startup.trial, log);
    default:
      return startup satisfies never;
  }
}

/** Tells of the failure and ends the process. */
export async function failWith(error: unknown, log: Log, starter: Pick<Starter, "failed">): Promise<never> {
  const known = error instanceof GridwrightError;
  const message = messageOf(error);
  const hopeless = known && HOPELESS.has(error.code);
  log.error(message, {
    code: known ? error.code : "internal",
    ...(known ? {} : { stack: (error as Error)?.stack }),
  });
  await starter.failed(message, hopeless);
  process.exit(hopeless ? EXIT_HOPELESS : EXIT_BUG);
}

/** Runs until it is told to end or loses its supervisor. */
export async function host(startup: Startup, starter: Starter): Promise<void> {
  process.title = `gridwright ${startup.process}`;
  const log = jsonLog(startup.process);
  // What the machine refuses at the start a person puts right; later it is as any bug.
  let isUp = false;
  const fail = (error: unknown) => failWith(isUp ? error : toldDenied(error), log, starter);
  process.on("uncaughtException", (error) => void fail(error));
  process.on("unhandledRejection", (error) =>
    // A promise that a technician's function forgot is no bug of ours, and ends none of the other flows.
    startup.process === "flows"
      ? log.warn("a flow left a failure unheard", { error: String(error) })
      : void fail(error),
  );
  const starting = compose(startup, log, starter.stepped);
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
    await starter.started({ ready: true, pid: process.pid, ports });
    isUp = true;
  } catch (error) {
    await fail(error);
  }
}
