import assert from "node:assert/strict";
import { test } from "node:test";
import type { RegisterType } from "@gridwright/contract/profile.ts";
import fc from "fast-check";
import { decode, type Encoding, encode, encodeAbsent, fits, wordCount } from "./codec.ts";

const encoding = (type: RegisterType, rest: Partial<Encoding> = {}): Encoding => ({
  type,
  words: "big",
  scale: 1,
  unit: "1",
  sign: 1,
  sentinels: [],
  ...rest,
});
const wordsOf = (hex: string): number[] =>
  hex
    .split(" ")
    .flatMap((part) => part.match(/.{4}/g) ?? [])
    .map((part) => Number.parseInt(part, 16));
const hexOf = (words: readonly number[]): string =>
  words.map((word) => word.toString(16).padStart(4, "0")).join("");

const both: readonly [RegisterType, string, Partial<Encoding>, number][] = [
  ["uint16", "fff6", {}, 65_526],
  ["int16", "ff9c", { scale: 10, unit: "W" }, -1_000],
  ["int16", "fb2e", { scale: 0.1, unit: "A" }, -123.4],
  ["uint16", "0901", { scale: 0.1, unit: "V" }, 230.5],
  ["uint16", "002b", { unit: "%" }, 0.43],
  ["int16", "04d2", { unit: "W", sign: -1 }, -1_234],
  ["uint32", "0001e240", { unit: "Wh" }, 123_456],
  ["uint32", "e2400001", { words: "little", unit: "Wh" }, 123_456],
  ["int32", "fffe1dc0", { unit: "W" }, -123_456],
  ["int32", "1dc0fffe", { words: "little", scale: 0.1, unit: "W" }, -12_345.6],
  ["uint64", "000000011f71fb04", { scale: 0.1, unit: "kWh" }, 482_253_082_000],
  ["int64", "fffffffee08e04fc", { unit: "Wh" }, -4_822_530_820],
  ["int64", "04fce08efffeffff", { words: "little" }, -4_822_530_820],
  ["float32", "43664ccd", { unit: "V" }, 230.3],
  ["float32", "4ccd4366", { words: "little", unit: "V" }, 230.3],
  ["float32", "3f9d70a4", { unit: "kWh" }, 1_230],
];

test("bytes of the manuals are the values they mean, in both directions", () => {
  for (const [type, hex, rest, value] of both) {
    const point = encoding(type, rest);
    assert.deepEqual(decode(point, wordsOf(hex)), { kind: "value", value }, `${type} ${hex}`);
    assert.equal(hexOf(encode(point, value)), hex, `${type} ${value}`);
  }
});

test("a switch is true where its raw value is not 0, or is the one that means true", () => {
  const rows: readonly [string, Partial<Encoding>, RegisterType, boolean][] = [
    ["0002", {}, "uint16", true],
    ["0000", {}, "uint16", false],
    ["0001", { trueWhen: 1 }, "uint16", true],
    ["00f0", { trueWhen: 1 }, "uint16", false],
    ["0000", { trueWhen: 0 }, "uint16", true],
    ["0001", {}, "bool", true],
    ["00f0", { trueWhen: 1, falseWhen: [240, 2] }, "uint16", false],
    ["0003", { trueWhen: 1, falseWhen: [240, 2] }, "uint16", true],
    ["0637", { mask: 0x0004 }, "uint16", true],
    ["0633", { mask: 0x0004 }, "uint16", false],
    ["0637", { mask: 0x0027, trueWhen: 0x27 }, "uint16", true],
    ["0633", { mask: 0x0027, trueWhen: 0x27 }, "uint16", false],
  ];
  const detected: typeof rows = [
    ["00af", { unit: "kW", scale: 0.001, above: 150 }, "uint16", true],
    ["0096", { unit: "kW", scale: 0.001, above: 150 }, "uint16", false],
    ["ff51", { unit: "W", sign: -1, above: 150 }, "int16", true],
  ];
  for (const [hex, rest, type, value] of detected)
    assert.deepEqual(decode(encoding(type, rest), wordsOf(hex), "switch"), { kind: "value", value }, hex);
  for (const [hex, rest, type, value] of rows) {
    const point = encoding(type, rest);
    assert.deepEqual(decode(point, wordsOf(hex), "switch"), { kind: "value", value }, hex);
    assert.deepEqual(decode(point, encode(point, value), "switch"), { kind: "value", value }, `${hex} back`);
  }
});

test("what is no value is said so, never a number", () => {
  const rows: readonly [RegisterType, string, Partial<Encoding>, ReturnType<typeof decode>][] = [
    ["int16", "8000", { sentinels: [0x8000] }, { kind: "sentinel", raw: 0x8000 }],
    ["uint32", "ffffffff", { sentinels: [0xffff_ffff] }, { kind: "sentinel", raw: 0xffff_ffff }],
    ["int32", "80000000", { sentinels: [0x8000_0000] }, { kind: "sentinel", raw: 0x8000_0000 }],
    [
      "int32",
      "00008000",
      { sentinels: [0x8000_0000], words: "little" },
      { kind: "sentinel", raw: 0x8000_0000 },
    ],
    ["float32", "7fc00000", {}, { kind: "not-a-number", raw: "NaN" }],
    ["float32", "ff800000", {}, { kind: "not-a-number", raw: "-Infinity" }],
  ];
  for (const [type, hex, rest, want] of rows)
    assert.deepEqual(decode(encoding(type, rest), wordsOf(hex)), want, hex);
});

test("a register answers «no value» with its sentinel, NaN or 0", () => {
  assert.equal(hexOf(encodeAbsent(encoding("int16", { sentinels: [0x8000] }))), "8000");
  assert.equal(hexOf(encodeAbsent(encoding("float32", { words: "little" }))), "00007fc0");
  assert.equal(hexOf(encodeAbsent(encoding("uint32"))), "00000000");
});

test("a value that does not fit is clamped, and can be asked about before", () => {
  const rows: readonly [RegisterType, Partial<Encoding>, number, string, boolean][] = [
    ["int16", {}, 40_000, "7fff", false],
    ["int16", { unit: "W", sign: -1 }, 40_000, "8000", false],
    ["uint16", {}, -3, "0000", false],
    ["uint16", { scale: 0.1 }, 6_553.54, "ffff", true],
    ["uint32", {}, 5e9, "ffffffff", false],
    ["int16", {}, Number.POSITIVE_INFINITY, "7fff", false],
  ];
  for (const [type, rest, value, hex, want] of rows) {
    assert.equal(hexOf(encode(encoding(type, rest), value)), hex, `${type} ${value}`);
    assert.equal(fits(encoding(type, rest), value), want, `${type} ${value}`);
  }
  assert.throws(() => encode(encoding("uint16"), Number.NaN), { code: "internal" });
});

test("a cut value is a bug, not a number", () => {
  assert.throws(() => decode(encoding("uint32"), [0x1234]), { code: "internal" });
});

test("every integer that fits comes back as it went", () => {
  const types: readonly RegisterType[] = ["uint16", "int16", "uint32", "int32", "int64"];
  fc.assert(
    fc.property(
      fc.constantFrom(...types),
      fc.constantFrom("big" as const, "little" as const),
      fc.integer(),
      (type, words, value) => {
        const point = encoding(type, { words });
        const there = encode(point, value);
        assert.equal(there.length, wordCount(type));
        if (fits(point, value)) assert.deepEqual(decode(point, there), { kind: "value", value });
      },
    ),
    { numRuns: 300, seed: 42 },
  );
});
