// A box on the update bench: optiboot on its emulated chip, in virtual time, and images to write.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RESET } from "@gridwright/firmware-bridge/emulator/emulated-box.ts";
import { encodeMessage } from "@gridwright/firmware-bridge/src/protocol/codec.ts";
import { schemaHash } from "@gridwright/firmware-bridge/src/protocol/messages.ts";
import type { BoxImage } from "@gridwright/firmware-bridge/src/update/course.ts";
import { readHex } from "@gridwright/firmware-bridge/src/update/intel-hex.ts";
import { HEATER } from "./hosted-box.ts";
import { FIRMWARE, madeFirmware, NEXT } from "./made-firmware.ts";
import { createBenchBox, optiboot } from "./optiboot.ts";

const HIGH = 1;
/** For which the heater is switched on. */
export const LEASE_MS = 5_000;
export const INPUT = 2;
export const schema = schemaHash();
export const OWN = readHex(readFileSync(join(FIRMWARE, "gridwright-box.hex"), "utf8"));

const once = <T>(make: () => T): (() => T) => {
  let kept: T | undefined;
  return () => {
    kept ??= make();
    return kept;
  };
};
export const boot = once(optiboot);
export const next = once((): BoxImage => ({ bytes: readHex(madeFirmware(NEXT)), firmware: NEXT, schema }));
/** Runs, and says nothing: a loop at its start. */
export const MUTE: BoxImage = { bytes: Uint8Array.of(0xff, 0xcf, 0x5a, 0x17), firmware: NEXT + 1, schema };

export type Bench = ReturnType<typeof createBenchBox>;

export async function bench(): Promise<Bench> {
  const one = createBenchBox(boot());
  await one.run(() => false, 60);
  return one;
}
export const runs = ({ box }: Bench, { bytes }: Pick<BoxImage, "bytes">): boolean =>
  Buffer.compare(box.flash.subarray(0, bytes.length), bytes) === 0;
export const pins = ({ box }: Bench): readonly number[] => [0, 1, 2, 3].map(box.pin);

/** Channel 3 is a heater, and on for a while. */
export async function switchOn(one: Bench): Promise<void> {
  const { box } = one;
  box.send({ kind: "open", nonce: 9 });
  await one.run(() => false, 20);
  const hello = box.told.findLast(({ message }) => message.kind === "hello")?.message;
  assert.ok(hello?.kind === "hello");
  const { session } = hello;
  box.write(encodeMessage(1, { kind: "configure_channel", session, channel: 2, ...HEATER }));
  await one.run(() => false, 1_500);
  box.write(encodeMessage(2, { kind: "set", session, channel: 2, output: "on", ttl_ms: LEASE_MS }));
  await one.run(() => false, 30);
  assert.equal(box.pin(2), HIGH);
}

/** The plug is pulled where the update says this; what the box does with supply then, and that the next call ends it. */
export async function cutOff(place: RegExp, stands: "old" | "still" | "new"): Promise<void> {
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
}
