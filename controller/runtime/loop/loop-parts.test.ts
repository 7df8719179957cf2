import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Reason } from "@gridwright/contract/decision.ts";
import type { Device } from "@gridwright/contract/ports.ts";
import { epoch, millis, mono } from "@gridwright/contract/units.ts";
import type { Order } from "@gridwright/core/leases.ts";
import type { Condition } from "@gridwright/core/step.ts";
import { createActors } from "./act.ts";
import { createAlarms, seenIn } from "./alarms.ts";
import { createMetronome } from "./metronome.ts";

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A clock that stands still until it is moved. */
function standing(start: number) {
  let now = start;
  const sleepers: { until: number; wake: () => void }[] = [];
  const clock: Clock = {
    now: () => mono(now),
    wall: () => epoch(now + 1_000_000),
    sleep: (duration, signal) =>
      new Promise((resolve, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason));
        sleepers.push({ until: now + duration, wake: resolve });
      }),
  };
  const move = (by: number): void => {
    now += by;
    for (const sleeper of sleepers) if (sleeper.until <= now) sleeper.wake();
  };
  return { clock, move };
}

const settled = async (promise: Promise<unknown>): Promise<boolean> => {
  let done = false;
  void promise.then(() => {
    done = true;
  });
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  return done;
};

describe("the metronome", () => {
  it("lets the loop wait until its time has come", async () => {
    const plant = standing(7_000);
    const io = standing(500);
    const metronome = createMetronome(plant.clock, io.clock);
    io.move(60);
    const next = metronome.next(mono(7_900), new AbortController().signal);
    plant.move(800);
    assert.equal(await settled(next), false);
    plant.move(150);
    assert.equal(await settled(next), true);
  });
  it("wakes it at once for something urgent", async () => {
    const plant = standing(7_000);
    const io = standing(500);
    const metronome = createMetronome(plant.clock, io.clock);
    io.move(60);
    const next = metronome.next(mono(7_900), new AbortController().signal);
    metronome.wake();
    assert.equal(await settled(next), true);
  });
  it("but never more often than its floor of real time", async () => {
    const plant = standing(7_000);
    const io = standing(500);
    const metronome = createMetronome(plant.clock, io.clock);
    metronome.wake();
    const next = metronome.next(mono(7_900), new AbortController().signal);
    assert.equal(await settled(next), false);
    io.move(11);
    assert.equal(await settled(next), true);
  });
});

describe("alarms", () => {
  const lost: Condition = {
    id: "device-lost/meter",
    severity: "critical",
    reason: { code: "alarm-device-lost", params: { device: "meter", sinceMs: 12_000, why: "no answer" } },
  };
  it("are raised once, stay while the condition holds, and are cleared with their times", () => {
    const alarms = createAlarms();
    const story = [[lost], [lost], [], []].map((conditions, minute) =>
      alarms.update(conditions, epoch(60_000 * (minute + 3))),
    );
    assert.deepEqual(
      story.map((messages) =>
        messages.map(({ event, alarm }) => `${event} ${alarm.id} ${alarm.raisedAt} ${alarm.clearedAt}`),
      ),
      [["raised device-lost/meter 180000 undefined"], [], ["cleared device-lost/meter 180000 300000"], []],
    );
  });
  it("that were open before a restart are not raised again", () => {
    const alarms = createAlarms([{ ...lost, raisedAt: epoch(77_000) }]);
    assert.deepEqual(alarms.update([lost], epoch(99_000)), []);
  });
  it("are seen once by a person, stay open, and are unseen when they come again", () => {
    const alarms = createAlarms([{ ...lost, raisedAt: epoch(77_000) }]);
    const seen = ["device-lost/meter", "grid-lost/line"];
    const said = (conditions: readonly (typeof lost)[], at: number, heard: readonly string[] = []) =>
      alarms.update(conditions, epoch(at), { seen: heard }).map(({ event, alarm }) => `${event} ${alarm.id}`);
    assert.deepEqual(said([lost], 91_000, seen), ["acknowledged device-lost/meter"]);
    assert.deepEqual(alarms.open, [{ ...lost, raisedAt: 77_000, acknowledgedAt: 91_000 }]);
    assert.deepEqual(said([lost], 92_000, seen), []);
    assert.deepEqual(said([], 93_000), ["cleared device-lost/meter"]);
    assert.deepEqual(said([lost], 94_000), ["raised device-lost/meter"]);
    assert.equal(alarms.open[0]?.acknowledgedAt, undefined);
  });
  it("are seen by those whose word is taken", () => {
    const asked = (id: string, alarm: string) => ({
      ...({ id, issuer: "services", role: "member", seq: 3, ttlMs: 900_000 } as const),
      body: { kind: "acknowledge", alarm } as const,
    });
    const reason: Reason = { code: "answer-accepted", params: {} };
    const answers = [
      { id: "r-1", issuer: "services", outcome: "accepted", reason },
      { id: "r-2", issuer: "services", outcome: "refused", reason },
    ] as const;
    assert.deepEqual(seenIn([asked("r-1", "dead-bus"), asked("r-2", "grid-lost/line")], answers), [
      "dead-bus",
    ]);
  });
});

describe("orders to devices", () => {
  const order = (on: boolean): Order => ({
    asset: "saw",
    device: "board",
    point: "relay_5",
    set: { kind: "switch", on },
    leaseMs: millis(90_000),
  });
  it("one is under way at a time, and of those that wait only the newest is sent", async () => {
    const sent: boolean[] = [];
    const gates: (() => void)[] = [];
    const device: Device = {
      id: "board",
      onSampling: () => () => undefined,
      command: ({ set }) => {
        sent.push(set.kind === "switch" && set.on);
        return new Promise((resolve) => gates.push(resolve));
      },
      status: () => ({ errors: 0 }),
      close: async () => undefined,
    };
    const actors = createActors({ devices: new Map([["board", device]]), log: quiet });
    for (const on of [true, false, true]) actors.send([order(on)]);
    assert.deepEqual(sent, [true]);
    gates[0]?.();
    await settled(actors.idle());
    gates[1]?.();
    await actors.idle();
    assert.deepEqual(sent, [true, true]);
  });
  it("a refusal is told once, and the next order goes out", async () => {
    const device: Device = {
      id: "board",
      onSampling: () => () => undefined,
      command: ({ set }) =>
        set.kind === "switch" && set.on ? Promise.resolve() : Promise.reject(new Error("illegal address")),
      status: () => ({ errors: 3 }),
      close: async () => undefined,
    };
    const actors = createActors({ devices: new Map([["board", device]]), log: quiet });
    actors.send([order(false)]);
    await actors.idle();
    assert.deepEqual(actors.failures(), [{ asset: "saw", why: "illegal address" }]);
    assert.deepEqual(actors.failures(), []);
  });
});
