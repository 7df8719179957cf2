import assert from "node:assert/strict";
import { test } from "node:test";
import { ModbusProfile } from "@gridwright/contract/profile.ts";
import { exampleMistakes } from "./example-laws.ts";

type Example = readonly [words: readonly string[], value: number | boolean, point?: string];
const told = (register: object, [words, value, point = "power"]: Example) =>
  exampleMistakes(
    ModbusProfile.parse({
      ...{ profile: "p", title: "P", licence: "CC0-1.0", source: "test", tried: "simulated" },
      ...{ protocol: "modbus", points: { [point]: { address: 7, ...register } } },
      examples: [{ point, words, value }],
    }),
  )
    .map(({ message }) => message)
    .join();

const LITTLE = { type: "int32", words: "little", scale: 0.1, unit: "W" };
const rows: readonly (readonly [sentence: string, found: string, then: RegExp | string])[] = [
  ["a right one says nothing", told({ ...LITTLE, sign: -1 }, [["cfc7", "ffff"], 1_234.5]), ""],
  [
    "each step of the arithmetic is told",
    told({ ...LITTLE, unit: "kW", sign: -1 }, [["cfc7", "ffff"], 77]),
    /^registers cfc7 ffff as int32 with the low word first = -12345 × 0\.1 \(scale\) × 1000 \(unit kW\) × -1 \(sign\) gives 1234500, but the example says 77: one of both is not as in the manual$/,
  ],
  ["a turned sign", told(LITTLE, [["cfc7", "ffff"], 1_234.5]), /; with sign: -1 at power it would be right$/],
  [
    "a scale that is ten times off",
    told({ type: "int16", unit: "W" }, [["04d2"], 123.4]),
    /^register 04d2 as int16 = 1234 gives 1234, .*; with scale: 0\.1 at power it would be right$/,
  ],
  [
    "a value in per cent",
    told({ unit: "%" }, [["0041"], 65, "soc"]),
    /; an example's value is in the point's own unit, a share: write 0\.65$/,
  ],
  [
    "a value in kW",
    told({ unit: "kW" }, [["0007"], 7]),
    /; an example's value is in the point's own unit \(W\): write 7000$/,
  ],
  [
    "what means «no value»",
    told({ sentinels: [0x8000] }, [["8000"], 5]),
    /^register 8000 as uint16 = 32768 gives «no value» \(sentinel\), but the example says 5/,
  ],
  [
    "a switch",
    told({ trueWhen: 3 }, [["0004"], true, "running"]),
    /^register 0004 as uint16 = 4 gives false, but the example says true/,
  ],
];
for (const [sentence, found, then] of rows)
  test(`example: ${sentence}`, () =>
    typeof then === "string" ? assert.equal(found, then) : assert.match(found, then));
