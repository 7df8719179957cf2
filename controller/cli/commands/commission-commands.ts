// The commands of commissioning, for a technician in front of a cabinet: scan, read, write, bus, device.
import { dirname } from "node:path";
import type { Site } from "@gridwright/contract/site/site.ts";
import { type Command, InvalidArgumentError } from "commander";
import { checkSite } from "../load-site.ts";
import { runBus } from "./bus.ts";
import { runDeviceAdd } from "./device.ts";
import { port, ttl } from "./flags.ts";
import { runRead } from "./read.ts";
import { runScan } from "./scan.ts";
import { runScanMqtt } from "./scan-mqtt.ts";
import { asInSite, type SerialFlags, scanTarget } from "./scan-target.ts";
import { interrupted, progress } from "./terminal-ways.ts";
import { runWrite } from "./write.ts";

type Write = (line: string) => void;

const UNIT_MAX = 247;
const WORST_TIMEOUT_MS = 30_000;

function units(text: string): readonly number[] {
  const found = text.split(",").flatMap((part) => {
    const [first = Number.NaN, last = first] = part.split("-").map(Number);
    const valid = Number.isInteger(first) && Number.isInteger(last) && first >= 0 && last <= UNIT_MAX;
    return valid && first <= last
      ? Array.from({ length: last - first + 1 }, (_, index) => first + index)
      : [-1];
  });
  if (found.includes(-1)) throw new InvalidArgumentError("unit ids such as 1,3 or 1-32, at most 247");
  return [...new Set(found)];
}

const ports = (text: string): readonly number[] => text.split(",").map(port);

function timeout(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 20 || value > WORST_TIMEOUT_MS)
    throw new InvalidArgumentError("milliseconds, from 20 to 30000");
  return value;
}

const oneOf =
  <T>(values: readonly T[]) =>
  (text: string): T => {
    const value = values.find((each) => String(each) === text);
    if (value === undefined) throw new InvalidArgumentError(`one of ${values.join(", ")}`);
    return value;
  };

interface ScanFlags extends SerialFlags {
  readonly port: readonly number[];
  readonly units?: readonly number[];
  readonly all?: boolean;
  readonly timeout: number;
  readonly config?: string;
  readonly data: string;
  readonly json?: boolean;
}

/** The links of a site file, where it is named and free of mistakes. */
const linksOf = (config: string | undefined): Site["links"] =>
  config === undefined ? {} : (checkSite(config).model?.site.links ?? {});

function addScan(program: Command, write: Write): void {
  program
    .command("scan")
    .description("find devices, say what they are, and propose their entry for site.yaml; only reads")
    .argument(
      "<target>",
      "tcp://host[:port], rtu+tcp://gateway:port, serial:/dev/…, net, or mqtt (Zigbee bridges)",
    )
    .argument("[network]", "with net: 10.0.0.0/24")
    .option("--units <list>", "unit ids to ask: 1,3 or 1-32; without it the likely ones", units)
    .option("--all", "every unit id from 1 to 247; takes a while")
    .option("--timeout <ms>", "longest wait for one answer", timeout, 1_000)
    .option("--port <list>", "with net: ports to try", ports, [502])
    .option(
      "--baud <number>",
      "serial: speed",
      oneOf([1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200]),
      9600,
    )
    .option("--parity <kind>", "serial: none, even or odd", oneOf(["none", "even", "odd"] as const), "none")
    .option("--stop-bits <number>", "serial: 1 or 2", oneOf([1, 2] as const), 1)
    .option("--config <site.yaml>", "know the profiles beside this site file too")
    .option("--data <dir>", "with mqtt: data folder of the running controller", "data")
    .option("--json", "one JSON object instead of text")
    .action(async (target: string, network: string | undefined, flags: ScanFlags) => {
      const { baud, parity, stopBits, data } = flags;
      if (target === "mqtt") {
        const json = flags.json === true;
        process.exitCode = await runScanMqtt({ data, json, write, signal: interrupted() });
        return;
      }
      process.exitCode = await runScan({
        target: asInSite(scanTarget(target, network, { baud, parity, stopBits }), linksOf(flags.config)),
        ports: flags.port,
        ...(flags.units && { units: flags.units }),
        all: flags.all === true,
        ...(flags.config !== undefined && { siteFolder: dirname(flags.config) }),
        timeoutMs: flags.timeout,
        json: flags.json === true,
        signal: interrupted(),
        write,
        progress,
      });
    });
}

interface ReadFlags {
  readonly data: string;
  readonly config?: string;
  readonly raw?: boolean;
  readonly watch?: boolean;
  readonly json?: boolean;
}

/** Makes room for the next round: an empty screen, or an empty line where there is none. */
const clearer = (write: Write) => (): void => {
  if (process.stdout.isTTY) process.stdout.write("\u001b[2J\u001b[H");
  else write("");
};

function addRead(program: Command, write: Write): void {
  program
    .command("read")
    .description("what an asset or device says now: value, unit, quality, age")
    .argument("<asset[/point]>", "an asset or device of the site, or one point of it")
    .option("--watch", "again every second until Ctrl-C")
    .option("--raw", "ask the device itself and show its registers")
    .option("--config <site.yaml>", "read this site's devices directly; for when nothing runs")
    .option("--data <dir>", "data folder of the running controller", "data")
    .option("--json", "one JSON object a round instead of text")
    .action(async (target: string, flags: ReadFlags) => {
      const { data, config, raw = false, watch = false, json = false } = flags;
      process.exitCode = await runRead({
        ...{ target, data, raw, watch, json, write, clear: clearer(write), signal: interrupted() },
        ...(config !== undefined && { config }),
      });
    });
}

interface WriteFlags {
  readonly for: number;
  readonly why: string;
  readonly iWillRevert?: boolean;
  readonly data: string;
  readonly config?: string;
  readonly json?: boolean;
}

function addWrite(program: Command, write: Write): void {
  program
    .command("write")
    .description("try a switch or limit for a short while: read back, and seen to go back")
    .argument("<asset/point>", "house-4-heater/switch or roof-west/limit")
    .argument("<value>", "on or off; a limit as 60 %")
    .requiredOption("--for <duration>", "how long: 30 s; at most 15 min", ttl)
    .option("--why <text>", "shown to everybody", "a trial write")
    .option("--i-will-revert", "for a device that cannot go back by itself: you stand beside it")
    .option("--config <site.yaml>", "write to this site's device directly; for when nothing runs")
    .option("--data <dir>", "data folder of the running controller", "data")
    .option("--json", "the result as JSON")
    .action(async (target: string, value: string, flags: WriteFlags) => {
      const { data, config, why, for: forMs, iWillRevert = false, json = false } = flags;
      process.exitCode = await runWrite({
        ...{ target, value, forMs, why, iWillRevert, data, json, write, signal: interrupted() },
        ...(config !== undefined && { config }),
      });
    });
}

interface BusFlags {
  readonly watch?: boolean;
  readonly data: string;
  readonly json?: boolean;
}

function addBus(program: Command, write: Write): void {
  program
    .command("bus")
    .description("how the Modbus links of the running controller do: load, latencies, errors")
    .argument("[link]", "one link of the site; without it all")
    .option("--watch", "each new report (every 5 s) until Ctrl-C")
    .option("--data <dir>", "data folder of the running controller", "data")
    .option("--json", "one JSON object a report instead of text")
    .action(async (link: string | undefined, { data, watch = false, json = false }: BusFlags) => {
      process.exitCode = await runBus({
        ...{ data, watch, json, write, clear: clearer(write), signal: interrupted() },
        ...(link !== undefined && { link }),
      });
    });
}

interface DeviceFlags {
  readonly data: string;
  readonly config?: string;
  readonly host?: string;
  readonly json?: boolean;
}

function addDevice(program: Command, write: Write): void {
  program
    .command("device")
    .description("MQTT devices at the site's broker")
    .command("add")
    .description("show the credential of one MQTT device, once, and how to enter it")
    .argument("<id>", "its id in the site file")
    .option("--config <site.yaml>", "the site file; for when nothing runs")
    .option("--data <dir>", "data folder of the controller", "data")
    .option("--host <address>", "the broker's address as the device sees it")
    .option("--json", "one JSON object instead of text")
    .action(async (id: string, { data, config, host, json = false }: DeviceFlags) => {
      process.exitCode = await runDeviceAdd({
        ...{ id, data, json, write },
        ...(config !== undefined && { config }),
        ...(host !== undefined && { host }),
      });
    });
}

export function addCommissionCommands(program: Command, write: Write): void {
  addScan(program, write);
  addRead(program, write);
  addWrite(program, write);
  addBus(program, write);
  addDevice(program, write);
}
