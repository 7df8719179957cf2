import assert from "node:assert/strict";
import { test } from "node:test";
import { type Frame, readingsOf } from "./frames.ts";

const T = 1_750_156_938_000;
const time = (...values: number[]) => ({ name: "Time", type: "time", values });
const value = (values: unknown[], labels: Record<string, string> = {}) => ({
  ...{ name: "Value", type: "number", values, labels },
});
const text = (name: string, values: string[]) => ({ name, type: "string", values });

const told = (frames: readonly Frame[]): string[] =>
  readingsOf(frames).map(({ metric, labels, value: amount, t }) => {
    const at = t === undefined ? "no time" : `${t - T}`;
    return `${metric} ${Object.values(labels).join("/")} ${amount} at ${at}`;
  });

//  case                                                     frames                                       what is read
const CASES: readonly (readonly [string, readonly Frame[], readonly string[]])[] = [
  [
    "InfluxQL names a frame by alias, with the value's own time",
    [{ refId: "A", name: "soc", fields: [time(T + 7), value([0.63], { asset: "bank", kind: "battery" })] }],
    ["soc bank/battery 0.63 at 7"],
  ],
  [
    "without an alias its name begins with the measurement",
    [
      {
        refId: "B",
        name: "power.value {asset: roof}",
        fields: [time(T + 3), value([5_900], { asset: "roof" })],
      },
    ],
    ["power roof 5900 at 3"],
  ],
  [
    "a query's own name is the measurement",
    [{ refId: "grid_power", name: "Netz", fields: [time(T + 3), value([1_210])] }],
    ["grid_power  1210 at 3"],
  ],
  [
    "Prometheus tells the measurement by a label",
    [
      {
        refId: "A",
        name: "x",
        fields: [time(T + 9), value([740], { __name__: "power_value", asset: "saw" })],
      },
    ],
    ["power saw 740 at 9"],
  ],
  [
    "times of a query of their own stand in the place of the frame's",
    [
      { refId: "A", fields: [time(T + 9_000), value([740], { __name__: "power_value", asset: "saw" })] },
      {
        refId: "A-time",
        fields: [time(T + 9_000), value([T / 1_000 + 2], { __name__: "power_value", asset: "saw" })],
      },
    ],
    ["power saw 740 at 2000"],
  ],
  [
    "a course gives its last value that is one",
    [{ refId: "power", fields: [time(T, T + 5, T + 8), value([310, 330, null], { asset: "pump" })] }],
    ["power pump 330 at 5"],
  ],
  [
    "each row of a table with texts is a series",
    [
      {
        refId: "power",
        fields: [
          time(T + 4, T + 6),
          text("asset", ["laser", "saw"]),
          { ...value([737, 1_890]), name: "value" },
        ],
      },
    ],
    ["power laser 737 at 4", "power saw 1890 at 6"],
  ],
  [
    "of two answers for one series the newer one counts",
    [
      { refId: "power", fields: [time(T + 6), value([222], { asset: "pump" })] },
      { refId: "power", fields: [time(T + 2), value([111], { asset: "pump" })] },
    ],
    ["power pump 222 at 6"],
  ],
  [
    "yes and no are numbers too",
    [{ refId: "running", fields: [time(T + 5), { name: "on", type: "boolean", values: [true] }] }],
    ["running  1 at 5"],
  ],
  ["a series without a number is none", [{ refId: "power", fields: [time(T), value([null])] }], []],
  ["a frame without time has none", [{ refId: "power", fields: [value([44])] }], ["power  44 at no time"]],
];
for (const [sentence, frames, expected] of CASES)
  test(sentence, () => assert.deepEqual(told(frames), expected));
