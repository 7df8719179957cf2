import assert from "node:assert/strict";
import { test } from "node:test";
import { PAYLOAD_BYTES_MAX } from "./codes.ts";
import {
  type Broken,
  cobsDecode,
  cobsEncode,
  crc16,
  createCutter,
  decodeFrame,
  encodeFrame,
} from "./frame.ts";

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));
const hex = (of: Uint8Array | undefined): string | undefined => of && Buffer.from(of).toString("hex");
const run = (from: number, to: number): string =>
  Buffer.from(Array.from({ length: to - from + 1 }, (_, at) => from + at)).toString("hex");

test("the checksum is that of the catalogue of CRCs: 29b1 for 123456789", () => {
  assert.equal(crc16(Buffer.from("123456789")), 0x29b1);
});

//  plain                        stuffed (the examples of Cheshire and Baker's method)
const STUFFED: readonly (readonly [string, string])[] = [
  ["", "01"],
  ["00", "0101"],
  ["0000", "010101"],
  ["001100", "01021101"],
  ["11220033", "0311220233"],
  ["11223344", "0511223344"],
  ["11000000", "0211010101"],
  [run(1, 254), `ff${run(1, 254)}`],
  [`00${run(1, 254)}`, `01ff${run(1, 254)}`],
  [run(1, 255), `ff${run(1, 254)}02ff`],
  [`${run(2, 255)}00`, `ff${run(2, 255)}0101`],
  [`${run(3, 255)}0001`, `fe${run(3, 255)}0201`],
];

for (const [plain, stuffed] of STUFFED) {
  test(`${plain.length / 2} bytes ${plain.slice(0, 8)}… are stuffed as ${stuffed.slice(0, 10)}… and come back`, () => {
    assert.equal(hex(cobsEncode(bytes(plain))), stuffed);
    assert.equal(hex(cobsDecode(bytes(stuffed))), plain);
  });
}

const good = encodeFrame({ address: 0x0c, type: 0x37, sequence: 0x2b07, payload: bytes("a9 00 c5") });
const stuffed = good.slice(1, -1);

test("a frame carries type, sequence and payload, has zeros only at its ends, and is these bytes", () => {
  assert.deepEqual(decodeFrame(stuffed), {
    address: 0x0c,
    type: 0x37,
    sequence: 0x2b07,
    payload: bytes("a9 00 c5"),
  });
  assert.equal(good.indexOf(0, 1), good.length - 1);
  assert.equal(hex(cobsDecode(stuffed))?.slice(0, -4), "020c37072b03a900c5");
});

const sealed = (body: string): Uint8Array => {
  const crc = crc16(bytes(body));
  return cobsEncode(Uint8Array.of(...bytes(body), crc & 0xff, crc >> 8));
};

//  case                                       bytes between the zeros               what is broken
const BROKEN: readonly (readonly [string, Uint8Array, Broken])[] = [
  ["a group that leads beyond the end", bytes("09 11 22"), "cobs"],
  ["a zero inside", bytes("03 11 00"), "cobs"],
  ["fewer bytes than head and checksum", bytes("06 02 0c 37 07 2b"), "length"],
  ["a checksum with its bytes swapped", cobsEncode(bytes("020c37072b02a9c529b1")), "crc"],
  ["another version", sealed("010c37072b02a9c5"), "version"],
  ["a length that is not that of the payload", sealed("020c37072b03a9c5"), "length"],
  ["more payload than a box takes", sealed(`020c37072b31${"a9".repeat(PAYLOAD_BYTES_MAX + 1)}`), "length"],
];

for (const [name, given, then] of BROKEN) {
  test(`${name} is refused: ${then}`, () => assert.equal(decodeFrame(given), then));
}

test("every single flipped bit makes a frame invalid", () => {
  for (let bit = 0; bit < 8 * stuffed.length; bit++) {
    const flipped = Uint8Array.from(stuffed, (byte, at) =>
      at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte,
    );
    assert.equal(typeof decodeFrame(flipped), "string", `bit ${bit}`);
  }
});

test("the stream is cut at its zeros wherever its chunks end, and what is too long is dropped whole", () => {
  const cut = createCutter();
  const long = new Uint8Array(300).fill(7);
  const stream = Uint8Array.of(...good, 0, ...long, ...good, ...stuffed.subarray(0, 4));
  const pieces = [stream.subarray(0, 6), stream.subarray(6, 7), stream.subarray(7)].flatMap(cut);
  assert.deepEqual(pieces.map(hex), [hex(stuffed), hex(stuffed)]);
  assert.deepEqual(cut(Uint8Array.of(...stuffed.subarray(4), 0)).map(hex), [hex(stuffed)]);
});
