// The door of a process that the service manager runs as a unit of its own: `unit.ts control --config FILE --data DIR`. It
// builds the start order that a supervisor would send, tells the manager that it is up, and lets control's finished steps
// alone keep the manager's watchdog quiet. No process waits here for another one.
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { millis } from "@gridwright/contract/units.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { jsonLog } from "@gridwright/runtime/log/json-log.ts";
import { type Notify, openNotify } from "@gridwright/runtime/service-manager/notify.ts";
import { toldDenied } from "../denied.ts";
import { noteProcess } from "../supervisor/run-file.ts";
import { failWith, host } from "./host.ts";
import { runFlowsUnit } from "./unit-flows.ts";
import { type UnitPlace, unitStartup } from "./unit-place.ts";
import { tellWhoInstalls } from "./unit-set-up.ts";

const UNITS = ["broker", "control", "flows", "services"] as const;
type Unit = (typeof UNITS)[number];

const USAGE = `unit.ts ${UNITS.join("|")} --config <site.yaml> --data <dir> --runtime <dir>`;
/** What starting again does not cure may be cured by a person meanwhile: the manager starts it again after this long. */
const HOPELESS_PAUSE_MS = 15_000;
const EXIT_USAGE = 64;
const HEARD_MS = 1_000;
const MS = 1_000;

const SILENT: Notify = { ready: () => undefined, alive: () => undefined, close: () => undefined };

function notifier(unit: Unit): Notify {
  const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: patience } = process.env;
  if (socket === undefined) return SILENT;
  const patienceMs = patience === undefined ? undefined : millis(Number(patience) / MS);
  return openNotify({
    ...{ socket, io: hostClock(), log: jsonLog(unit) },
    ...(patienceMs !== undefined && { patienceMs }),
  });
}

function asked(): { readonly unit: Unit; readonly place: UnitPlace } | undefined {
  const text = { type: "string" } as const;
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { config: text, data: text, runtime: text },
  });
  const unit = UNITS.find((name) => name === positionals[0]);
  const { config, data, runtime } = values;
  if (unit === undefined || config === undefined || data === undefined || runtime === undefined)
    return undefined;
  return { unit, place: { siteFile: config, dataDir: data, runtimeDir: runtime } };
}

async function run(unit: Unit, place: UnitPlace): Promise<void> {
  const notify = notifier(unit);
  const failed = async (_message: string, hopeless: boolean): Promise<void> => {
    if (hopeless) await wait(HOPELESS_PAUSE_MS);
  };
  try {
    if (unit === "flows") return await runFlowsUnit(place, notify);
    const startup = await unitStartup(unit, place);
    if (startup === undefined) {
      notify.ready();
      // Whose sender is gone before the manager reads it, that word is nobody's, and the unit would count as failed.
      await wait(HEARD_MS);
      return notify.close();
    }
    if (unit === "services") await tellWhoInstalls(place, jsonLog(unit));
    await host(startup, {
      async started(started) {
        noteProcess(startup, started);
        notify.ready();
      },
      failed,
      stepped: notify.alive,
    });
  } catch (error) {
    await failWith(toldDenied(error), jsonLog(unit), { failed });
  }
}

const order = asked();
if (order === undefined) {
  process.stderr.write(`${USAGE}\n`);
  process.exitCode = EXIT_USAGE;
} else await run(order.unit, order.place);
