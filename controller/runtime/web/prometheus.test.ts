// What Prometheus reads at /metrics: what control told on the bus, what services know, and nothing that is unknown.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { topics } from "@gridwright/contract/messages.ts";
import { OWN_METRICS } from "@gridwright/contract/own-metrics.ts";
import { type Garden, startGarden } from "./garden-web-fixture.ts";
import { exposition } from "./prometheus.ts";

let garden: Garden;
before(async () => {
  garden = await startGarden();
});
after(() => garden.close());

const PROCESS = {
  ...{ t: 1_700_000_000_000, ticks: 5_317, memoryBytes: 91_000_000, diskWrittenBytes: 47_000 },
  ...{ latenessMs: { p50: 3, p99: 17, max: 260 }, tickMs: { p50: 2, p99: 9, max: 41 } },
  journal: { writtenBytes: 31_000, queuedBytes: 370, merged: 4, refused: 6, failing: true },
};

const lines = async (): Promise<string[]> => {
  const answer = await garden.get("/metrics");
  assert.match(answer.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
  return (await answer.text()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
};

test("before control told anything there is nothing of it, and not a zero", async () => {
  const found = await lines();
  assert.ok(found.some((line) => line.startsWith('gridwright_memory_bytes{process="services"}')));
  assert.ok(
    found.every(
      (line) => !line.startsWith("gridwright_control_ticks") && !line.startsWith("gridwright_journal"),
    ),
  );
});

test("what control and its buses told is there, in seconds and bytes", async () => {
  const at = topics("garden");
  garden.bus.say(at.process, PROCESS);
  garden.bus.say(at.buses, {
    t: 1_700_000_000_000,
    buses: {
      line: { up: true, requests: 713, timeouts: 5, strays: 3, connections: 2, utilisation: null, units: {} },
    },
  });
  const found = await lines();
  for (const line of [
    "gridwright_control_ticks_total 5317",
    'gridwright_control_lateness_seconds{quantile="0.99"} 0.017',
    'gridwright_control_lateness_seconds{quantile="1"} 0.26',
    'gridwright_control_tick_seconds{quantile="0.5"} 0.002',
    'gridwright_memory_bytes{process="control"} 91000000',
    "gridwright_journal_failing 1",
    'gridwright_bus_timeouts_total{bus="line"} 5',
  ])
    assert.ok(found.includes(line), `${line} in\n${found.join("\n")}`);
  assert.ok(found.every((line) => !line.startsWith("gridwright_bus_utilisation_ratio")));
});

test("what is written in a day is told once an hour was seen", async () => {
  const perDay = async () =>
    (await lines()).filter((line) => line.startsWith("gridwright_disk_written_bytes_per_day"));
  assert.deepEqual(await perDay(), []);
  await garden.io.move(2 * 3_600_000);
  garden.bus.say(topics("garden").process, { ...PROCESS, diskWrittenBytes: 62_000 });
  assert.ok((await perDay()).includes('gridwright_disk_written_bytes_per_day{process="control"} 180000'));
});

test("outside the demo it is for who may read", async () => {
  const locked = await startGarden({ demo: false });
  const answer = await locked.get("/metrics");
  await locked.close();
  assert.equal(answer.status, 401);
});

test("a word that is none changes nothing", async () => {
  garden.bus.say(topics("garden").process, { ticks: "many" });
  assert.ok((await lines()).includes("gridwright_control_ticks_total 5317"));
});

test("every metric of the catalogue ends in its unit and is named as Prometheus wants", async () => {
  const samples = Object.keys(OWN_METRICS).map((name) => [name as keyof typeof OWN_METRICS, 7, {}] as const);
  const { text } = await exposition(samples);
  for (const name of Object.keys(OWN_METRICS)) {
    assert.match(name, /^gridwright_[a-z_]+$/);
    assert.ok(text.includes(`# TYPE ${name} ${name.endsWith("_total") ? "counter" : "gauge"}`), name);
  }
});
