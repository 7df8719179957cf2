// The bus against the real broker and against brokers that misbehave: it never throws, never waits, and comes back.
import assert from "node:assert/strict";
import { createServer, type Server, type Socket } from "node:net";
import { afterEach, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import type { Log } from "@gridwright/contract/log.ts";
import type { Bus } from "@gridwright/contract/ports.ts";
import { millis } from "@gridwright/contract/units.ts";
import { type Broker, startBroker } from "../broker/broker.ts";
import { hostClock } from "../clock/host-clock.ts";
import { connectBus } from "./bus.ts";
import { openSession } from "./session.ts";

const io = hostClock();
const lines: string[] = [];
const log: Log = {
  info: (message) => lines.push(message),
  warn: (message) => lines.push(message),
  error: (message) => lines.push(message),
};
const users = ["sun", "moon"].map((name) => ({
  name,
  password: `secret of ${name}`,
  clientId: name,
  publish: ["sky/#"],
  subscribe: ["sky/#"],
  retain: ["sky/kept/#", `sky/gone/${name}`],
}));

let broker: Broker | undefined;
const buses: Bus[] = [];
afterEach(async () => {
  await Promise.all(buses.splice(0).map((bus) => bus.close()));
  await broker?.close();
  broker = undefined;
});

const open = async (port = 0): Promise<Broker> => {
  broker = await startBroker({ port, users, siteId: "valley", io, log });
  return broker;
};
function join(name: string, port: number, more: object = {}): Bus {
  const login = {
    url: `mqtt://127.0.0.1:${port}`,
    username: name,
    password: `secret of ${name}`,
    clientId: name,
  };
  const bus = connectBus({ ...login, io, log, random: () => 0.5, ...more });
  buses.push(bus);
  return bus;
}
async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    assert.ok(tries < 400, `never: ${holds}`);
    await wait(10);
  }
}
/** Collects what a bus hears, as `topic payload`, retained ones marked. */
function listen(bus: Bus, filter: string): string[] {
  const heard: string[] = [];
  bus.subscribe(filter, (topic, payload, retained) =>
    heard.push(`${topic} ${payload}${retained ? " (kept)" : ""}`),
  );
  return heard;
}

test("what must arrive is published before there is a connection and arrives in order", async () => {
  const { port } = await open();
  const [sun, moon] = [join("sun", port), join("moon", port)];
  const heard = listen(moon, "sky/+");
  await until(() => moon.connected);
  for (const payload of ["4", "7", "9"]) sun.publish("sky/noon", payload, { qos: 1 });
  await until(() => heard.length === 3);
  assert.deepEqual(heard, ["sky/noon 4", "sky/noon 7", "sky/noon 9"]);
});

test("a broker that restarts loses no QoS 1 message and no subscription", async () => {
  const { port } = await open();
  const [sun, moon] = [join("sun", port), join("moon", port)];
  const heard = listen(moon, "sky/#");
  await until(() => sun.connected && moon.connected);
  await broker?.close();
  await until(() => !sun.connected && !moon.connected);
  sun.publish("sky/eve", "lost", { qos: 0 });
  await open(port);
  await until(() => moon.connected);
  for (const payload of ["12", "15"]) sun.publish("sky/eve", payload, { qos: 1 });
  await until(() => heard.length >= 2);
  assert.deepEqual(heard, ["sky/eve 12", "sky/eve 15"]);
});

test("a listener learns whether a message was kept at the broker; a last will is told", async () => {
  const { port } = await open();
  const sun = join("sun", port, { will: { topic: "sky/gone/sun", payload: "set", retain: true } });
  await until(() => sun.connected);
  sun.publish("sky/kept/map", "stars", { qos: 1, retain: true });
  const moon = join("moon", port);
  const gone = listen(moon, "sky/gone/+");
  const heard = listen(moon, "sky/kept/#");
  await until(() => heard.length > 0);
  assert.deepEqual(heard, ["sky/kept/map stars (kept)"]);
  const again = join("sun", port);
  await until(() => gone.length > 0);
  assert.deepEqual(gone, ["sky/gone/sun set"]);
  await again.close();
});

test("two overlapping filters each hear a message once", async () => {
  const { port } = await open();
  const [sun, moon] = [join("sun", port), join("moon", port)];
  const [wide, narrow] = [listen(moon, "sky/#"), listen(moon, "sky/+/west")];
  await until(() => sun.connected && moon.connected);
  sun.publish("sky/far/west", "6", { qos: 1 });
  await until(() => wide.length > 0 && narrow.length > 0);
  await wait(30);
  assert.deepEqual([wide, narrow], [["sky/far/west 6"], ["sky/far/west 6"]]);
});

/** A server that takes every client in and then does `next` with its socket. */
async function impostor(next: (socket: Socket) => void): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.once("data", () => {
      socket.write(Buffer.from([0x20, 2, 0, 0]));
      next(socket);
    });
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
  });
  return { server, port };
}

test("a broker that accepts and never reads delays nobody and fills no memory", async () => {
  const { server, port } = await impostor((socket) => socket.pause());
  const bus = join("sun", port);
  await until(() => bus.connected);
  const payload = "x".repeat(1_000);
  const slowest = Array.from({ length: 20 }, (_, round) => {
    const start = performance.now();
    for (let one = 0; one < 500; one += 1)
      bus.publish(`sky/${round}`, payload, { qos: round % 2 === 0 ? 0 : 1 });
    return performance.now() - start;
  }).reduce((most, took) => Math.max(most, took));
  assert.ok(slowest < 500, `500 messages took ${slowest} ms`);
  const login = { url: `mqtt://127.0.0.1:${port}`, username: "sun", password: "any", clientId: "sun" };
  const nothing = () => undefined;
  const session = openSession(login, { onUp: nothing, onMessage: nothing, onEnd: nothing });
  await until(() => session.up);
  const large = { topic: "sky/x", payload: "x".repeat(100_000), retain: false };
  assert.ok(Array.from({ length: 300 }, () => session.send(large)).includes(false));
  await Promise.all([bus.close(), session.end(millis(50))]);
  server.close();
});

test("what was sent and not acknowledged when the connection broke is sent again", async () => {
  const { server, port } = await impostor((socket) => socket.once("data", () => socket.destroy()));
  const sun = join("sun", port);
  await until(() => sun.connected);
  sun.publish("sky/kept/dawn", "23", { qos: 1, retain: true });
  await until(() => !sun.connected);
  await new Promise((resolve) => server.close(resolve));
  await open(port);
  const moon = join("moon", port);
  const heard = listen(moon, "sky/kept/dawn");
  await until(() => heard.length > 0);
  assert.match(heard[0] ?? "", /^sky\/kept\/dawn 23/);
});

test("no broker and a wrong password are said once and tried again, never thrown", async () => {
  const { port } = await open();
  const wrong = join("sun", port, { password: "guess" });
  const nowhere = join("moon", 9);
  wrong.publish("sky/x", "8", { qos: 1 });
  nowhere.publish("sky/x", "8");
  lines.length = 0;
  await wait(500);
  assert.deepEqual([wrong.connected, nowhere.connected], [false, false]);
  assert.equal(lines.filter((line) => line.startsWith("the broker is not there")).length, 2);
  assert.ok((broker?.stats().refused.login ?? 0) >= 2);
});
