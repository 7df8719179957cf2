// `gridwright bus`: how the Modbus links of the running controller do: load, latencies, errors, and which unit is left
// alone because it does not answer.
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { type BusesMessage, type BusStatus, topics } from "@gridwright/contract/messages.ts";
import { millis, seconds } from "@gridwright/contract/units.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { findRunning, joinBus } from "./operator.ts";
import { table } from "./table.ts";

export interface BusCommand {
  /** One link; none: all. */
  readonly link?: string;
  readonly data: string;
  readonly watch: boolean;
  readonly json: boolean;
  readonly write: (line: string) => void;
  readonly clear: () => void;
  readonly signal: AbortSignal;
}

/** A report comes every 5 s, and the last one at once. */
const REPORT_MAX = seconds(8);
const STEP = millis(100);
const MODBUS_KINDS = "modbus-tcp, modbus-rtu-tcp and modbus-rtu";

const percent = (share: number | null): string => (share === null ? "-" : `${Math.round(share * 100)} %`);
const time = (ms: number | undefined): string => (ms === undefined ? "-" : ms < 1 ? "<1 ms" : `${ms} ms`);

const linkRow = (id: string, bus: BusStatus): readonly string[] => [
  id,
  bus.up ? "up" : "down",
  percent(bus.utilisation),
  time(bus.latency?.p50),
  time(bus.latency?.p95),
  time(bus.latency?.p99),
  String(bus.requests),
  String(bus.timeouts),
  String(bus.strays),
  String(bus.connections),
];

const BREAKERS = {
  closed: "asked as planned",
  open: "left alone for a while",
  "half-open": "just tried again",
} as const;

const unitRows = (id: string, bus: BusStatus): readonly (readonly string[])[] =>
  Object.entries(bus.units).map(([device, { breaker, errors, lastError }]) => [
    device,
    id,
    BREAKERS[breaker],
    String(errors),
    lastError ?? "",
  ]);

function show({ buses }: BusesMessage, write: (line: string) => void): void {
  const entries = Object.entries(buses);
  const numbers = ["BUSY", "P50", "P95", "P99", "REQUESTS", "TIMEOUTS", "STRAYS", "CONNECTIONS"];
  for (const line of table(
    ["LINK", "STATE", ...numbers],
    entries.map((entry) => linkRow(...entry)),
    numbers,
  ))
    write(line);
  for (const [id, { up, why }] of entries) if (!up) write(`${id} is down: ${why ?? "not connected yet"}`);
  write("");
  const units = entries.flatMap((entry) => unitRows(...entry));
  for (const line of table(["DEVICE", "LINK", "IT IS", "ERRORS", "LAST ERROR"], units, ["ERRORS"]))
    write(line);
}

/** Only the link that is asked for. Throws `usage` when control has none of that name. */
function chosen(message: BusesMessage, link: string | undefined): BusesMessage {
  if (link === undefined) return message;
  const bus = message.buses[link];
  if (bus === undefined)
    throw new GridwrightError(
      "usage",
      `The site has no Modbus link "${link}"; there are: ${Object.keys(message.buses).join(", ") || "none"}.`,
    );
  return { ...message, buses: { [link]: bus } };
}

const silent = (): GridwrightError =>
  new GridwrightError(
    "broker-unreachable",
    `The running controller does not tell how its links do. Has the site a link of ${MODBUS_KINDS}?`,
  );

/** Prints the newest report, with `watch` each new one; returns the exit code. */
export async function runBus(command: BusCommand): Promise<number> {
  const found = findRunning(command.data);
  if (found === undefined)
    throw new GridwrightError(
      "usage",
      `Nothing runs on ${command.data}: load and latencies are control's. Start it, or name its folder with --data DIR.`,
    );
  const io = hostClock();
  const { model, bus } = await joinBus(found);
  try {
    const reports: BusesMessage[] = [];
    bus.subscribe(topics(model.site.site.id).buses, (_topic, payload) =>
      reports.push(JSON.parse(payload) as BusesMessage),
    );
    let waited = 0;
    do {
      const report = reports.splice(0).at(-1);
      if (report === undefined) {
        if (waited >= REPORT_MAX) throw silent();
        waited += STEP;
        await io.sleep(STEP);
        continue;
      }
      waited = 0;
      if (command.watch && !command.json) command.clear();
      if (command.json) command.write(JSON.stringify(chosen(report, command.link)));
      else show(chosen(report, command.link), command.write);
      if (!command.watch) return 0;
    } while (!command.signal.aborted);
    return 0;
  } finally {
    await bus.close();
  }
}
