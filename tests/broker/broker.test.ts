// The embedded broker against real clients: mosquitto's C tools with the operator's credentials, and clients that
// misbehave on plain sockets. Figures of security-reliability.md.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { connect as connectSocket, type Socket } from "node:net";
import { after, afterEach, before, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import type { Log, LogFields } from "@gridwright/contract/log.ts";
import { type Broker, startBroker } from "@gridwright/runtime/broker/broker.ts";
import type { BrokerUser } from "@gridwright/runtime/broker/users.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import mqtt, { type IClientOptions, type MqttClient } from "mqtt";
import { needs } from "../tools/needs.ts";

const run = promisify(execFile);
const clients = { skip: needs("mosquitto-clients") };

const USERS: readonly BrokerUser[] = [
  {
    name: "control",
    password: "c".repeat(24),
    clientId: "control",
    publish: ["gridwright/valley/#", "cmnd/#"],
    subscribe: ["#"],
    retain: ["gridwright/valley/snapshot"],
    packetBytesMax: 300_000,
  },
  {
    name: "plug",
    password: "p".repeat(24),
    clientId: "plug",
    publish: ["tele/plug/#"],
    subscribe: ["cmnd/plug/#"],
    retain: ["tele/plug/#"],
  },
  {
    name: "operator",
    password: "o".repeat(24),
    publish: ["gridwright/valley/request/operator"],
    subscribe: ["gridwright/#"],
  },
];
const warnings: [string, LogFields | undefined][] = [];
const log: Log = {
  info: () => undefined,
  warn: (message, fields) => warnings.push([message, fields]),
  error: (message, fields) => warnings.push([message, fields]),
};
const lastWarning = (): LogFields => ({ message: warnings.at(-1)?.[0], ...warnings.at(-1)?.[1] });

let broker: Broker;
const opened: MqttClient[] = [];
before(async () => {
  broker = await startBroker({
    port: 0,
    users: USERS,
    siteId: "valley",
    io: hostClock(),
    log,
  });
});
const sockets: Socket[] = [];
// A test that failed leaves nobody behind whom the next would meet.
afterEach(() => {
  for (const client of opened.splice(0)) client.end(true);
  for (const socket of sockets.splice(0)) socket.destroy();
});
after(() => broker.close());

const passwordOf = (name: string): string => USERS.find((user) => user.name === name)?.password ?? "";
const operator = (...args: string[]) => {
  const login = ["-p", String(broker.port), "-u", "operator", "-P", passwordOf("operator")];
  return ["-h", "127.0.0.1", ...login, ...args];
};

async function join(name: string, options: IClientOptions = {}): Promise<MqttClient> {
  const login = { username: name, password: passwordOf(name), clientId: name, reconnectPeriod: 0 };
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, { ...login, ...options });
  opened.push(client);
  return client;
}

async function until(holds: () => boolean, withinMs: number): Promise<void> {
  for (let left = withinMs; !holds(); left -= 20) {
    assert.ok(left > 0, `not within ${withinMs} ms: ${holds}`);
    await wait(20);
  }
}

const rawConnect = async (): Promise<Socket> => {
  const socket = connectSocket(broker.port, "127.0.0.1");
  sockets.push(socket);
  socket.on("error", () => socket.destroy());
  await new Promise((resolve) => socket.once("connect", resolve));
  return socket;
};
const text = (value: string): number[] => [value.length >> 8, value.length & 0xff, ...Buffer.from(value)];
/** A CONNECT packet with keepalive 60 s. */
function connectPacket({ id, name, clean }: { id: string; name: string; clean: boolean }): Buffer {
  const flags = 0xc0 | (clean ? 2 : 0);
  const body = [...text("MQTT"), 4, flags, 0, 60, ...text(id), ...text(name), ...text(passwordOf(name))];
  return Buffer.from([0x10, body.length, ...body]);
}

test("mosquitto_sub hears the live bus with the operator's credentials", clients, async () => {
  const control = await join("control");
  await control.publishAsync("gridwright/valley/snapshot", '{"seq":41}', { retain: true, qos: 1 });
  const { stdout } = await run("mosquitto_sub", operator("-v", "-t", "gridwright/#", "-C", "1", "-W", "5"));
  assert.equal(stdout.trim(), 'gridwright/valley/snapshot {"seq":41}');
  await control.endAsync();
});

test("mosquitto_pub asks, and control hears it", clients, async () => {
  const control = await join("control");
  const heard: string[] = [];
  control.on("message", (topic, payload, { retain }) => heard.push(`${topic} ${payload} ${retain}`));
  await control.subscribeAsync("gridwright/valley/request/+");
  const topic = "gridwright/valley/request/operator";
  await run("mosquitto_pub", operator("-q", "1", "-t", topic, "-m", "please"));
  await run("mosquitto_pub", operator("-q", "1", "-r", "-t", topic, "-m", "kept"));
  await run("mosquitto_pub", operator("-q", "1", "-t", topic, "-m", "thanks"));
  await until(() => heard.length >= 2, 2_000);
  assert.deepEqual(heard, [`${topic} please false`, `${topic} thanks false`]);
  await control.endAsync();
});

test("a wrong password is refused, and the technician sees who tried", clients, async () => {
  const args = ["-h", "127.0.0.1", "-p", String(broker.port), "-u", "operator", "-P", "guess"];
  await assert.rejects(
    run("mosquitto_pub", [...args, "-t", "gridwright/x", "-m", "y"]),
    /user name or password/i,
  );
  assert.equal(lastWarning().user, "operator");
  await assert.rejects(
    run("mosquitto_pub", [...args.slice(0, 4), "-t", "gridwright/x", "-m", "y"]),
    /user name|authori[sz]ed/i,
  );
});

test("a message where it may not go is dropped and told, and the client stays", async () => {
  const [control, plug, watcher] = [
    await join("control"),
    await join("plug"),
    await join("operator", { clientId: "w-7" }),
  ];
  const heard: string[] = [];
  for (const client of [control, watcher])
    client.on("message", (topic, payload) => heard.push(`${topic} ${payload}`));
  await control.subscribeAsync("gridwright/valley/request/#");
  await watcher.subscribeAsync("gridwright/valley/refused");
  await plug.publishAsync("gridwright/valley/request/operator", "open the door", { qos: 1 });
  await plug.publishAsync("tele/plug/STATE", "{}", { qos: 1 });
  await until(() => heard.length > 0, 2_000);
  const notice =
    '{"user":"plug","topic":"gridwright/valley/request/operator","why":"it may not publish there"}';
  assert.deepEqual(heard, [`gridwright/valley/refused ${notice}`]);
  assert.equal(lastWarning().user, "plug");
  assert.ok(plug.connected);
  const granted = await plug
    .subscribeAsync(["#", "cmnd/plug/#", "$SYS/#"])
    .catch((error: unknown) => String(error));
  assert.match(String(granted), /Unspecified error|128/);
  await Promise.all([control, plug, watcher].map((client) => client.endAsync()));
});

test("nobody speaks for the broker itself: what is said on $SYS puts nobody out, and is told", async () => {
  const [control, plug, watcher] = [
    await join("control"),
    await join("plug"),
    await join("operator", { clientId: "w-8" }),
  ];
  const heard: string[] = [];
  watcher.on("message", (_topic, payload) => heard.push(String(payload)));
  await watcher.subscribeAsync("gridwright/valley/refused");
  // So one broker of many tells the others whose client came in to it: they let theirs of that name go.
  const topic = "$SYS/another/new/clients";
  // Of refusals in a row, as those of the test before, two a second are told.
  for (let said = 0; heard.length === 0 && said < 20; said++) {
    await plug.publishAsync(topic, "control", { qos: 1 });
    await wait(200);
  }
  assert.equal(heard[0], JSON.stringify({ user: "plug", topic, why: "it may not publish there" }));
  await control.publishAsync("gridwright/valley/tick", "on", { qos: 1 });
  assert.ok(control.connected);
  await Promise.all([control, plug, watcher].map((client) => client.endAsync()));
});

test("a retained message and the one behind it both arrive, though they come in one packet", async () => {
  const control = await join("control");
  const heard: string[] = [];
  control.on("message", (topic) => heard.push(topic));
  await control.subscribeAsync("tele/plug/+");
  const plug = await rawConnect();
  plug.write(connectPacket({ id: "plug", name: "plug", clean: true }));
  await once(plug, "data");
  const said = (topic: string, flags: number): number[] => {
    const body = [...text(topic), ...Buffer.from("on")];
    return [0x30 | flags, body.length, ...body];
  };
  plug.write(
    Buffer.from([...said("tele/plug/LWT", 1), ...said("tele/plug/STATE", 0), ...said("tele/plug/A", 1)]),
  );
  await until(() => heard.length >= 3, 2_000);
  assert.deepEqual(heard.toSorted(), ["tele/plug/A", "tele/plug/LWT", "tele/plug/STATE"]);
  plug.destroy();
  await control.endAsync();
});

test("a client id belongs to its credential", async () => {
  const plug = await join("plug");
  await assert.rejects(join("operator", { clientId: "plug" }), /Identifier rejected/i);
  await assert.rejects(join("plug", { clientId: "control" }), /Identifier rejected/i);
  assert.ok(plug.connected);
  const will = { topic: "tele/other/LWT", payload: Buffer.from("Offline"), qos: 1, retain: true } as const;
  await assert.rejects(join("plug", { will }), /Not authorized/i);
  await plug.endAsync();
});

test("nothing is queued for the absent: a lasting session ends with its connection", async () => {
  const lasting = { clientId: "lasting", clean: false };
  const first = await join("operator", lasting);
  await first.subscribeAsync("gridwright/valley/tick", { qos: 1 });
  await first.endAsync();
  const control = await join("control");
  await control.publishAsync("gridwright/valley/tick", "old news", { qos: 1 });
  const heard: string[] = [];
  const again = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, {
    ...{ username: "operator", password: passwordOf("operator"), reconnectPeriod: 0 },
    ...lasting,
  });
  opened.push(again);
  again.on("message", (_topic, payload) => heard.push(String(payload)));
  await again.subscribeAsync("gridwright/valley/alarm", { qos: 1 });
  await control.publishAsync("gridwright/valley/alarm", "new", { qos: 1 });
  await until(() => heard.length > 0, 2_000);
  assert.deepEqual(heard, ["new"]);
  await Promise.all([again.endAsync(), control.endAsync()]);
});

test("an empty client id needs a clean session", async () => {
  //  clean  id     CONNACK: session present, return code
  const table: [boolean, string, number[]][] = [
    [false, "", [0x20, 2, 0, 2]],
    [true, "", [0x20, 2, 0, 0]],
    [false, "lasting", [0x20, 2, 0, 0]],
  ];
  for (const [clean, id, then] of table) {
    const socket = await rawConnect();
    const answer = new Promise<Buffer>((resolve) => socket.once("data", resolve));
    socket.write(connectPacket({ id, name: "operator", clean }));
    assert.deepEqual([...(await answer)], then, `clean ${clean}, id "${id}"`);
    socket.destroy();
  }
});

test("an oversized packet ends its connection as soon as its header is read", async () => {
  const plug = await join("plug");
  const stream = plug.stream as unknown as Socket;
  stream.write(Buffer.from([0x30, 0x80, 0x80, 0x80, 0x40]));
  await until(() => !plug.connected, 2_000);
  assert.equal(lastWarning().message, "a packet was too large and its client disconnected");
  const control = await join("control");
  await control.publishAsync("gridwright/valley/snapshot", "s".repeat(200_000), { retain: true, qos: 1 });
  await control.publishAsync("gridwright/valley/snapshot", "", { retain: true, qos: 1 });
  await control.endAsync();
});

test("2,000 half-open sockets are gone within seconds and keep nobody out for longer", {
  timeout: 20_000,
}, async () => {
  await Promise.all(Array.from({ length: 2_000 }, () => rawConnect().catch(() => undefined)));
  assert.ok(broker.stats().connections <= 1_024);
  await until(() => broker.stats().connections === 0, 8_000);
  const plug = await join("plug");
  await plug.endAsync();
});

test("a frozen subscriber stalls nobody and is put out", { timeout: 20_000 }, async () => {
  const frozen = await join("operator", { clientId: "frozen" });
  await frozen.subscribeAsync("gridwright/#");
  (frozen.stream as unknown as Socket).pause();
  const [control, watcher] = [await join("control"), await join("operator", { clientId: "awake" })];
  let heard = 0;
  watcher.on("message", () => {
    heard += 1;
  });
  await watcher.subscribeAsync("gridwright/valley/tick");
  const before = broker.stats().refused.slow;
  const payload = "x".repeat(4_000);
  for (let sent = 0; sent < 4_000; sent += 100) {
    for (let one = 0; one < 100; one += 1) control.publish("gridwright/valley/tick", payload);
    await until(() => heard >= sent + 100, 2_000);
  }
  assert.equal(heard, 4_000);
  await until(() => broker.stats().refused.slow === before + 1, 2_000);
  assert.ok(watcher.connected && control.connected);
});

test("a taken port says so and names the cure", async () => {
  const again = startBroker({
    port: broker.port,
    users: USERS,
    siteId: "valley",
    io: hostClock(),
    log,
  });
  await assert.rejects(again, {
    code: "port-in-use",
    message: new RegExp(`Port ${broker.port} .* broker: \\{ port`),
  });
});
