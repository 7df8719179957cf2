import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { describe, test } from "node:test";
import { epoch, mono } from "@gridwright/contract/units.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { createPlant, step } from "../plant/plant.ts";
import { quietLog, village, villageDay } from "../testing/village.ts";
import { obey } from "./commands.ts";
import { startPaceLine } from "./pace-line.ts";

const frame = (m: number) => ({
  m: mono(m),
  t: epoch(1_790_000_000_000 + m),
  speed: 60,
  stepMs: 1_000,
  run: "r7",
});

async function client(port: number) {
  const socket: Socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  return {
    socket,
    say: (message: unknown) =>
      socket.write(`${typeof message === "string" ? message : JSON.stringify(message)}\n`),
    hear: async (): Promise<unknown> => JSON.parse((await lines.next()).value ?? "null"),
  };
}

/** A clock whose sleepers wake when the test says so. */
function heldClock() {
  const wakes: (() => void)[] = [];
  const io = {
    ...hostClock(),
    sleep: (_: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        wakes.push(resolve);
        signal?.addEventListener("abort", () => reject(signal.reason));
      }),
  };
  return {
    io,
    patienceEnds: () => {
      for (const wake of wakes.splice(0)) wake();
    },
    sleeping: () => wakes.length,
  };
}
const open = (io = hostClock()) =>
  startPaceLine({ host: "127.0.0.1", port: 0, io, log: quietLog, command: ({ word }) => ({ said: word }) });

describe("plant time is given out", () => {
  test("to everybody, and the newest frame at once to who comes later", async () => {
    const line = await open();
    line.send(frame(7_000));
    const late = await client(line.port);
    assert.deepEqual(await late.hear(), frame(7_000));
    line.send(frame(8_000));
    assert.deepEqual(await late.hear(), frame(8_000));
    await line.close();
  });
  test("nobody is waited for who never answers", async () => {
    const line = await open();
    await client(line.port);
    await line.settled(5_000);
    await line.close();
  });
  test("who answers is waited for until it has decided", async () => {
    const { io, sleeping } = heldClock();
    const line = await open(io);
    const control = await client(line.port);
    line.send(frame(3_000));
    control.say({ done: 3_000 });
    control.say({ word: "sync" });
    await control.hear();
    await control.hear();
    await line.settled(3_000);
    let passed = false;
    const waiting = line.settled(4_000).then(() => {
      passed = true;
    });
    assert.deepEqual([passed, sleeping()], [false, 1]);
    control.say({ done: 4_000 });
    await waiting;
    await line.close();
  });
  test("a frozen one costs its patience three times, then nothing, until it answers again", async () => {
    const { io, patienceEnds, sleeping } = heldClock();
    const line = await open(io);
    const control = await client(line.port);
    control.say({ done: 2_000 });
    control.say({ word: "sync" });
    await control.hear();
    for (let late = 0; late < 3; late++) {
      const waiting = line.settled(3_000);
      patienceEnds();
      await waiting;
    }
    await line.settled(3_000);
    control.say({ done: 3_000 });
    control.say({ word: "sync" });
    await control.hear();
    const waiting = line.settled(9_000);
    assert.equal(sleeping(), 1);
    control.socket.destroy();
    await waiting;
    await line.close();
  });
  test("commands are answered, nonsense too", async () => {
    const line = await open();
    const curious = await client(line.port);
    curious.say({ word: "sun" });
    assert.deepEqual(await curious.hear(), { answer: { said: "sun" } });
    curious.say("not json");
    assert.deepEqual(await curious.hear(), { answer: { error: "not a line of JSON" } });
    await line.close();
  });
});

describe("commands", () => {
  const start = epoch(Date.parse("2026-05-21T10:00:00Z"));
  const world = createPlant({ model: village(), scenario: villageDay(), seed: 20, start });
  step(world, 60_000);
  test("a question gets true values and every load's supply", () => {
    const answer = obey(world, { id: 5, query: ["battery/soc", "house-1/power", "house-1/beauty"] }) as {
      values: Record<string, unknown>;
      relays: Record<string, unknown>;
    };
    assert.equal(answer.values["battery/soc"], world.battery.soc);
    assert.equal(answer.values["house-1/beauty"], null);
    assert.deepEqual(answer.relays["house-1-heater"], { supplied: false, energised: false });
    assert.deepEqual(answer.relays.router, { supplied: true, energised: null });
    assert.equal(Object.keys(answer.relays).length, world.loads.length);
  });
  test("faults begin and end", () => {
    obey(world, { fault: { kind: "grid-lost" }, forMs: 90_000 });
    step(world, 1_000);
    assert.equal(world.grid.present, false);
    assert.deepEqual(obey(world, { clear: { kind: "grid-lost" } }), {
      m: 61_000,
      t: start + 61_000,
      ok: true,
      faults: [],
    });
  });
  test("a mistake is said", () => {
    assert.match(JSON.stringify(obey(world, { fault: { kind: "meteor" } })), /"error":"expected one of/);
    assert.match(JSON.stringify(obey(world, { coil: "nobody/relay", energised: true })), /no coil/);
  });
});
