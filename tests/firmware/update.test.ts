// A box gets its firmware through a real boot loader: optiboot on the emulated chip, in virtual time. What is refused, what a cut
// leaves, and the way back.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { RESET } from "@gridwright/firmware-bridge/emulator/emulated-box.ts";
import { encodeMessage } from "@gridwright/firmware-bridge/src/protocol/codec.ts";
import { schemaHash } from "@gridwright/firmware-bridge/src/protocol/messages.ts";
import type { BoxImage } from "@gridwright/firmware-bridge/src/update/course.ts";
import { readHex } from "@gridwright/firmware-bridge/src/update/intel-hex.ts";
import { needs } from "../tools/needs.ts";
import { HEATER } from "./hosted-box.ts";
import { FIRMWARE, madeFirmware, NEXT, NOW, told } from "./made-firmware.ts";
import { createBenchBox, OPTIBOOT_NEEDS, optiboot } from "./optiboot.ts";

const HIGH = 1;
const INPUT = 2;
const skip = needs(...OPTIBOOT_NEEDS);
const schema = schemaHash();
const OWN = readHex(readFileSync(join(FIRMWARE, "gridwright-box.hex"), "utf8"));

const once = <T>(make: () => T): (() => T) => {
  let kept: T | undefined;
  return () => {
    kept ??= make();
    return kept;
  };
};
const boot = once(optiboot);
const next = once((): BoxImage => ({ bytes: readHex(madeFirmware(NEXT)), firmware: NEXT, schema }));
/** Runs, and says nothing: a loop at its start. */
const MUTE: BoxImage = { bytes: Uint8Array.of(0xff, 0xcf, 0x5a, 0x17), firmware: NEXT + 1, schema };

type Bench = ReturnType<typeof createBenchBox>;

async function bench(): Promise<Bench> {
  const one = createBenchBox(boot());
  await one.run(() => false, 60);
  return one;
}
const runs = ({ box }: Bench, { bytes }: Pick<BoxImage, "bytes">): boolean =>
  Buffer.compare(box.flash.subarray(0, bytes.length), bytes) === 0;
const pins = ({ box }: Bench): readonly number[] => [0, 1, 2, 3].map(box.pin);

/** Channel 3 is a heater, and on for a minute. */
async function switchOn(one: Bench): Promise<void> {
  const { box } = one;
  box.send({ kind: "open", nonce: 9 });
  await one.run(() => false, 20);
  const hello = box.told.findLast(({ message }) => message.kind === "hello")?.message;
  assert.ok(hello?.kind === "hello");
  const { session } = hello;
  box.write(encodeMessage(1, { kind: "configure_channel", session, channel: 2, ...HEATER }));
  await one.run(() => false, 1_500);
  box.write(encodeMessage(2, { kind: "set", session, channel: 2, output: "on", ttl_ms: 60_000 }));
  await one.run(() => false, 30);
  assert.equal(box.pin(2), HIGH);
}

test("a box at rest gets its new firmware; what it ran is kept, its boot loader and configuration stay", {
  skip,
}, async () => {
  const one = await bench();
  await switchOn(one);
  await one.run(() => false, 61_000);
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

test("a board whose reset wire is cut is reset by hand, when it is asked for", { skip }, async () => {
  const one = await bench();
  assert.deepEqual(await one.update(next(), { byHand: true }), { kind: "done", firmware: NEXT });
  assert.match(one.said.join("\n"), /Press the reset button of the board itself/);
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

test("without a boot loader nothing is written, and the box goes on", async () => {
  const one = createBenchBox();
  await one.run(() => false, 60);
  const image = { bytes: OWN, firmware: 23, schema };
  await assert.rejects(one.update(image, { nobody: true }), {
    code: "update-failed",
    message: /No boot loader answered; nothing was written.*USB/,
  });
  assert.equal(one.keep.underway(), undefined);
  const from = one.box.told.length;
  await one.run(() => false, 600);
  assert.ok(one.box.told.slice(from).some(({ message }) => message.kind === "state"));
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

//  where the plug is pulled                     what the box does with supply then
const CUTS: readonly (readonly [string, RegExp, "old" | "still" | "new"])[] = [
  ["while its image is read", /^reading what it runs 50 %/, "old"],
  ["after the first pages", /^writing and reading back 10 %/, "still"],
  ["while it is read back", /^writing and reading back 90 %/, "still"],
  ["after the last page", /written, and read back/, "new"],
];

for (const [name, place, stands] of CUTS)
  test(`cut ${name}: no half image runs, and the next call brings it to its end`, { skip }, async () => {
    const one = await bench();
    await assert.rejects(one.update(next(), { pulled: (text) => place.test(text) }), { code: "link-down" });
    one.box.restart(RESET.powerOn);
    const from = one.box.told.length;
    await one.run(() => false, 1_200);
    assert.deepEqual(pins(one), [INPUT, INPUT, INPUT, INPUT]);
    assert.equal(one.box.told.length > from, stands !== "still", "whether it speaks");
    assert.deepEqual(await one.update(next()), { kind: "done", firmware: NEXT });
    assert.ok(runs(one, next()));
    assert.equal(Buffer.compare(one.keep.before() ?? next().bytes, OWN), 0, "the image before is kept");
  });

test("a byte that was hurt on its way is found when it is read back; the box stands still until the next call", {
  skip,
}, async () => {
  const one = await bench();
  let pages = 0;
  const spoil = (bytes: Uint8Array): Uint8Array => {
    const isPage = bytes.length > 128;
    if (isPage) pages++;
    return isPage && pages === 30 ? bytes.map((byte, at) => (at === 77 ? byte ^ 4 : byte)) : bytes;
  };
  await assert.rejects(one.update(next(), { spoil }), {
    code: "update-failed",
    message: /read back otherwise/,
  });
  one.box.restart(RESET.powerOn);
  await one.run(() => false, 600);
  assert.deepEqual(pins(one), [INPUT, INPUT, INPUT, INPUT]);
  assert.deepEqual(await one.update(next()), { kind: "done", firmware: NEXT });
});

test("a box that says nothing is written only when somebody has seen that it is off; there is no way back then", {
  skip,
}, async () => {
  const one = await bench();
  one.box.flash.fill(0xff, 0, 0x7000);
  one.box.flash.set(MUTE.bytes);
  one.box.restart(RESET.powerOn);
  await assert.rejects(one.update(next()), { code: "update-refused", message: /--seen-off/ });
  await assert.rejects(one.update({ ...MUTE, bytes: MUTE.bytes.slice(0, 2) }, { seenOff: true }), {
    code: "update-failed",
    message: /never said HELLO either/,
  });
  assert.deepEqual(await one.update(next(), { seenOff: true }), { kind: "done", firmware: NEXT });
});
