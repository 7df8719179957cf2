// What goes outward, seen by programs that are not ours: mosquitto_sub and mosquitto_pub at the embedded broker with
// the rights that Home Assistant has there, mbpoll at the Modbus server. Control is played by the test.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { topics } from "@gridwright/contract/messages.ts";
import { registerMap } from "@gridwright/contract/outward.ts";
import type { Bus } from "@gridwright/contract/ports.ts";
import { RequestEnvelope } from "@gridwright/contract/request.ts";
import { millis } from "@gridwright/contract/units.ts";
import { type Broker, startBroker } from "@gridwright/runtime/broker/broker.ts";
import { connectBus } from "@gridwright/runtime/bus/bus.ts";
import { createRequester, risingSeq } from "@gridwright/runtime/bus/requester.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { MODBUS_LIMITS } from "@gridwright/runtime/outlets/modbus/server.ts";
import { keepingLog, orchardModel } from "@gridwright/runtime/outlets/orchard-fixture.ts";
import { type Outlets, startOutlets } from "@gridwright/runtime/outlets/outlets.ts";
import { openSecrets, type Secrets } from "@gridwright/runtime/secrets/secrets.ts";
import { snapshotOf, statusOf, tickOf } from "@gridwright/runtime/web/garden-fixture.ts";
import { needs } from "../tools/needs.ts";
import { mbpoll } from "../tools/peers.ts";

const run = promisify(execFile);
const model = orchardModel({ modbus: { port: 1502 } });
const topic = topics("orchard");
const io = hostClock();
const log = keepingLog();
const POINTS = {
  "bank/soc": 0.625,
  "bank/battery_power": -840,
  "pump-plug/relay": false,
  "pump-plug/power": 3.5,
};

let dataDir = "";
let secrets: Secrets;
let broker: Broker;
let control: Bus;
let services: Bus;
let outlets: Outlets;
const asked: RequestEnvelope[] = [];

function joined(
  user: "control" | "services",
  will?: { topic: string; payload: string; retain: boolean },
): Bus {
  const url = `mqtt://127.0.0.1:${broker.port}`;
  return connectBus({ url, clientId: user, ...secrets.login(user), ...(will && { will }), io, log });
}

/** Plays control: speaks once a second, and refuses what is asked. */
function playControl(): void {
  control.subscribe(topic.request("+"), (from, payload) => {
    const envelope = RequestEnvelope.parse(JSON.parse(payload));
    asked.push(envelope);
    const reason = { code: "answer-short", params: { why: "the battery is low" } };
    const answer = { id: envelope.id, issuer: envelope.issuer, outcome: "refused", reason };
    control.publish(topic.answer(from.split("/").at(-1) ?? ""), JSON.stringify(answer), { qos: 1 });
  });
  control.publish(topic.control, "online", { retain: true, qos: 1 });
  const snapshot = snapshotOf({ points: POINTS, assets: { pump: statusOf() } });
  control.publish(topic.snapshot, JSON.stringify(snapshot), { retain: true, qos: 1 });
}

async function connected(bus: Bus): Promise<void> {
  for (let left = 5_000; !bus.connected; left -= 20) {
    assert.ok(left > 0, "no connection to the broker");
    await wait(20);
  }
}

let speaking: NodeJS.Timeout;
before(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "gridwright-outward-"));
  secrets = await openSecrets(dataDir, model);
  const users = secrets.brokerUsers;
  broker = await startBroker({ port: 0, users, siteId: "orchard", io, log });
  control = joined("control");
  services = joined("services", {
    topic: "gridwright/orchard/services",
    payload: "offline",
    retain: true,
  });
  await Promise.all([control, services].map(connected));
  const requester = createRequester({
    ...{ bus: services, siteId: "orchard", issuer: "services", io },
    key: secrets.issuerKey("services") ?? new Uint8Array(),
    seq: risingSeq(io),
    random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
    deadlineMs: millis(2_000),
  });
  outlets = await startOutlets({
    ...{ model, bus: services, io, log, dataDir, modbusPort: 0 },
    request: requester.send,
  });
  playControl();
  speaking = setInterval(() => control.publish(topic.tick, JSON.stringify(tickOf())), 500);
  await wait(1_500);
});
after(async () => {
  clearInterval(speaking);
  await outlets.close();
  await Promise.all([control, services].map((bus) => bus.close()));
  await broker.close();
  await rm(dataDir, { recursive: true });
});

const home = (): string[] => {
  const { password } = secrets.login("home-assistant");
  return ["-h", "127.0.0.1", "-p", String(broker.port), "-u", "home-assistant", "-P", password];
};

/** Retained messages under a filter, as mosquitto_sub gets them: topic → payload. */
async function retained(filter: string): Promise<Map<string, string>> {
  const args = [...home(), "-v", "-t", filter, "--retained-only", "-W", "1"];
  const { stdout } = await run("mosquitto_sub", args, { maxBuffer: 1e7 }).catch(
    (error: { stdout?: string; code?: number }) => {
      if (error.code !== 27) throw error;
      return { stdout: error.stdout ?? "" };
    },
  );
  const lines = stdout.split("\n").filter(Boolean);
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)]));
}
const publish = (to: string, text: string, ...more: string[]) =>
  run("mosquitto_pub", [...home(), "-q", "1", "-t", to, "-m", text, ...more]);

describe("Home Assistant's view", { skip: needs("mosquitto-clients") }, () => {
  it("every asset is announced as a device, and its topics hold what is announced", async () => {
    const found = await retained("homeassistant/#");
    const ids = ["battery", "pump", "kettle", "lamp", "hub"];
    assert.deepEqual(
      [...found.keys()].sort(),
      ids.map((id) => `homeassistant/device/gridwright_orchard_${id}/config`).sort(),
    );
    const values = await retained("gridwright/orchard/+/+");
    for (const payload of found.values())
      for (const { state_topic, p } of Object.values(JSON.parse(payload).cmps as Record<string, Announced>))
        assert.ok(values.has(state_topic) || state_topic.endsWith("/answer"), `${p} ${state_topic}`);
  });

  it("plain topics say what control said", async () => {
    const values = await retained("gridwright/orchard/+/+");
    assert.equal(values.get("gridwright/orchard/battery/soc"), "0.625");
    assert.equal(values.get("gridwright/orchard/battery/battery_power"), "-840");
    assert.equal(values.get("gridwright/orchard/pump/switch"), "false");
    assert.equal(values.get("gridwright/orchard/kettle/power"), "unavailable");
    const alive = await retained("gridwright/orchard/services");
    assert.equal(alive.get("gridwright/orchard/services"), "online");
  });

  it("a wish becomes a signed request, and control's refusal comes back in words", async () => {
    await publish("gridwright/orchard/pump/switch/set", "true");
    await wait(1_400);
    assert.deepEqual(
      asked.map(({ issuer, role, ttlMs, body }) => ({ issuer, role, ttlMs, body })),
      [
        {
          ...{ issuer: "services", role: "member", ttlMs: 900_000 },
          body: { kind: "switch", asset: "pump", on: true, why: "Home Assistant" },
        },
      ],
    );
    const values = await retained("gridwright/orchard/pump/+");
    assert.equal(
      values.get("gridwright/orchard/pump/answer"),
      "refused: supply is short now: the battery is low",
    );
    assert.equal(values.get("gridwright/orchard/pump/switch"), "false");
  });

  it("it can neither keep a wish at the broker, nor speak for control or services", async () => {
    asked.length = 0;
    await publish("gridwright/orchard/pump/switch/set", "true", "-r");
    await publish("gridwright/orchard/pump/power", "99");
    await publish("gridwright/orchard/request/services", "{}");
    await publish("gridwright/orchard/answer/services", "{}");
    await wait(300);
    assert.deepEqual(asked, []);
    const values = await retained("gridwright/orchard/pump/+");
    assert.equal(values.get("gridwright/orchard/pump/power"), "3.5");
  });

  it("no message of ours was refused at the broker", () => {
    const refused = log.warnings.filter(([, fields]) => fields?.user === "services");
    assert.deepEqual(refused, []);
  });
});

interface Announced {
  readonly p: string;
  readonly state_topic: string;
}

const map = registerMap(model);
const port = (): number => outlets.ports.modbus ?? 0;
const block = (id: string) => map.blocks.find(({ asset }) => asset === id) ?? assert.fail(id);
const addressOf = (id: string, point: string): number =>
  block(id).channels.find((channel) => channel.point === point)?.address ?? assert.fail(`${id}/${point}`);

describe("the Modbus map", { skip: needs("mbpoll") }, () => {
  it("mbpoll reads at the map's addresses what control said", async () => {
    const float = async (id: string, point: string) =>
      (await mbpoll({ port: port(), unit: 1, address: addressOf(id, point), type: "3:float" }))[0];
    assert.equal(await float("battery", "soc"), 0.625);
    assert.equal(await float("battery", "battery_power"), -840);
    assert.equal(await float("pump", "power"), 3.5);
    assert.equal(await float("pump", "switch"), 0);
  });
  it("quality and count stand before the values, and the fingerprint in the site's own", async () => {
    const words = (address: number, count: number) =>
      mbpoll({ port: port(), unit: 17, address, type: "3", count });
    assert.deepEqual(await words(block("pump").address, 2), [2, 2]);
    assert.deepEqual(await words(block("battery").address, 2), [1, 5]);
    assert.deepEqual(await words(block("kettle").address, 2), [0, 2]);
    assert.deepEqual(await words(4, 3), [5, map.fingerprint >>> 16, map.fingerprint & 0xffff]);
  });
  it("what is not in the map is an illegal address, another table an illegal function", async () => {
    const at = (address: number, type: string) => mbpoll({ port: port(), unit: 1, address, type });
    await assert.rejects(at(40_000, "3:float"), /Illegal data address/);
    for (const type of ["4", "0", "1"]) await assert.rejects(at(100, type), /Illegal function/);
  });
  it("no write is taken", async () => {
    const write = (type: string, value: string) =>
      run("mbpoll", [
        "-m",
        "tcp",
        "-0",
        "-a",
        "1",
        "-r",
        "102",
        "-t",
        type,
        "-p",
        `${port()}`,
        "127.0.0.1",
        value,
      ]);
    await assert.rejects(write("4", "7"), /Illegal function/);
    await assert.rejects(write("0", "1"), /Illegal function/);
  });
});

const opened = async (): Promise<Socket> => {
  const socket = connect(port(), "127.0.0.1");
  socket.on("error", () => socket.destroy());
  await new Promise<void>((resolve) => {
    socket.once("connect", () => resolve());
    socket.once("close", () => resolve());
  });
  socket.resume();
  return socket;
};
/** One that the server took in, with a first answer as proof. */
async function served(): Promise<Socket> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const socket = await opened();
    const reply = new Promise<boolean>((resolve) => {
      socket.once("data", () => resolve(true));
      socket.once("close", () => resolve(false));
    });
    socket.write(READ);
    if (await reply) return socket;
    await wait(20);
  }
  return assert.fail("nobody is let in");
}
const READ = Buffer.from([0, 7, 0, 0, 0, 6, 1, 4, 0, 100, 0, 4]);
const until = async (holds: () => boolean, withinMs: number): Promise<void> => {
  for (let left = withinMs; !holds(); left -= 20) {
    assert.ok(left > 0, `not within ${withinMs} ms: ${holds}`);
    await wait(20);
  }
};

describe("a flood at the Modbus server", () => {
  it("of connections is cut to its limit, costs little memory, and ends", { timeout: 30_000 }, async () => {
    global.gc?.();
    const before = process.memoryUsage().rss;
    for (let round = 0; round < 10; round += 1) {
      const sockets = await Promise.all(Array.from({ length: 150 }, opened));
      await until(
        () => sockets.filter((socket) => !socket.destroyed).length <= MODBUS_LIMITS.connectionsMax,
        2_000,
      );
      for (const socket of sockets) socket.destroy();
    }
    const grownMb = (process.memoryUsage().rss - before) / 1e6;
    assert.ok(grownMb < 80, `grew by ${grownMb.toFixed(0)} MB`);
    const later = await served();
    later.destroy();
  });

  it("of requests is answered as busy, then cut", { timeout: 20_000 }, async () => {
    const socket = await served();
    let bytes = 0;
    const kinds = new Set<number>();
    socket.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      for (let at = 0; at + 8 < chunk.length; at += chunk.readUInt16BE(at + 4) + 6)
        kinds.add(chunk[at + 7] ?? 0);
    });
    // More than it may ask in a second, fewer than it is let go for: a cut connection takes its last answers with it.
    socket.write(Buffer.concat(Array(MODBUS_LIMITS.busyMax - 100).fill(READ)));
    await until(() => kinds.has(0x84), 10_000);
    for (let sent = 0; sent < 50; sent += 1)
      if (!socket.destroyed) socket.write(Buffer.concat(Array(400).fill(READ)));
    await until(() => socket.destroyed, 10_000);
    assert.ok(bytes < 40_000, `${bytes} bytes`);
  });

  it("of half frames and of noise leaves nothing behind", { timeout: 20_000 }, async () => {
    const noisy = await served();
    noisy.write(Buffer.from("GET / HTTP/1.1\r\n\r\n"));
    await until(() => noisy.destroyed, 2_000);
    const [silent, half] = [await opened(), await opened()];
    half.write(READ.subarray(0, 9));
    await wait(1_000);
    assert.ok(!silent.destroyed && !half.destroyed);
    await until(() => silent.destroyed && half.destroyed, MODBUS_LIMITS.firstRequestMs + 2_000);
  });

  it("a client that does not read its answers is cut", { timeout: 20_000 }, async () => {
    const socket = await served();
    socket.pause();
    const again = setInterval(
      () => socket.destroyed || socket.write(Buffer.concat(Array(50).fill(READ))),
      20,
    );
    await wait(1_000);
    clearInterval(again);
    socket.resume();
    await until(() => socket.destroyed, 3_000);
  });
});
