import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { answer, type RegisterImage, refusal } from "./server.ts";

const bytes = (hex: string): Uint8Array =>
  Uint8Array.from(hex.split(" ").map((part) => Number.parseInt(part, 16)));
const hex = (data: Uint8Array): string =>
  [...data].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");

/** Registers 0x100–0x10f hold 0xa000 + address; coils 0–15 are on where the address is a multiple of 3. */
function image(log: string[] = []): RegisterImage {
  return {
    read(table, address, count) {
      const [first, last] = table === "coil" || table === "discrete" ? [0, 15] : [0x100, 0x10f];
      if (address < first || address + count - 1 > last) return refusal(2);
      return Array.from({ length: count }, (_, index) =>
        table === "coil" || table === "discrete"
          ? Number((address + index) % 3 === 0)
          : 0xa000 + address + index,
      );
    },
    write(table, address, values) {
      if (address === 0x666) return refusal(4);
      log.push(`${table} ${address} = ${values.join(",")}`);
      return undefined;
    },
    pulse(address, raw) {
      log.push(`pulse ${address} = ${raw}`);
      return undefined;
    },
  };
}

const rows: readonly [sentence: string, request: string, response: string, written?: string][] = [
  ["coils are packed, the first in the lowest bit", "01 00 00 00 0a", "01 02 49 02"],
  ["discrete inputs likewise", "02 00 03 00 04", "02 01 09"],
  ["holding registers come high byte first", "03 01 02 00 02", "03 04 a1 02 a1 03"],
  ["input registers likewise", "04 01 0f 00 01", "04 02 a1 0f"],
  ["reading over the end is an illegal address", "03 01 0f 00 02", "83 02"],
  ["reading no register is an illegal value", "03 01 02 00 00", "83 03"],
  ["126 registers are an illegal value", "04 01 00 00 7e", "84 03"],
  ["2001 coils are an illegal value", "01 00 00 07 d1", "81 03"],
  ["a read past the last address is an illegal address", "03 ff ff 00 02", "83 02"],
  ["a coil is switched on", "05 00 07 ff 00", "05 00 07 ff 00", "coil 7 = 1"],
  ["a coil is switched off", "05 00 07 00 00", "05 00 07 00 00", "coil 7 = 0"],
  ["a timed coil goes to the vendor's command", "05 02 07 00 32", "05 02 07 00 32", "pulse 519 = 50"],
  ["one register is written", "06 01 05 12 34", "06 01 05 12 34", "holding 261 = 4660"],
  ["coils are written", "0f 00 02 00 0a 02 cd 01", "0f 00 02 00 0a", "coil 2 = 1,0,1,1,0,0,1,1,1,0"],
  ["registers are written", "10 01 05 00 02 04 12 34 56 78", "10 01 05 00 02", "holding 261 = 4660,22136"],
  ["a byte count that does not fit is an illegal value", "10 01 05 00 02 03 12 34 56", "90 03"],
  ["what the device refuses comes back as its exception", "06 06 66 00 05", "86 04"],
  ["a function that nobody knows is an illegal function", "2b 0e 01 00", "ab 01"],
  ["a cut request is an illegal value", "03 01 02", "83 03"],
];

test("each request has the answer of the standard", () => {
  for (const [sentence, request, response, written] of rows) {
    const log: string[] = [];
    assert.equal(hex(answer(bytes(request), image(log))), response, sentence);
    assert.deepEqual(log, written === undefined ? [] : [written], sentence);
  }
});

test("a device without timed commands refuses them", () => {
  const { pulse: _, ...plain } = image();
  assert.equal(hex(answer(bytes("05 02 07 00 32"), plain)), "85 03");
});

test("no request makes it throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 253 }), (pdu) => {
      assert.ok(answer(pdu, image()).length >= 2);
    }),
    { numRuns: 300, seed: 11 },
  );
});
