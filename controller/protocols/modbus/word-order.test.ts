import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Encoding } from "./codec.ts";
import { encode } from "./codec.ts";
import { wordHint } from "./word-order.ts";

const encoding = (type: Encoding["type"], change: Partial<Encoding> = {}): Encoding => ({
  type,
  words: "big",
  scale: 1,
  unit: "1",
  sign: 1,
  sentinels: [],
  ...change,
});
type Row = readonly [
  sentence: string,
  point: string,
  of: Encoding,
  device: "big" | "little",
  value: number,
  then: string,
];
const TABLE: readonly Row[] = [
  ["a float of volts", "voltage_l2", encoding("float32"), "little", 231.5, "231.5 words: little"],
  ["a whole number of watts", "power", encoding("int32"), "little", -2_350, "-2350 words: little"],
  ["a scaled one", "frequency", encoding("uint32", { scale: 0.01 }), "little", 50.02, "50.02 words: little"],
  [
    "read the other way",
    "power_l1",
    encoding("float32", { words: "little" }),
    "big",
    640.5,
    "640.5 words: big",
  ],
  ["a value that is right gives none", "voltage_l2", encoding("float32"), "big", 231.4, "none"],
  ["nothing is nothing in any order", "current_l1", encoding("float32"), "little", 0, "none"],
  [
    "one that neither order makes sensible gives none",
    "voltage_l1",
    encoding("float32"),
    "big",
    40_000,
    "none",
  ],
  ["a single register has no order", "voltage", encoding("uint16"), "big", 999, "none"],
  [
    "of a counter nobody knows what it should be",
    "energy_import",
    encoding("uint32"),
    "little",
    73_411,
    "none",
  ],
];

describe("words the other way round", () => {
  for (const [sentence, point, of, device, value, then] of TABLE)
    it(sentence, () => {
      const words = encode({ ...of, words: device }, value);
      const hint = wordHint({ point, encoding: of, value: "number", count: words.length as 1 | 2 }, words);
      assert.equal(hint === undefined ? "none" : `${hint.value} words: ${hint.words}`, then);
    });
});
