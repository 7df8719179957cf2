// What stands on the outward topics after a sequence of messages from control, with time that moves when told.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import type { Seen } from "@gridwright/contract/records.ts";
import type { Answer } from "@gridwright/contract/request.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { millis } from "@gridwright/contract/units.ts";
import { SILENT_AFTER_MS } from "../live/view.ts";
import { snapshotOf, statusOf, type TestClock, testClock, tickOf } from "../web/garden-fixture.ts";
import { BEAT_MS, REFRESH_MS } from "./announcer.ts";
import { type KeepingBus, keepingBus, keepingLog, orchardModel } from "./orchard-fixture.ts";
import { type Outlets, startOutlets } from "./outlets.ts";
import { type Request, WISHES_PER_SECOND } from "./wishes.ts";

const POINTS = {
  "bank/soc": 0.62,
  "bank/battery_power": -840,
  "bank/discharge_allowed": true,
  "pump-plug/relay": false,
  "pump-plug/power": 3.5,
};
const base = "gridwright/orchard";

let dataDir = "";
let running: Outlets | undefined;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "gridwright-outward-"));
});
afterEach(async () => {
  await running?.close();
  running = undefined;
  await rm(dataDir, { recursive: true });
});

interface Scene {
  readonly bus: KeepingBus;
  readonly io: TestClock;
  readonly log: ReturnType<typeof keepingLog>;
  readonly asked: Parameters<Request>[0][];
  /** Control speaks, and the next beat passes. */
  tick(points: Readonly<Record<string, Seen>>): Promise<void>;
}

/** What waits for a file takes the time that the disk takes; everything else moves with the clock. */
async function until(holds: () => boolean): Promise<void> {
  for (let left = 500; !holds(); left -= 1) {
    assert.ok(left > 0, `never: ${holds}`);
    await wait(10);
  }
  await wait(0);
}

const accepted: Answer = {
  id: "a-1234567",
  issuer: "services",
  outcome: "accepted",
  reason: { code: "answer-accepted", params: {} },
};

interface Given {
  readonly model?: SiteModel;
  readonly request?: Request;
  readonly bus?: KeepingBus;
}

async function started({ model = orchardModel(), request, bus = keepingBus() }: Given = {}) {
  const io = testClock();
  const log = keepingLog();
  const asked: Scene["asked"] = [];
  running = await startOutlets({
    model,
    bus,
    io,
    log,
    dataDir,
    request: async (ask) => {
      asked.push(ask);
      return request === undefined ? accepted : request(ask);
    },
  });
  await until(() => bus.kept.get(`${base}/services`) === "online");
  const scene: Scene = {
    bus,
    io,
    log,
    asked,
    async tick(points) {
      bus.say(`${base}/tick`, tickOf({ points }));
      await io.move(BEAT_MS);
      await wait(5);
    },
  };
  bus.say(`${base}/snapshot`, snapshotOf({ points: POINTS, assets: { pump: statusOf() } }));
  await io.move(BEAT_MS);
  await wait(5);
  return scene;
}

const told: [sentence: string, seen: Seen, then: string][] = [
  ["a fresh number is plain text in the catalogue's unit", 0.584, "0.584"],
  ["a stale value is not told", ["s", 0.6], "unavailable"],
  ["a bad value is not told", ["b", 65_535, "sentinel"], "unavailable"],
  ["an absent value is not told", ["a", "device-lost"], "unavailable"],
];
for (const [sentence, seen, then] of told)
  test(`topics: ${sentence}`, async () => {
    const { bus, tick } = await started();
    assert.equal(bus.kept.get(`${base}/battery/soc`), "0.62");
    await tick({ "bank/soc": seen });
    assert.equal(bus.kept.get(`${base}/battery/soc`), then);
  });

test("topics: yes and no are true and false, and a sentence says why", async () => {
  const { bus } = await started();
  assert.equal(bus.kept.get(`${base}/battery/discharge_allowed`), "true");
  assert.equal(bus.kept.get(`${base}/pump/switch`), "false");
  assert.equal(bus.kept.get(`${base}/pump/why`), "normal operation");
  assert.equal(bus.kept.get(`${base}/kettle/why`), "unavailable");
  assert.equal(bus.kept.get(`${base}/services`), "online");
});

test("topics: only what changed is published, at most once a second", async () => {
  const { bus, io } = await started();
  bus.heard.length = 0;
  for (const soc of [0.61, 0.6, 0.59]) bus.say(`${base}/tick`, tickOf({ points: { "bank/soc": soc } }));
  await io.move(BEAT_MS);
  await wait(5);
  assert.deepEqual(bus.heard, [[`${base}/battery/soc`, "0.59"]]);
  await io.move(BEAT_MS);
  assert.equal(bus.heard.length, 1);
});

test("topics: when control falls silent nothing passes for live", async () => {
  const { bus, io, tick } = await started();
  await io.move(SILENT_AFTER_MS + 2 * BEAT_MS);
  await wait(5);
  assert.equal(bus.kept.get(`${base}/battery/soc`), "unavailable");
  assert.equal(bus.kept.get(`${base}/pump/why`), "unavailable");
  await tick({});
  assert.equal(bus.kept.get(`${base}/battery/soc`), "0.62");
});

test("topics: after a broker lost everything all is there again", async () => {
  const { bus, io } = await started();
  const before = new Map(bus.kept);
  assert.ok(before.size > 15);
  bus.connected = false;
  await io.move(2 * BEAT_MS);
  bus.kept.clear();
  bus.connected = true;
  bus.say(`${base}/tick`, tickOf());
  await io.move(2 * BEAT_MS);
  await wait(5);
  assert.deepEqual(new Map([...bus.kept].sort()), new Map([...before].sort()));
});

for (const [sentence, cause] of [
  ["Home Assistant starts", ({ bus }: Scene) => bus.say("homeassistant/status", "online")],
  ["control comes back", ({ bus }: Scene) => bus.say(`${base}/control`, "online")],
  ["five minutes pass", ({ io }: Scene) => io.move(REFRESH_MS)],
] as const)
  test(`discovery: everything is announced anew when ${sentence}`, async () => {
    const scene = await started();
    await scene.io.move(3 * BEAT_MS);
    await wait(5);
    scene.bus.heard.length = 0;
    await cause(scene);
    await scene.io.move(2 * BEAT_MS);
    await wait(20);
    const topics = scene.bus.heard.map(([topic]) => topic);
    for (const id of ["battery", "pump", "kettle", "lamp"])
      assert.ok(topics.includes(`homeassistant/device/gridwright_orchard_${id}/config`), id);
    assert.ok(topics.includes(`${base}/battery/soc`));
  });

test("discovery: what left the site is cleared, and Home Assistant forgets it", async () => {
  const { bus } = await started();
  await running?.close();
  assert.equal(bus.kept.get(`${base}/services`), "offline");
  assert.ok(bus.kept.has("homeassistant/device/gridwright_orchard_lamp/config"));
  await started({ model: orchardModel({}, ["lamp"]), bus });
  const left = [...bus.kept.keys()].filter((topic) => topic.includes("lamp"));
  assert.deepEqual(left, []);
  assert.ok(bus.kept.has(`${base}/kettle/power`));
});

test("discovery: a component that is gone is dropped from a device that stays", async () => {
  const topic = "homeassistant/device/gridwright_orchard_battery/config";
  const file = join(dataDir, "outward.json");
  await writeFile(file, JSON.stringify({ [topic]: { soc: "sensor", frequency: "sensor" } }));
  const { bus } = await started();
  const payloads = bus.heard.filter(([at]) => at === topic).map(([, payload]) => JSON.parse(payload));
  assert.deepEqual(payloads[0].cmps.frequency, { p: "sensor" });
  assert.equal(payloads.at(-1).cmps.frequency, undefined);
  assert.equal(JSON.parse(await readFile(file, "utf8"))[topic].frequency, undefined);
});

const wanted: [sentence: string, outward: object, ownBroker: boolean, topics: boolean, home: boolean][] = [
  ["on the own broker both are on", {}, true, true, true],
  ["on another broker both are off", {}, false, false, false],
  ["topics alone", { plainTopics: true }, false, true, false],
  ["Home Assistant needs the topics", { homeAssistant: { enabled: true } }, false, true, true],
  ["both can be switched off", { plainTopics: false, homeAssistant: { enabled: false } }, true, false, false],
];
for (const [sentence, outward, ownBroker, topics, home] of wanted)
  test(`site file: ${sentence}`, async () => {
    const { bus } = await started({
      model: orchardModel(outward, [], ownBroker ? {} : { url: "mqtt://192.0.2.9" }),
    });
    assert.equal(bus.kept.has(`${base}/battery/soc`), topics);
    assert.equal(bus.kept.has("homeassistant/device/gridwright_orchard_battery/config"), home);
  });

test("site file: another discovery prefix is used throughout", async () => {
  const { bus, io } = await started({
    model: orchardModel({ homeAssistant: { discoveryPrefix: "casa/ha" } }),
  });
  assert.ok(bus.kept.has("casa/ha/device/gridwright_orchard_pump/config"));
  bus.heard.length = 0;
  bus.say("casa/ha/status", "online");
  await io.move(2 * BEAT_MS);
  await wait(20);
  assert.ok(bus.heard.some(([topic]) => topic.startsWith("casa/ha/device/")));
});

const set = `${base}/pump/switch/set`;

test("wishes: one becomes a request of a member for fifteen minutes, and its answer is told", async () => {
  const { bus, io, asked } = await started();
  bus.say(set, "true");
  await wait(5);
  await io.move(BEAT_MS);
  assert.deepEqual(asked, [
    {
      role: "member",
      ttlMs: millis(900_000),
      body: { kind: "switch", asset: "pump", on: true, why: "Home Assistant" },
    },
  ]);
  assert.equal(bus.kept.get(`${base}/pump/answer`), "accepted: taken");
});

test("wishes: a refusal is told in words, and the switch says again what is", async () => {
  const request: Request = async () => ({
    ...accepted,
    outcome: "refused",
    reason: { code: "answer-short", params: { why: "the battery is low" } },
  });
  const { bus, io } = await started({ request });
  bus.heard.length = 0;
  bus.say(set, "true");
  await wait(5);
  await io.move(BEAT_MS);
  await wait(5);
  assert.deepEqual(bus.heard, [
    [`${base}/pump/switch`, "false"],
    [`${base}/pump/answer`, "refused: supply is short now: the battery is low"],
  ]);
});

test("wishes: no answer is told too", async () => {
  const { bus, io } = await started({ request: () => Promise.reject(new Error("gone")) });
  bus.say(set, "false");
  await wait(5);
  await io.move(BEAT_MS);
  await wait(5);
  assert.equal(bus.kept.get(`${base}/pump/answer`), "no answer: it could not be asked; see the log");
});

const ignored: [sentence: string, topic: string, payload: string, retained: boolean][] = [
  ["of an earlier time, retained", set, "true", true],
  ["in other words", set, "ON", false],
  ["in a word that every object has", set, "constructor", false],
  ["for a member's own load", `${base}/kettle/switch/set`, "true", false],
  ["for what is never shed", `${base}/lamp/switch/set`, "false", false],
  ["for what feeds the controller", `${base}/hub/switch/set`, "false", false],
  ["for what is no load", `${base}/battery/switch/set`, "true", false],
];
for (const [sentence, topic, payload, retained] of ignored)
  test(`wishes: none is taken ${sentence}`, async () => {
    const { bus, asked, log } = await started();
    bus.say(topic, payload, retained);
    await wait(5);
    assert.deepEqual(asked, []);
    assert.equal(log.warnings.at(-1)?.[0], "a wish from outside was not taken");
  });

test("wishes: while one is on its way the newest of the others waits, and a flood is refused", async () => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { bus, io, asked } = await started({ request: () => held.then(() => accepted) });
  for (const on of ["true", "false", "true", "false"]) bus.say(set, on);
  await wait(5);
  assert.equal(asked.length, 1);
  release();
  await wait(5);
  assert.deepEqual(
    asked.map(({ body }) => "on" in body && body.on),
    [true, false],
  );
  for (let index = 0; index < WISHES_PER_SECOND * 4; index += 1) {
    bus.say(set, "true");
    await wait(1);
  }
  assert.ok(asked.length <= 2 + WISHES_PER_SECOND, `${asked.length}`);
  await io.move(BEAT_MS);
  await wait(5);
  assert.equal(bus.kept.get(`${base}/pump/answer`), "refused: too many wishes at once");
});
