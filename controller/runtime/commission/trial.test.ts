import assert from "node:assert/strict";
import { test } from "node:test";
import type { Clock } from "@gridwright/contract/clock.ts";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { Command, Device, Sampling } from "@gridwright/contract/ports.ts";
import { epoch, mono, seconds } from "@gridwright/contract/units.ts";
import { type TrialEvent, type TrialOptions, trialWrite } from "./trial.ts";

/** A device that is read each second of a clock that only sleeping moves; its timer ends as told. */
interface Fake {
  readonly timer: boolean;
  readonly stuck?: boolean;
  /** After a command it is read no more. */
  readonly mute?: boolean;
}

function fakeDevice({ timer, stuck = false, mute = false }: Fake) {
  let now = 1_000;
  let value = 1;
  let [backAt, kept] = [Number.POSITIVE_INFINITY, 1];
  const commands: Command[] = [];
  const listeners = new Set<(sampling: Sampling) => void>();
  const say = (): void => {
    if (now >= backAt) value = kept;
    if (mute && commands.length > 0) return;
    for (const listener of listeners)
      listener({ device: "roof", at: mono(now), samples: [{ point: "power_limit", value }] });
  };
  const io: Clock = {
    now: () => mono(now),
    wall: () => epoch(now),
    async sleep(duration, signal) {
      signal?.throwIfAborted();
      for (let left = Number(duration); left > 0; left -= 50) {
        now += 50;
        if (now % 1_000 === 0) say();
        await Promise.resolve();
        signal?.throwIfAborted();
      }
    },
  };
  const device: Device = {
    id: "roof",
    onSampling(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async command(command) {
      commands.push(command);
      if (stuck && command.leaseMs === null) return;
      if (command.set.kind === "limit") value = command.set.share;
      kept = command.revertTo ?? 1;
      backAt = timer && command.leaseMs !== null ? now + command.leaseMs : Number.POSITIVE_INFINITY;
    },
    status: () => ({ errors: 0 }),
    close: async () => undefined,
  };
  return { device, io, commands, at: () => value, listeners };
}

const options = (fake: ReturnType<typeof fakeDevice>, events: TrialEvent[]): TrialOptions => ({
  ...{ device: fake.device, io: fake.io, point: "power_limit", set: { kind: "limit", share: 0.6 } },
  ...{ for: seconds(12), leases: true, signal: new AbortController().signal },
  tell: (event) => events.push(event),
});

test("a device with a timer is left to go back by itself, and is seen to", async () => {
  const fake = fakeDevice({ timer: true });
  const events: TrialEvent[] = [];
  const result = await trialWrite(options(fake, events));
  assert.deepEqual(result, { before: 1, after: 1, revertedByItself: true });
  assert.deepEqual(
    events.map(({ kind }) => kind),
    ["before", "written", "ended", "reverted"],
  );
  assert.deepEqual(
    fake.commands.map(({ set, leaseMs }) => ["share" in set && set.share, leaseMs]),
    [[0.6, 12_000]],
  );
  assert.equal(fake.listeners.size, 0);
});

test("a device that keeps a share by itself is left with it, and seen to fall to it", async () => {
  const fake = fakeDevice({ timer: true });
  const result = await trialWrite({ ...options(fake, []), revertTo: 0.35 });
  assert.deepEqual(result, { before: 1, after: 0.35, revertedByItself: true });
  assert.deepEqual(
    fake.commands.map(({ revertTo }) => revertTo),
    [0.35],
  );
});

test("one whose timer does not work is written back, and that is said", async () => {
  const fake = fakeDevice({ timer: false });
  const events: TrialEvent[] = [];
  const result = await trialWrite(options(fake, events));
  assert.deepEqual(result, { before: 1, after: 1, revertedByItself: false });
  assert.deepEqual(
    events.map(({ kind }) => kind),
    ["before", "written", "ended", "overdue", "reverted"],
  );
  assert.equal(fake.at(), 1);
});

test("without a timer of its own, it is written back at once when the time is over", async () => {
  const fake = fakeDevice({ timer: false });
  const result = await trialWrite({ ...options(fake, []), leases: false });
  assert.deepEqual(result, { before: 1, after: 1 });
  assert.deepEqual(
    fake.commands.map(({ leaseMs }) => leaseMs),
    [12_000, null],
  );
});

test("ended early, it is written back at once", async () => {
  const fake = fakeDevice({ timer: true });
  const stop = new AbortController();
  const result = await trialWrite({
    ...options(fake, []),
    signal: stop.signal,
    tell: ({ kind }) => {
      if (kind === "written") stop.abort();
    },
  });
  assert.deepEqual(result, { before: 1, after: 1 });
  assert.equal(fake.commands.at(-1)?.leaseMs, null);
});

test("a device that stays as written in spite of everything is named", async () => {
  const fake = fakeDevice({ timer: false, stuck: true });
  await assert.rejects(trialWrite(options(fake, [])), {
    code: "write-not-verified",
    message: /look at the device now/,
  });
});

test("a value from before the trial proves nothing", async () => {
  const fake = fakeDevice({ timer: true, mute: true });
  await assert.rejects(trialWrite(options(fake, [])), { code: "write-not-verified" });
});

test("nothing is written where nothing could be read, or where the value is there already", async () => {
  const mute = fakeDevice({ timer: true });
  await assert.rejects(
    trialWrite({ ...options(mute, []), point: "relay_3" }),
    (error) => error instanceof GridwrightError && error.code === "request-timeout",
  );
  assert.deepEqual(mute.commands, []);
  const same = fakeDevice({ timer: true });
  await assert.rejects(trialWrite({ ...options(same, []), set: { kind: "limit", share: 1 } }), {
    code: "usage",
  });
  assert.deepEqual(same.commands, []);
});
