// Each example flow run to its effect: the real Node-RED with its gate and our built nodes, a controller that this test plays,
// and a broker of its own for what comes by MQTT. What a flow asks, or says, is what counts.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { fileURLToPath } from "node:url";
import type { ApiAsset, ApiReading, ApiState } from "@gridwright/contract/api.ts";
import { deploys, type RunningNodeRed, startNodeRed } from "@gridwright/flows/runtime/node-red.ts";
import { openStorage } from "@gridwright/flows/runtime/storage.ts";
import { Aedes } from "aedes";
import mqtt from "mqtt";
import { until } from "../tools/village.ts";
import { type Flow, SITE } from "./editor.ts";
import { type PlayedController, playController } from "./played-controller.ts";

const FLOWS = fileURLToPath(new URL("../../flows/", import.meta.url));
const KEY = "key-of-services";
const PATIENCE_MS = 20_000;
const HOUR_MS = 3_600_000;
const T = 1_760_000_000_000;

const switched = (id: string): Partial<ApiAsset> => ({
  ...{ id, name: id, kind: "load", switched: true, tier: 3, points: ["power"] },
});
const ASSETS: readonly Partial<ApiAsset>[] = [
  { id: "bank", name: "Bank", kind: "battery", switched: false, points: ["soc", "battery_power"] },
  { id: "line", name: "Line", kind: "grid", switched: false, points: ["grid_power"] },
  ...["pump", "compressor", "printer-2", "extractor", "saw", "house-4-heater"].map(switched),
];

const fresh = (v: number): ApiReading => ({ q: "fresh", v });
/** W that the saw takes, and W that go out to the grid. */
const plant = (minute: number, { saw = 7, spare = 30, shed = false } = {}): ApiState =>
  ({
    ...{ t: T + minute * 60_000, speed: 1, mode: "on-grid", control: { state: "live", silentMs: 70 } },
    channels: {
      ...{ "bank/soc": fresh(0.93), "bank/battery_power": fresh(0), "line/grid_power": fresh(-spare) },
      "saw/power": fresh(saw),
    },
    assets: { oven: { shed } },
    ...{ devices: {}, decisions: [], alarms: [] },
  }) as unknown as ApiState;

const folder = mkdtempSync(join(tmpdir(), "gridwright-examples-"));
const said: string[] = [];
let controller: PlayedController;
let red: RunningNodeRed;
let socket: WebSocket;
const broker = await Aedes.createBroker();
const brokerServer = createServer((stream) => void broker.handle(stream));
let brokerPort = 0;

const auth = { authorization: `Bearer ${KEY}.${Buffer.from("person-7").toString("base64url")}` };
const at = (path: string): string => `http://127.0.0.1:${red.port}/flows/${path}`;
const post = (path: string, body: unknown): Promise<Response> =>
  fetch(at(path), {
    method: "POST",
    headers: { ...auth, "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
const when = (sentence: string, condition: () => boolean | Promise<boolean>) =>
  until(sentence, condition, { withinMs: PATIENCE_MS, everyMs: 20 });

interface Debug {
  readonly topic?: string;
  readonly data?: { readonly msg?: string };
}

/** What debug nodes say from now on. */
async function hearDebug(): Promise<void> {
  socket = new WebSocket(at("comms").replace("http", "ws"), { headers: auth } as unknown as string[]);
  socket.addEventListener("message", ({ data }) => {
    for (const { topic, data: told } of [JSON.parse(String(data)) as Debug | Debug[]].flat())
      if (topic === "debug" && told?.msg !== undefined) said.push(told.msg);
  });
  await once(socket, "open");
  socket.send('{"subscribe":"debug"}');
}

before(async () => {
  execFileSync(process.execPath, [join(FLOWS, "prepare.ts"), "--with-tests"], { stdio: "ignore" });
  brokerServer.listen(0, "127.0.0.1");
  await once(brokerServer, "listening");
  brokerPort = (brokerServer.address() as AddressInfo).port;
  controller = await playController(ASSETS);
  const userDir = join(folder, "flows");
  const storage = openStorage({
    ...{ userDir, now: Date.now, examples: [], onDeployed: () => undefined },
    assets: async () => ASSETS as never,
    deploying: () => deploys.getStore(),
    tried: async () => true,
  });
  red = await startNodeRed(join(FLOWS, "node-red"), {
    ...{ userDir, nodesDir: join(FLOWS, "dist"), port: 0, key: KEY, safe: false, storage },
    site: { url: controller.url, token: "token-of-the-process" },
    ...{ credentialSecret: "made up for a test", say: () => undefined },
  });
  await hearDebug();
});
after(async () => {
  socket?.close();
  await red?.stop();
  await controller?.close();
  broker.close();
  brokerServer.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Deploys it alone and waits until it follows the plant, which stands so; the broker is ours. */
function run(name: string, live: ApiState): Promise<void> {
  const text = readFileSync(join(FLOWS, "examples", `${name}.json`), "utf8");
  return deployed(JSON.parse(text) as Flow[], live);
}

async function deployed(flows: readonly Flow[], live: ApiState): Promise<void> {
  const own = flows.map((node) =>
    node.type === "mqtt-broker" ? { ...node, port: String(brokerPort) } : node,
  );
  controller.become(live);
  const known = controller.followed();
  said.length = 0;
  const answer = await post("flows", own);
  assert.equal(answer.status, 204, await answer.text());
  await when("it follows the plant", () => controller.followed() > known);
}

/** Waits until exactly this was asked. */
async function asks(...expected: readonly string[]): Promise<void> {
  await when(expected.join(", "), () => controller.asked.length >= expected.length);
  assert.deepEqual(controller.asked, expected);
}

/** A reading is sent once a second at most: the plant is told until it was. */
async function whileTold(live: ApiState, ...expected: readonly string[]): Promise<void> {
  await when(expected.join(", "), () => {
    controller.become(live);
    return controller.asked.length >= expected.length;
  });
  assert.deepEqual(controller.asked, expected);
}

async function publish(topic: string, payload: string, retain = false): Promise<void> {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${brokerPort}`);
  await client.publishAsync(topic, payload, { qos: 1, retain });
  await client.endAsync();
}
const subscribed = () => when("it listens to the broker", () => broker.connectedClients === 1);

//  an example, and what is done and what comes of it
const EXAMPLES: Readonly<Record<string, () => Promise<void>>> = {
  "water-heater-by-surplus": async () => {
    await run("water-heater-by-surplus", plant(0));
    for (const minute of [3, 9]) controller.become(plant(minute, { spare: 2_300 }));
    await asks("on house-4-heater 10 min: there is sun to spare");
    for (const minute of [12, 18]) controller.become(plant(minute));
    await asks(
      "on house-4-heater 10 min: there is sun to spare",
      "withdraw house-4-heater 10 min: there is sun to spare",
    );
  },
  "plenty-message": async () => {
    await run("plenty-message", plant(0));
    const sun = "There is sun to spare: 1340 W. A good time for the washing.";
    for (const minute of [3, 14]) controller.become(plant(minute, { spare: 1_340 }));
    await when("the village is told", () => said.includes(sun));
    const off = {
      ...{ id: "d7", asset: "pump", rule: "ladder", set: { kind: "switch", on: false }, at: T },
      reason: { code: "flow-off", params: { why: "it is full" } },
    };
    controller.become({ ...plant(15, { spare: 1_340 }), decisions: [off] } as unknown as ApiState);
    const goesOff = "pump: a technician's flow asked to switch it off: it is full";
    await when("and what goes off", () => said.includes(goesOff));
  },
  "compressor-rests": async () => {
    await run("compressor-rests", plant(0));
    // Nothing is short when it begins: what an earlier life may have asked is taken back.
    const [back, off] = [
      "withdraw compressor 5 min: the houses need the power now",
      "off compressor 5 min: the houses need the power now",
    ];
    await asks(back);
    controller.become(plant(1, { shed: true }));
    await asks(back, off);
    controller.become(plant(3));
    await asks(back, off, back);
  },
  "extractor-with-saw": async () => {
    await run("extractor-with-saw", plant(0));
    const [back, on] = ["withdraw extractor 5 min: the saw runs", "on extractor 5 min: the saw runs"];
    await asks(back);
    await whileTold(plant(1, { saw: 1_270 }), back, on);
    await whileTold(plant(3, { saw: 12 }), back, on, back);
  },
  "pump-hours": async () => {
    await run("pump-hours", plant(0));
    assert.equal((await post("inject/gw-pump-1", {})).status, 200);
    await asks("off pump 15 min: the tank is filled by day");
  },
  "printer-waits-for-sun": async () => {
    const from = Date.now() + 2 * HOUR_MS;
    controller.plan = { state: "fresh", plan: { steps: [], windows: [{ from, to: from + HOUR_MS }] } };
    await run("printer-waits-for-sun", plant(0));
    assert.equal((await post("inject/gw-night-1", {})).status, 200);
    await asks("off printer-2 15 min: it can wait for the sun");
  },
  "shelly-button": async () => {
    await publish("shelly/button/event", "pressed long ago", true);
    await run("shelly-button", plant(0));
    await subscribed();
    await publish("shelly/button/event", "S");
    await asks("on pump 10 min: somebody pressed the button");
  },
  "esphome-sensor": async () => {
    await run("esphome-sensor", plant(0));
    await subscribed();
    for (const word of ["nonsense", "ON"]) await publish("tank/binary_sensor/full/state", word);
    await asks("off pump 10 min: the tank is full");
    await publish("tank/binary_sensor/full/state", "OFF");
    await asks("off pump 10 min: the tank is full", "withdraw pump 10 min: the tank is full");
  },
};

for (const [name, play] of Object.entries(EXAMPLES)) it(`${name} does what it says`, play);

it("the nodes that no example has run there too: a window of the day, and jobs of the workshop", async () => {
  const place = { z: "t1", site: SITE.id, x: 100, y: 80 };
  const debug = { id: "c3", type: "debug", z: "t1", active: true, tosidebar: true, x: 300, y: 80, wires: [] };
  const flows = [
    { id: "t1", type: "tab", label: "test" },
    SITE,
    {
      ...{
        ...place,
        id: "c1",
        type: "gridwright-constraint",
        asset: "pump",
        ttl: "10",
        reason: "it is loud",
      },
      ...{ from: "10:00", to: "12:00", wires: [[]] },
    },
    { ...place, id: "c2", type: "gridwright-job", asset: "saw", wires: [["c3"]] },
    { ...debug, complete: "event", targetType: "msg" },
  ];
  const job = { id: "job-7", machine: "saw", energyWh: 7, sunWh: null, workedMs: 0 };
  controller.jobs = [{ ...job, state: "started" }];
  // Seven minutes to eleven by the clock of Madrid.
  await deployed(flows, plant(0));
  await asks("off pump 10 min: it is loud");
  controller.jobs = [{ ...job, state: "running" }];
  controller.become(plant(120));
  await asks("off pump 10 min: it is loud", "withdraw pump 10 min: it is loud");
  await when("the saw's job begins", () => said.includes("start"));
});

it("no example is left out", () =>
  assert.deepEqual(
    Object.keys(EXAMPLES).sort(),
    readdirSync(join(FLOWS, "examples"))
      .map((file) => file.replace(/\.json$/, ""))
      .sort(),
  ));
