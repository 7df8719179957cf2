// The journal's form: what was written is read back; damage costs only the block it hit.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  BLOCK_HEADER_BYTES,
  blocksIn,
  encodeBlock,
  encodeFileHeader,
  FILE_HEADER_BYTES,
  isFileHeader,
} from "./format.ts";

const lines = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, index) =>
    JSON.stringify({ k: "tick", t: 1_700_000_000_000 + from + index }),
  );
const first = encodeBlock(lines(10, 3), 41);
const second = encodeBlock(lines(20, 5), 44);
const third = encodeBlock(lines(30, 2), 49);
const whole = Buffer.concat([first, second, third]);

const read = (bytes: Buffer): string =>
  [...blocksIn(bytes, 0)]
    .map(({ firstSeq, count, skipped, lines }) => `${firstSeq}+${count}=${lines().length} skipped ${skipped}`)
    .join("; ");

const flipped = (at: number): Buffer => {
  const bytes = Buffer.from(whole);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 0x10, at);
  return bytes;
};

describe("blocks", () => {
  const inSecond = first.length;
  const without = `41+3=3 skipped 0; 49+2=2 skipped ${second.length}`;
  //  case, given, then
  const CASES: [string, Buffer, string][] = [
    ["are read back in order", whole, "41+3=3 skipped 0; 44+5=5 skipped 0; 49+2=2 skipped 0"],
    [
      "a half-written last block is not there yet",
      whole.subarray(0, whole.length - 3),
      "41+3=3 skipped 0; 44+5=5 skipped 0",
    ],
    [
      "a half-written header is not there yet",
      whole.subarray(0, first.length + BLOCK_HEADER_BYTES - 2),
      "41+3=3 skipped 0",
    ],
    ["a damaged magic costs its block", flipped(inSecond + 1), without],
    ["a damaged version costs its block", flipped(inSecond + 4), without],
    ["a damaged length costs its block", flipped(inSecond + 10), without],
    ["a damaged count costs its block", flipped(inSecond + 12), without],
    ["a damaged sequence number costs its block", flipped(inSecond + 17), without],
    ["a damaged checksum costs its block", flipped(inSecond + 25), without],
    ["a damaged payload costs its block", flipped(inSecond + BLOCK_HEADER_BYTES + 7), without],
    [
      "foreign bytes before the first are skipped",
      Buffer.concat([Buffer.from("xyGWBKz"), second]),
      "44+5=5 skipped 7",
    ],
    ["no bytes hold no block", Buffer.alloc(0), ""],
  ];
  for (const [name, given, then] of CASES) test(name, () => assert.equal(read(given), then));

  test("every single damaged bit of a block is noticed", () => {
    for (let bit = 0; bit < second.length * 8; bit += 1) {
      const bytes = Buffer.from(second);
      const at = bit >> 3;
      bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << (bit & 7)), at);
      assert.equal(read(bytes), "", `bit ${bit}`);
    }
  });
});

describe("the file header", () => {
  //  case, given, then
  const CASES: [string, Buffer, boolean][] = [
    ["opens its own segment", encodeFileHeader(37), true],
    ["does not open another segment", encodeFileHeader(38), false],
    ["is refused when cut short", encodeFileHeader(37).subarray(0, 23), false],
    ["is refused when it is something else", Buffer.alloc(64, 7), false],
  ];
  for (const [name, given, then] of CASES) test(name, () => assert.equal(isFileHeader(given, 37), then));
});

test("a segment of version 1, made by another program, is read for ever", () => {
  const file = Buffer.from(
    "47524944574a4e4c010018002500000000000000773b5cb6" +
      "4757424b010000002d0000000200000029000000000000007536626d" +
      "ab56ca56b2522ac94cce56d2512a51b232343780024323631da55c252b135333f35aae6a5cea0c61ea4cc1ea00",
    "hex",
  );
  assert.ok(isFileHeader(file, 37));
  assert.deepEqual(
    [...blocksIn(file, FILE_HEADER_BYTES)].map(({ firstSeq, lines }) => [firstSeq, ...lines()]),
    [[41, '{"k":"tick","t":1700000000123,"m":4567}', '{"k":"tick","t":1700000001123,"m":5567}']],
  );
});
