// An intruder in the network of devices and phones, to which broker and page were opened (a second address of loopback): what listens
// there, passwords that everybody knows, a device's stolen credential, tricks with paths, what was heard said again. Nothing is
// switched: what control knows is as if nobody had come. All of it is counted and told.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Log } from "@gridwright/contract/log.ts";
import { type Broker, startBroker } from "@gridwright/runtime/broker/broker.ts";
import { connectBus } from "@gridwright/runtime/bus/bus.ts";
import { signRequest } from "@gridwright/runtime/bus/request-mac.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { joined, testDesk } from "@gridwright/runtime/people/desk-fixture.ts";
import { mqttAccess } from "@gridwright/runtime/secrets/broker-users.ts";
import { openSecrets, type Secrets } from "@gridwright/runtime/secrets/secrets.ts";
import { openTls, type SiteTls } from "@gridwright/runtime/tls/site-tls.ts";
import { testClock } from "@gridwright/runtime/web/garden-fixture.ts";
import { type Garden, startGarden } from "@gridwright/runtime/web/garden-web-fixture.ts";
import mqtt, { type MqttClient } from "mqtt";
import { type LoopRig, loopRig, quiet, villageModel } from "../tools/loop-rig.ts";
import { until } from "../tools/until.ts";

const AWAY = "127.0.0.2";
const model = villageModel();
const SITE = model.site.site.id;
const [[mine, own], [theirs, neighbour]] = mqttAccess(model) as [
  ReturnType<typeof mqttAccess>[number],
  ReturnType<typeof mqttAccess>[number],
];
/** As they stand in the manuals of this field's devices and in lists of scanners. */
const DEFAULTS = [
  "admin",
  "root",
  "pi",
  "mqtt",
  "guest",
  "user",
  "installer",
  "control",
  "operator",
  "services",
].flatMap((name) =>
  [name, "", "admin", "1234", "0000", "raspberry", "password", "12345678"].map(
    (word) => [name, word] as const,
  ),
);

const folder = mkdtempSync(join(tmpdir(), "gridwright-intruder-"));
const io = hostClock();
const clock = testClock();
const { desk, deeds } = testDesk(clock, ["anna"]);
const told: string[] = [];
const log: Log = { ...quiet, warn: (message) => void told.push(message) };
let secrets: Secrets;
let broker: Broker;
let tls: SiteTls;
let garden: Garden;
let attacked: LoopRig;
let calm: LoopRig;
const ends: (() => unknown)[] = [];

before(async () => {
  secrets = await openSecrets(folder, model);
  broker = await startBroker({
    ...{ port: 0, users: secrets.brokerUsers, siteId: SITE, io, log },
    network: {
      ...{ address: AWAY, tlsPort: 0 },
      tls: () => openTls({ dataDir: folder, name: "broker", site: "Garden", hosts: [AWAY], io }),
    },
  });
  const url = `mqtt://127.0.0.1:${broker.port}`;
  const bus = connectBus({ url, clientId: "control", ...secrets.login("control"), io, log: quiet });
  ends.push(() => bus.close());
  attacked = loopRig({ model, bus, keys: secrets.issuerKey });
  const nobody = {
    publish: () => undefined,
    subscribe: () => undefined,
    connected: true,
    close: async () => undefined,
  };
  calm = loopRig({ model, bus: nobody, keys: secrets.issuerKey });
  tls = await openTls({ dataDir: folder, name: "page", site: "Garden", hosts: [AWAY], io });
  garden = await startGarden({
    ...{ io: clock, desk, demo: false, lan: { address: AWAY, port: 0, tls: async () => tls } },
    control: async () => assert.fail("nothing of an intruder comes this far"),
  });
  await joined(desk, "admin");
  await until(async () => bus.connected && told.some((line) => line.includes("open to the network")), true);
});
after(async () => {
  for (const end of ends) await end();
  await garden?.close();
  await broker?.close();
  rmSync(folder, { recursive: true });
});

/** Where this process listens beyond 127.0.0.1, as the kernel knows it. */
function listeningBeyond(): readonly string[] {
  const own = new Set(
    readdirSync("/proc/self/fd").flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/self/fd/${fd}`)];
      } catch {
        return [];
      }
    }),
  );
  return ["tcp", "tcp6"].flatMap((table) =>
    readFileSync(`/proc/self/net/${table}`, "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => state === "0A" && own.has(`socket:[${inode}]`))
      .map(([, local = ""]) => local)
      .filter((local) => !local.startsWith("0100007F:")),
  );
}
const placed = (port: number | undefined): string =>
  `0200007F:${(port ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;

/** Connected, or why not. */
async function enter(login: {
  username?: string;
  password?: string;
  clientId?: string;
}): Promise<MqttClient | string> {
  const client = mqtt.connect(`mqtts://${AWAY}:${broker.tlsPort()}`, {
    ...{ ...login, ca: tls.authority, reconnectPeriod: 0 },
  });
  ends.push(() => client.end(true));
  const outcome = await new Promise<MqttClient | string>((resolve) => {
    client.once("connect", () => resolve(client));
    client.once("error", (error) => resolve(String(error)));
  });
  if (outcome !== client) client.end(true);
  return outcome;
}

interface Got {
  readonly status: number;
  readonly text: string;
}
const ask = (path: string, method = "GET", body = ""): Promise<Got> =>
  new Promise((resolve, reject) => {
    const place = { host: AWAY, port: garden.securePort, ca: tls.authority, path, method, agent: false };
    const headers = body === "" ? {} : { "content-type": "application/json" };
    const asking = request({ ...place, headers }, (answer) => {
      let text = "";
      answer.on("data", (chunk) => {
        text += chunk;
      });
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    asking.on("error", reject);
    asking.end(body);
  });

const PATHS = [
  "/../../etc/passwd",
  "/%2e%2e/%2e%2e/etc/passwd",
  "/..%2f..%2fetc%2fpasswd",
  "/..%5c..%5csecrets%5cbroker.json",
  "/assets/../../secrets/accounts.json",
  "/assets/%252e%252e/secrets/accounts.json",
  "//etc/passwd",
  "/api/v1/../v1/state",
  "/api//v1/state",
  "/API/V1/STATE",
  "/api/v1/state/",
  "/api/v1/state;a=b",
  "/api/v1/state%00.js",
  "/api/v1/%73tate",
  "/flows/../api/v1/state",
  "/flows/%2e%2e/api/v1/accounts",
  "/.git/config",
  "/.env",
  `/${"a/".repeat(3_000)}`,
];

describe("an intruder in the network", { timeout: 120_000 }, () => {
  it("finds the broker and the page, and nothing else that listens there", () => {
    assert.deepEqual(
      listeningBeyond().toSorted(),
      [placed(broker.tlsPort()), placed(garden.securePort)].toSorted(),
    );
  });

  it("comes in with no password that everybody knows, nor with none", async () => {
    for (const [username, password] of [
      ...DEFAULTS,
      [mine, mine] as const,
      [`device-${mine}`, `device-${mine}`] as const,
    ])
      assert.match(
        String(await enter({ username, password, clientId: username })),
        /Bad user name|Not authorized|refused/i,
      );
    assert.match(String(await enter({})), /Bad user name|Not authorized|refused/i);
    const waits = new Set<number>();
    for (const [login, password] of DEFAULTS)
      waits.add((await ask("/api/v1/session", "POST", JSON.stringify({ login, password }))).status);
    for (const status of waits) assert.ok([400, 401, 429].includes(status), `${status}`);
    assert.ok(deeds.some(({ did }) => did === "sign-in-refused"));
    assert.ok(broker.stats().refused.login > DEFAULTS.length);
  });

  it("with the right login of one of this machine's processes it is not let in from there", async () => {
    for (const name of ["control", "services", "operator", "home-assistant"] as const)
      assert.match(String(await enter({ ...secrets.login(name), clientId: name })), /Not authorized/i, name);
  });

  it("with a device's stolen credential hears no neighbour, commands nothing and leaves nothing behind", async () => {
    const device = await enter(secrets.deviceLogin(mine));
    assert.ok(typeof device !== "string", String(device));
    const heard: string[] = [];
    device.on("message", (topic) => heard.push(topic));
    const wide = [
      "#",
      "+/#",
      "gridwright/#",
      "$SYS/#",
      `gridwright/${SITE}/request/+`,
      ...neighbour.subscribe,
      ...neighbour.publish,
    ];
    for (const filter of wide) {
      const [granted] = await device.subscribeAsync(filter).catch(() => []);
      assert.ok(granted === undefined || granted.qos === 128, filter);
    }
    const key = secrets.issuerKey("operator") ?? assert.fail("no key");
    const wish = { id: "wish-000001", issuer: "operator", role: "admin", seq: 7, ttlMs: 60_000 } as const;
    const signed = signRequest(
      { ...wish, body: { kind: "hold", asset: "house-3-heater", why: "stolen" } },
      key,
    );
    const before = broker.stats().refused.publish;
    const said = [
      ...neighbour.subscribe.map((topic) => topic.replace(/[+#]/g, "POWER")),
      ...neighbour.publish.map((topic) => topic.replace(/[+#]/g, "STATE")),
      ...own.subscribe.map((topic) => topic.replace(/[+#]/g, "POWER")),
      `gridwright/${SITE}/request/operator`,
      `gridwright/${SITE}/answer/operator`,
      "$SYS/other/new/clients",
    ];
    for (const retain of [false, true])
      for (const topic of said) await device.publishAsync(topic, JSON.stringify(signed), { qos: 1, retain });
    await until(async () => broker.stats().refused.publish - before, 2 * said.length);
    assert.deepEqual(heard, []);
    const late = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, {
      ...secrets.login("operator"),
      reconnectPeriod: 0,
    });
    ends.push(() => late.end(true));
    const kept: string[] = [];
    late.on("message", (topic, _payload, { retain }) => void (retain && kept.push(topic)));
    await late.subscribeAsync("gridwright/#");
    assert.deepEqual(kept, []);
    assert.match(
      String(await enter({ ...secrets.deviceLogin(mine), clientId: `device-${theirs}` })),
      /Identifier rejected/i,
    );
  });

  it("no path of a page leads to a file or past the door", async () => {
    for (const path of PATHS) {
      const { status, text } = await ask(path);
      assert.ok([400, 401, 403, 404, 414, 431].includes(status), `${path.slice(0, 60)}: ${status}`);
      assert.doesNotMatch(text, /root:|"hash"|argon2|at .*\.ts:\d+/, path.slice(0, 60));
    }
  });

  it("has switched nothing: what control knows is as if nobody had come, and the log says who tried", () => {
    for (const rig of [attacked, calm]) rig.step(1_000);
    assert.equal(attacked.hash(), calm.hash());
    assert.deepEqual(
      attacked.records.filter(({ k }) => k === "request"),
      [],
    );
    for (const line of [
      "a client was refused at the broker",
      "a message was refused at the broker",
      "a subscription was refused at the broker",
    ])
      assert.ok(told.includes(line), line);
  });
});
