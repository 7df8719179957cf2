// The bridge with 32 boxes that each report ten times a second: what it costs a core, and how long a command takes meanwhile; beside
// it a program that takes the same figures as lines of JSON and does nothing with them.
import { fork } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { epoch, millis } from "@gridwright/contract/units.ts";
import { createBox } from "@gridwright/firmware-bridge/src/box/box.ts";
import { createBoxLine } from "@gridwright/firmware-bridge/src/line/box-line.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { siteOf } from "../../firmware/bridged.ts";
import { MEGA, percentile, plain, table } from "../figures.ts";

const BOXES = 32;
const MEASURED_MS = 30_000;
const SETTLE_MS = 4_000;
const COMMAND_EVERY_MS = 20;
const TALKING = fileURLToPath(new URL("./talking-box.ts", import.meta.url));
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

const places = Array.from({ length: BOXES }, (_, at) => at);
const SITE = siteOf([
  "links:",
  ...places.map((at) => `  usb-${at}: { kind: box, device: /dev/serial/by-id/usb-box-${at} }`),
  "devices:",
  ...places.map((at) => `  box-${at}: { link: usb-${at}, profile: gridwright-box }`),
  "assets:",
  ...places.map(
    (at) =>
      `  heater-${at}: { kind: load, name: Heater ${at}, tier: 4, rating: 2 kVA, switch: box-${at}/relay_3, onSilence: off }`,
  ),
]);

interface Cost {
  readonly cpuPercent: number;
  readonly perSecond: number;
  readonly commands: readonly number[];
}

async function withBoxes<T>(
  words: "frames" | "json",
  use: (ports: readonly number[]) => Promise<T>,
): Promise<T> {
  const child = fork(TALKING, [String(BOXES), words], { execArgv: process.execArgv });
  try {
    const [ports] = (await once(child, "message")) as [number[]];
    return await use(ports);
  } finally {
    child.disconnect();
    await once(child, "exit");
  }
}

async function socketTo(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  return socket;
}

/** CPU and messages while `busy` runs. */
async function costOf(heard: () => number, busy: () => Promise<readonly number[]>): Promise<Cost> {
  await sleep(SETTLE_MS);
  const [cpu, from, began] = [process.cpuUsage(), heard(), performance.now()];
  const commands = await busy();
  const took = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  return {
    cpuPercent: ((user + system) / 1_000 / took) * 100,
    perSecond: ((heard() - from) / took) * 1_000,
    commands,
  };
}

async function bridge(ports: readonly number[], forMs: number): Promise<Cost> {
  const io = hostClock();
  const around = { plant: io, io, random: Math.random, log: quiet };
  const boxes = Object.values(SITE.devices).map((device) =>
    createBox({ device, model: SITE, ...around, mode: () => "island-inverter", toldUntil: epoch(0) }),
  );
  const lines = boxes.map((box, at) =>
    createBoxLine({
      ...{ boxes: [box], place: box.device.id, io, random: Math.random, log: quiet },
      open: () => socketTo(ports[at] ?? 0),
    }),
  );
  const heard = (): number => lines.reduce((sum, { counts }) => sum + counts.heard, 0);
  const cost = await costOf(heard, async () => {
    const times: number[] = [];
    const end = performance.now() + forMs;
    for (let at = 0; performance.now() < end; at++) {
      const set = { kind: "switch", on: at % (2 * BOXES) < BOXES } as const;
      const began = performance.now();
      const { signal } = new AbortController();
      await boxes[at % BOXES]?.device.command({ point: "relay_3", set, leaseMs: millis(60_000) }, signal);
      times.push(performance.now() - began);
      await sleep(COMMAND_EVERY_MS);
    }
    return times;
  });
  await Promise.all(lines.map((line) => line.close()));
  return cost;
}

async function jsonLines(ports: readonly number[], forMs: number): Promise<Cost> {
  let heard = 0;
  const sockets = await Promise.all(ports.map(socketTo));
  const last: unknown[] = [];
  for (const [at, socket] of sockets.entries())
    createInterface({ input: socket }).on("line", (line) => {
      last[at] = JSON.parse(line);
      heard += 1;
    });
  const cost = await costOf(
    () => heard,
    async () => {
      await sleep(forMs);
      return [];
    },
  );
  for (const socket of sockets) socket.destroy();
  return cost;
}

export async function manySection(quick: boolean): Promise<string> {
  const forMs = quick ? 5_000 : MEASURED_MS;
  const json = await withBoxes("json", (ports) => jsonLines(ports, forMs));
  const frames = await withBoxes("frames", (ports) => bridge(ports, forMs));
  const row = (name: string, { cpuPercent, perSecond }: Cost): string[] => [
    name,
    plain(perSecond, 0),
    plain(cpuPercent),
    plain(((cpuPercent / 100) * MEGA) / perSecond),
    plain(cpuPercent / json.cpuPercent),
  ];
  return `${BOXES} boxes on a socket each, in a process of their own, report state and measurements ten times a second (a real box: twice);
a command each ${COMMAND_EVERY_MS} ms to one of them meanwhile.

${table(
  ["", "messages/s", "% of a core", "µs of CPU a message", "ratio"],
  [
    row("the bridge: checksums, sessions, samples to control", frames),
    row("lines of JSON, parsed and forgotten", json),
  ],
)}

A command is confirmed after ${plain(percentile(frames.commands, 0.5))} ms (p50), ${plain(percentile(frames.commands, 0.99))} ms (p99), without the line's own time.`;
}
