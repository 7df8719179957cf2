// The whole control process beside many Modbus TCP meters of forty points: buses, brain, journal and live bus together.
// Processor, memory and how late its event loop is, by the number of meters.
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { MEGA, plain, table } from "./figures.ts";
import { FORTY_POINTS } from "./forty-points.ts";
import { anyInspectPort, inspect } from "./inspect.ts";
import { usageOf } from "./proc.ts";
import { type BenchProcess, withControl } from "./processes.ts";

const COUNTS = [10, 50, 100, 200, 400];
const WARM_MS = 5_000;
const MEASURE_MS = 15_000;
const RESOLUTION_MS = 10;
const PHASES = ["L1", "L2", "L3"];

/** Writes the site: one feeder per meter, each on a link of its own. JSON is YAML too. */
function writeSite(folder: string, at: { count: number; port: number; brokerPort: number }): string {
  const ids = Array.from({ length: at.count }, (_, place) => `meter-${place + 1}`);
  const each = (make: (id: string) => object): object => Object.fromEntries(ids.map((id) => [id, make(id)]));
  const feeder = (id: string): object => ({
    ...{ kind: "feeder", name: id, parent: "inverter", phases: PHASES, measure: id },
  });
  const site = {
    gridwright: 1,
    site: { id: "bench", name: "Bench", simulated: true },
    links: each(() => ({ kind: "modbus-tcp", host: "127.0.0.1", port: at.port })),
    devices: each((id) => ({ link: id, unit: 1, profile: "forty-points" })),
    assets: {
      inverter: { kind: "inverter", name: "Inverter", phases: PHASES, rating: "900 kVA" },
      ...Object.fromEntries(ids.map((id) => [`at-${id}`, feeder(id)])),
    },
    broker: { port: at.brokerPort },
  };
  mkdirSync(join(folder, "profiles"));
  writeFileSync(join(folder, "profiles", FORTY_POINTS.name), FORTY_POINTS.text);
  const file = join(folder, "site.yaml");
  writeFileSync(file, JSON.stringify(site));
  return file;
}

const WATCH = `(() => {
  const { monitorEventLoopDelay } = process.getBuiltinModule("node:perf_hooks");
  globalThis.gridwrightLate = monitorEventLoopDelay({ resolution: ${RESOLUTION_MS} });
  return globalThis.gridwrightLate.enable();
})()`;
const LOOK = "[99, 100].map((share) => globalThis.gridwrightLate.percentile(share) / 1e6)";

async function costOf({ ready, lines }: BenchProcess): Promise<string[]> {
  const { pid } = await ready;
  await wait(WARM_MS);
  const inspector = await inspect(pid, lines);
  await inspector.evaluate(WATCH);
  const [before, begun] = [usageOf(pid), performance.now()];
  await wait(MEASURE_MS);
  const [after, tookMs] = [usageOf(pid), performance.now() - begun];
  const late = await inspector.evaluate<readonly number[]>(LOOK);
  inspector.close();
  return [
    `${plain(((after.cpu - before.cpu) * 100_000) / tookMs, 1)} %`,
    plain(after.rss / MEGA, 0),
    ...late.map((ms) => plain(Math.max(0, ms - RESOLUTION_MS), 0)),
  ];
}

const measured = async (count: number, port: number): Promise<string[]> => [
  `${count}`,
  ...(await withControl((folder, brokerPort) => writeSite(folder, { count, port, brokerPort }), costOf)),
];

export async function benchControlMany(): Promise<string> {
  anyInspectPort();
  const server = fork(join(import.meta.dirname, "meters-serve.ts"), { execArgv: [] });
  const [{ port }] = (await once(server, "message")) as [{ port: number }];
  const rows: string[][] = [];
  for (const count of COUNTS) rows.push(await measured(count, port));
  server.disconnect();
  return `Meters on a link of their own, 40 points in one block each, once a second, every value moving; the control process
with its brain, journal and live bus, on real time.

${table(["meters", "of one core", "RSS MB", "event loop late p99 ms", "most ms"], rows)}`;
}
