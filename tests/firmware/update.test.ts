// A box gets its firmware through a real boot loader: optiboot on the emulated chip, in virtual time. What is refused, what a cut
// leaves, and the way back; each place of a cut in the long suite.
import assert from "node:assert/strict";
import { test } from "node:test";
import { needs } from "../tools/needs.ts";
import { NEXT, NOW, told } from "./made-firmware.ts";
import { OPTIBOOT_NEEDS } from "./optiboot.ts";
import {
  type Bench,
  bench,
  boot,
  cutOff,
  INPUT,
  LEASE_MS,
  MUTE,
  next,
  OWN,
  pins,
  runs,
  switchOn,
} from "./update-bench.ts";

const skip = needs(...OPTIBOOT_NEEDS);

test("a box at rest gets its new firmware; what it ran is kept, its boot loader and configuration stay", {
  skip,
}, async () => {
  const one = await bench();
  await switchOn(one);
  await one.run(() => false, LEASE_MS + 1_000);
  assert.deepEqual(await one.update(next()), { kind: "done", firmware: NEXT });
  assert.ok(runs(one, next()));
  assert.deepEqual(
    one.box.flash.slice(boot().at, boot().at + boot().bytes.length),
    Uint8Array.from(boot().bytes),
  );
  assert.deepEqual(Buffer.compare(one.keep.before() ?? OWN.subarray(1), OWN), 0);
  assert.deepEqual(pins(one), [INPUT, INPUT, 0, INPUT], "it knows its channel still");
  assert.deepEqual(await one.update(next()), { kind: "same", firmware: NEXT });
});

//  what is in the way                 how                                                  what is said
const REFUSED: readonly (readonly [string, (one: Bench) => Promise<void> | void, RegExp])[] = [
  ["a channel that is on", switchOn, /relay_3 is on.*gridwright hold/],
  [
    "a latched emergency stop",
    ({ box }) => box.chip().d.setPin(2, true),
    /emergency stop is latched.*button on the box/,
  ],
];

for (const [name, happens, said] of REFUSED)
  test(`${name}: nothing is reset or written`, { skip }, async () => {
    const one = await bench();
    await happens(one);
    await one.run(() => false, 60);
    const before = pins(one);
    await assert.rejects(one.update(next()), { code: "update-refused", message: said });
    assert.deepEqual(pins(one), before);
    assert.ok(runs(one, { bytes: OWN }));
  });

test("an image that the controller could not speak with, or that is too long, never reaches a box", {
  skip,
}, async () => {
  const one = await bench();
  await assert.rejects(one.update({ ...next(), schema: 7 }), {
    code: "update-refused",
    message: /another table/,
  });
  const long = { ...next(), bytes: new Uint8Array(28_673) };
  await assert.rejects(one.update(long), { code: "update-refused", message: /28673 bytes/ });
  assert.ok(runs(one, { bytes: OWN }));
});

test("a firmware that does not say HELLO is taken back, and the one before runs again", {
  skip,
}, async () => {
  const one = await bench();
  assert.deepEqual(await one.update(MUTE), { kind: "back", firmware: NOW });
  assert.ok(runs(one, { bytes: OWN }));
  assert.match(
    one.said.join("\n"),
    new RegExp(
      `After firmware ${told(NEXT + 1)} was written, it says nothing; firmware ${told(NOW)} is written back`,
    ),
  );
});

test("cut after the first pages no half image runs, and the next call brings it to its end", {
  skip,
}, async () => {
  await cutOff(/^writing and reading back 10 %/, "still");
});
