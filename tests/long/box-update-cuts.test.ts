// The rest of what may befall an update of a box through its boot loader, in virtual time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { RESET } from "@gridwright/firmware-bridge/emulator/emulated-box.ts";
import { schemaHash } from "@gridwright/firmware-bridge/src/protocol/messages.ts";
import { NEXT } from "../firmware/made-firmware.ts";
import { createBenchBox, OPTIBOOT_NEEDS } from "../firmware/optiboot.ts";
import { bench, cutOff, INPUT, MUTE, next, OWN, pins } from "../firmware/update-bench.ts";
import { needs } from "../tools/needs.ts";

const skip = needs(...OPTIBOOT_NEEDS);
const schema = schemaHash();

test("a board whose reset wire is cut is reset by hand, when it is asked for", { skip }, async () => {
  const one = await bench();
  assert.deepEqual(await one.update(next(), { byHand: true }), { kind: "done", firmware: NEXT });
  assert.match(one.said.join("\n"), /Press the reset button of the board itself/);
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

//  where the plug is pulled                     what the box does with supply then
const CUTS: readonly (readonly [string, RegExp, "old" | "still" | "new"])[] = [
  ["while its image is read", /^reading what it runs 50 %/, "old"],
  ["while it is read back", /^writing and reading back 90 %/, "still"],
  ["after the last page", /written, and read back/, "new"],
];

for (const [name, place, stands] of CUTS)
  test(`cut ${name}: no half image runs, and the next call brings it to its end`, { skip }, () =>
    cutOff(place, stands),
  );

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
