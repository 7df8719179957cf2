// The committed image is what the sources make: every test of the firmware runs that image, not the sources.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readHex } from "@gridwright/firmware-bridge/src/update/intel-hex.ts";
import { needs } from "../tools/needs.ts";

const FIRMWARE = new URL("../../firmware-bridge/firmware/", import.meta.url).pathname;
const BUILD_MAX_MS = 120_000;
const FLASH_BYTES = 32_256;

//  chip          image                           made by        with                                            which prints
const IMAGES = [
  [
    "ATmega328P",
    "gridwright-box.hex",
    "all",
    needs("gcc-avr", "avr-libc", "binutils-avr", "make"),
    /Program: +\d+ bytes[\s\S]*Data: +\d+ bytes/,
  ],
  [
    "RP2040",
    "gridwright-box-rp2040.uf2",
    "rp2040",
    needs("gcc-arm-none-eabi", "gcc", "libc6-dev", "make"),
    /text\s+data\s+bss[\s\S]*\d+/,
  ],
] as const;

for (const [chip, image, target, skip, prints] of IMAGES)
  test(`the compiler makes the committed image for the ${chip} again, byte by byte`, { skip }, () => {
    const folder = mkdtempSync(join(tmpdir(), "gridwright-image-"));
    try {
      const options = { encoding: "utf8", timeout: BUILD_MAX_MS } as const;
      const made = spawnSync("make", ["-C", FIRMWARE, `OUT=${folder}`, target], options);
      assert.equal(made.status, 0, made.stdout + made.stderr);
      const [again, committed] = [folder, FIRMWARE].map((where) => readFileSync(join(where, image)));
      assert.ok(committed && again?.equals(committed), "make, and commit the image");
      assert.match(made.stdout, prints);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

test("the image leaves room for a boot loader of 512 bytes", () => {
  const { length } = readHex(readFileSync(join(FIRMWARE, "gridwright-box.hex"), "utf8"));
  assert.ok(length > 1_000 && length <= FLASH_BYTES, `${length} bytes`);
});

test("a line of the image with a wrong checksum is refused", () => {
  assert.throws(() => readHex(":0400000001020304f3\n"), /checksum/);
  assert.throws(() => readHex(":0400000001020304F2\n"), /cut off/);
  assert.deepEqual([...readHex(":0400000001020304F2\n:00000001FF\n")], [1, 2, 3, 4]);
});
