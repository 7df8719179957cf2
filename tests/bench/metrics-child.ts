// One way of bringing a journal of many houses to a metrics database, in a process of its own so that Linux counts what it
// costs: gridwright's writer, or the same journal through the `influx` package or bare HTTP. Tells its parent how it stands.
import { millis } from "@gridwright/contract/units.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { openFeed } from "@gridwright/runtime/recorder/feed.ts";
import { startInfluxWriter } from "@gridwright/runtime/recorder/influx/influx-writer.ts";
import { linesOf } from "@gridwright/runtime/recorder/influx/lines.ts";
import { InfluxDB } from "influx";
import { silent } from "../influx/garden-journal.ts";
import { manyHouses } from "../influx/many-houses.ts";
import type { Task } from "./metrics-task.ts";

const BATCH = 5_000;
const LOOK = millis(200);

const feedOf = ({ journalDir: dir, houses }: Task) =>
  openFeed({ dir, model: manyHouses(houses), from: undefined, onDamage: () => undefined });

async function byWriter(task: Task): Promise<never> {
  const writer = startInfluxWriter({
    ...{ journalDir: task.journalDir, dataDir: task.dataDir, model: manyHouses(task.houses) },
    ...{
      target: { url: task.url, database: task.database },
      io: hostClock(),
      random: Math.random,
      log: silent,
    },
    onProblem: (problem) => void process.send?.({ problem }),
  });
  for (;;) {
    const { written, cursor } = writer.status();
    process.send?.({ written, segment: cursor?.segment });
    await hostClock().sleep(LOOK);
  }
}

async function byPackage(task: Task): Promise<void> {
  const { hostname, port } = new URL(task.url);
  const client = new InfluxDB({ host: hostname, port: Number(port), database: task.database });
  let points: Parameters<typeof client.writePoints>[0] = [];
  const out = async (): Promise<void> => {
    await client.writePoints(points, { precision: "ms" });
    points = [];
  };
  let written = 0;
  for await (const { samples } of feedOf(task).more())
    for (const { channel, t, value } of samples) {
      if (value === null) continue;
      points.push({
        ...{ measurement: channel.point, tags: { asset: channel.asset, kind: "meter", site: "garden" } },
        ...{ fields: { value }, timestamp: new Date(t) },
      });
      written += 1;
      if (points.length === BATCH) await out();
    }
  if (points.length > 0) await out();
  process.send?.({ written });
}

async function byHttp(task: Task): Promise<void> {
  const address = `${task.url}/write?db=${task.database}&precision=ms`;
  const model = manyHouses(task.houses);
  let waiting: string[] = [];
  let written = 0;
  const out = async (): Promise<void> => {
    const answer = await fetch(address, { method: "POST", body: waiting.join("\n") });
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`${answer.status}`);
    written += waiting.length;
    waiting = [];
  };
  for await (const batch of feedOf(task).more()) {
    waiting.push(...linesOf(model, { ...batch, repeats: [] }, false));
    if (waiting.length >= BATCH) await out();
  }
  if (waiting.length > 0) await out();
  process.send?.({ written });
}

const BY = { gridwright: byWriter, "influx package": byPackage, "bare HTTP": byHttp } as const;

process.on("message", (task: Task) => {
  BY[task.way](task).catch((error: unknown) => {
    process.send?.({ failed: String(error) });
  });
});
process.on("disconnect", () => process.exit(0));
