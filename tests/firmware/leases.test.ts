// What the image on the emulated chip does with leases, and with each kind of silence. All times are virtual.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createHosted, type HostedBox, until } from "./hosted-box.ts";

const HIGH = 1;
const LOW = 0;
const WEEK_MS = 604_800_000;
const BOOT_MS = 20;

function started(): HostedBox {
  const box = createHosted();
  box.run(BOOT_MS);
  box.open();
  return box;
}

const ends = (box: HostedBox, channel: number, within: number): number =>
  until(box, () => box.pin(channel) === LOW, within);

for (const ttl of [40, 200, 1_337]) {
  test(`a lease of ${ttl} ms ends after ${ttl} ms, to 2 ms`, () => {
    const box = started();
    box.channel(2);
    box.send({ kind: "set", session: box.session(), channel: 2, output: "on", ttl_ms: ttl });
    assert.ok(until(box, () => box.pin(2) === HIGH, 20) < 20);
    const lasted = ends(box, 2, ttl + 50);
    assert.ok(Math.abs(lasted - ttl) <= 2, `lasted ${lasted}`);
    box.run(5);
    assert.equal(box.events().at(-2)?.event, "lease_ended");
    assert.equal(box.events().at(-1)?.event, "output_off");
  });
}

for (const ttl of [0, 900_001, WEEK_MS]) {
  test(`a lease of ${ttl} ms is refused, and switches nothing`, () => {
    const box = started();
    box.channel(2);
    assert.equal(box.set(2, "on", ttl), "wrong_ttl");
    assert.equal(box.pin(2), LOW);
    assert.equal(box.set(2, "on", 300), "done");
    assert.equal(box.set(2, "on", ttl), "wrong_ttl");
    assert.ok(ends(box, 2, 400) < 300, "the lease that ran goes on as it was");
  });
}

test("a renewed lease lasts from its renewal, and off ends it at once", () => {
  const box = started();
  box.channel(2);
  box.set(2, "on", 150);
  box.run(100);
  box.set(2, "on", 150);
  box.run(100);
  assert.equal(box.pin(2), HIGH);
  assert.equal(box.set(2, "off", 70), "done");
  assert.equal(box.pin(2), LOW);
});

test("a light is leased off, and comes back by itself", () => {
  const box = started();
  box.channel(3, { on_silence: "on", tier: 0 });
  assert.ok(until(box, () => box.pin(3) === HIGH, 50) < 50, "on is its rest");
  assert.equal(box.set(3, "off", 250), "done");
  assert.equal(box.pin(3), LOW);
  const away = until(box, () => box.pin(3) === HIGH, 400);
  assert.ok(Math.abs(away - 245) < 10, `away for ${away}`);
});

test("where the host's silence counts, it ends the lease; its heartbeat keeps it", () => {
  const box = started();
  box.channel(2, { silence_ms: 300 });
  box.set(2, "on", 60_000);
  for (let beat = 0; beat < 4; beat++) {
    box.run(200);
    box.beat();
  }
  assert.equal(box.pin(2), HIGH);
  const lasted = ends(box, 2, 500);
  assert.ok(Math.abs(lasted - 301) < 4, `lasted ${lasted}`);
  box.run(5);
  assert.ok(box.events().some(({ event, channel }) => event === "host_silent" && channel === 2));
});

function workshop(): HostedBox {
  const box = started();
  box.guard({ duty: "load_box" });
  box.channel(1, { on_silence: "run_on", run_on_s: 2 });
  box.channel(0, { role: "machine", on_silence: "hold_until_idle", hold_max_s: 3, partner: 1 });
  assert.equal(box.set(0, "on", 200), "interlock", "no saw without its extractor");
  assert.equal(box.set(1, "on", 200), "done");
  assert.equal(box.set(0, "on", 200), "done");
  box.supply.amps = 6;
  return box;
}

test("the host dies in a cut: it is finished, then the saw is dead and the extractor runs on for 2 s", () => {
  const box = workshop();
  box.run(1_400);
  assert.deepEqual([box.pin(0), box.pin(1)], [HIGH, HIGH]);
  box.run(200);
  assert.equal(box.last("state").machine, "running");
  assert.equal(box.last("state").cause_0, "finishing");
  box.supply.amps = 0.9;
  const dead = ends(box, 0, 900);
  assert.ok(dead > 500 && dead < 560, `idle for ${dead} before it was dead`);
  const ranOn = ends(box, 1, 2_500);
  assert.ok(Math.abs(ranOn - 2_000) < 4, `ran on for ${ranOn}`);
});

test("a cut that never ends is cut off after its longest time", () => {
  const box = workshop();
  const held = ends(box, 0, 3_500);
  assert.ok(held > 3_150 && held < 3_210, `held for ${held}, 0.2 s of it by the lease`);
});

test("where no current is measured, a job counts as unfinished until its longest time", () => {
  const box = started();
  box.channel(0, { role: "machine", on_silence: "hold_until_idle", hold_max_s: 1 });
  box.set(0, "on", 200);
  const held = ends(box, 0, 1_500);
  assert.ok(held > 1_150 && held < 1_210, `held for ${held}`);
});

test("an extractor is not switched off under a running saw", () => {
  const box = workshop();
  assert.equal(box.set(1, "off", 5_000), "waiting");
  assert.equal(box.pin(1), HIGH);
  assert.equal(box.last("state").cause_1, "interlock");
});

test("shortest times are kept by the box", () => {
  const box = started();
  box.channel(2, { min_on_s: 1, min_off_s: 2 });
  assert.equal(box.set(2, "on", 4_000), "waiting", "the start counts as switching off");
  const waited = until(box, () => box.pin(2) === HIGH, 2_500);
  assert.ok(box.atMs() > 2_000 && waited < 2_000, `waited ${waited}`);
  assert.equal(box.set(2, "off", 3_000), "waiting");
  const stayed = ends(box, 2, 1_200);
  assert.ok(Math.abs(stayed - 992) < 10, `stayed ${stayed}`);
});
