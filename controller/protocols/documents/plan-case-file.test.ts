// A planning case with mistakes: each is named, whatever else is wrong beside it, and none that only follows from another.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parsePlanCase } from "./plan-case-file.ts";

const battery = (fields: object) => ({
  ...{ id: "bank", capacityWh: 5_000, chargeMaxW: 2_000, dischargeMaxW: 2_500, socInitial: 0.6 },
  ...fields,
});
const job = (fields: object) => ({ id: "cut", machine: "laser", powerW: [900, 700], ...fields });
const car = (trips: readonly object[]) => ({
  ...{
    id: `car-${trips.length}-${JSON.stringify(trips).length}`,
    capacityWh: 8_000,
    chargeMaxW: 3_000,
    socInitial: 0.5,
  },
  trips: trips.map((trip) => ({ socLeave: 0.75, ...trip })),
});
const given = (fields: object) => ({
  ...{ version: 1, stepMinutes: 30, steps: 4 },
  machines: [{ id: "laser", open: [1, 1, 1, 0] }],
  ...fields,
});

function mistakesOf(value: object | string): string[] {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const parsed = parsePlanCase({ name: "case.json", text });
  return parsed.ok ? [] : parsed.mistakes.map(({ path, message }) => `${path}: ${message}`);
}

const NEGATIVE = /^batteries\[0\]\.capacityWh: .*-3000/;
const RESERVE = /^batteries\[0\]\.socMin: 0\.9 is above socMax 0\.8/;
const LENGTH = /^loads\[0\]\.powerW: has 3 values; the case has 4 steps/;
const ORDER = /^jobs\[0\]\.latestEndStep: 1 is not after earliestStep 3/;
const LONG = /^jobs\[0\]\.powerW: takes 2 steps; its window has 1/;

describe("the mistakes of a case", () => {
  //  case, given, what is told
  const CASES: readonly (readonly [string, object | string, readonly RegExp[]])[] = [
    ["none", given({ batteries: [battery({})], jobs: [job({})] }), []],
    ["a negative capacity", given({ batteries: [battery({ capacityWh: -3_000 })] }), [NEGATIVE]],
    ["an impossible reserve", given({ batteries: [battery({ socMin: 0.9, socMax: 0.8 })] }), [RESERVE]],
    [
      "a final charge that can never be",
      given({ batteries: [battery({ socMax: 0.8, socFinalMin: 0.9 })] }),
      [/^batteries\[0\]\.socFinalMin: 0\.9 is above socMax 0\.8: it can never be reached/],
    ],
    ["a wrong length", given({ loads: [{ id: "house", powerW: [300, 400, 500] }] }), [LENGTH]],
    [
      "what is no number",
      JSON.stringify(given({ loads: [{ id: "house", powerW: [300, 4e5, 500, 600] }] })).replace(
        "400000",
        "NaN",
      ),
      [/^loads\[0\]\.powerW\[1\]: must be a number; found "NaN"/],
    ],
    [
      "what a program wrote for what is no number",
      given({ loads: [{ id: "house", powerW: [300, null, 500, 600] }] }),
      [/^loads\[0\]\.powerW\[1\]: must be a number; found null/],
    ],
    [
      "a deadline before the earliest",
      given({ jobs: [job({ earliestStep: 3, latestEndStep: 1 })] }),
      [ORDER],
    ],
    ["a job longer than its window", given({ jobs: [job({ earliestStep: 1, latestEndStep: 2 })] }), [LONG]],
    [
      "a machine that is not open for so long",
      given({ jobs: [job({ powerW: [900, 800, 700, 600] })] }),
      [/^jobs\[0\]\.machine: "laser" is not open long enough/],
    ],
    [
      "a vehicle's trips that cannot be, each by its own",
      given({
        vehicles: [
          car([{ leaveStep: 9 }]),
          car([{ leaveStep: 2, returnStep: 2 }]),
          car([{ leaveStep: 1, returnStep: 3 }, { leaveStep: 2 }]),
          car([{ leaveStep: 1, returnStep: 3, usesWh: 7_000 }]),
        ],
      }),
      [
        /^vehicles\[0\]\.trips\[0\]\.leaveStep: 9 is after the case's 4 steps/,
        /^vehicles\[1\]\.trips\[0\]\.returnStep: 2 is not after leaveStep 2/,
        /^vehicles\[2\]\.trips\[1\]\.leaveStep: 2 lies before the return/,
        /^vehicles\[3\]\.trips\[0\]\.usesWh: 7000 Wh is more than the 6000 Wh/,
      ],
    ],
    [
      "a draw of heat of the wrong length, and a name that a vehicle has",
      given({
        vehicles: [car([])],
        heaters: [
          {
            ...{ id: "car-0-2", powerMaxW: 2_000, capacityWh: 4_000, levelInitial: 0.4 },
            demandW: [200, 300, 400],
          },
        ],
      }),
      [
        /^heaters\[0\]\.id: "car-0-2" is a vehicle already/,
        /^heaters\[0\]\.demandW: has 3 values; the case has 4 steps/,
      ],
    ],
    [
      "all of them together",
      given({
        batteries: [battery({ capacityWh: -3_000, socMin: 0.9, socMax: 0.8 })],
        loads: [{ id: "house", powerW: [300, null, 500] }],
        jobs: [job({ earliestStep: 3, latestEndStep: 1 }), job({ earliestStep: 1, latestEndStep: 2 })],
        sun: [],
      }),
      [
        NEGATIVE,
        /^loads\[0\]\.powerW\[1\]: must be a number; found null/,
        /^sun: is not a key here/,
        LENGTH,
        /^jobs\[1\]\.id: "cut" is there twice/,
        RESERVE,
        ORDER,
        /^jobs\[1\]\.powerW: takes 2 steps; its window has 1/,
      ],
    ],
    [
      "not what follows from another: an order that was judged by a wrong step",
      given({ jobs: [job({ earliestStep: -7, latestEndStep: 1 })] }),
      [/^jobs\[0\]\.earliestStep: must be at least 0; found -7/],
    ],
    [
      "not what follows from another: a name where machines have none",
      given({ machines: [{ open: [1, 1, 1, 0] }], jobs: [job({})] }),
      [/^machines\[0\]\.id: is missing/],
    ],
    [
      "of a case without steps only that",
      given({ steps: "four", loads: [{ id: "house", powerW: [7] }] }),
      [/^steps: /],
    ],
  ];
  for (const [sentence, value, then] of CASES)
    it(sentence, () => {
      const told = mistakesOf(value);
      assert.equal(told.length, then.length, told.join("\n"));
      for (const [at, pattern] of then.entries()) assert.match(told[at] ?? "", pattern);
    });
});
