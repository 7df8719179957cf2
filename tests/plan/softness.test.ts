// What gives when a case cannot be met, in which order, and what a rolling plan believes and promises.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Given, planned } from "./solver.ts";

const hours = (count: number, watts: number): number[] => new Array(count).fill(watts);

describe("what cannot be met gives, and the answer says what and by how much", () => {
  const battery = { id: "b", capacityWh: 4_000, chargeMaxW: 3_000, dischargeMaxW: 3_000, socInitial: 0.6 };
  const rows: readonly [string, Given, readonly string[]][] = [
    [
      "first the charge that should be left",
      {
        steps: 2,
        batteries: [{ ...battery, socMin: 0.1, socFinalMin: 0.5 }],
        loads: [{ id: "house", powerW: [700, 500] }],
      },
      ["soc-final b 800"],
    ],
    [
      "then a job",
      {
        steps: 2,
        batteries: [{ ...battery, socMin: 0.2, socFinalMin: 0.25 }],
        loads: [{ id: "house", powerW: [700, 500] }],
        jobs: [{ id: "cut", machine: "saw", powerW: [1_900] }],
      },
      ["job cut 1"],
    ],
    [
      "then the cap of the site",
      {
        steps: 2,
        grid: { importMaxW: [9_000, 9_000] },
        siteMaxW: 650,
        loads: [{ id: "house", powerW: [700, 500] }],
      },
      ["site-max site 50"],
    ],
    [
      "then the reserve",
      { steps: 2, batteries: [{ ...battery, socMin: 0.4 }], loads: [{ id: "house", powerW: [700, 500] }] },
      ["soc-min b 400"],
    ],
    [
      "and last a load that should never go without",
      { steps: 1, grid: { importMaxW: [400] }, loads: [{ id: "house", powerW: [700] }] },
      ["load house 300"],
    ],
  ];
  for (const [sentence, given, wanted] of rows)
    test(sentence, async () => {
      const { relaxed } = await planned(given);
      assert.deepEqual(
        relaxed.map(({ limit, id, by }) => `${limit} ${id} ${Math.round(by)}`),
        wanted,
      );
    });
});

describe("a battery never charges and discharges at once", () => {
  test("not even where burning energy would earn money", async () => {
    const { steps } = await planned({
      steps: 2,
      grid: { importMaxW: [5_000, 5_000], priceImport: [-0.3, -0.4] },
      batteries: [
        {
          id: "b",
          capacityWh: 2_000,
          chargeMaxW: 1_500,
          dischargeMaxW: 1_500,
          efficiencyCharge: 0.8,
          efficiencyDischarge: 0.8,
          socInitial: 0.9,
        },
      ],
      loads: [{ id: "house", powerW: [900, 800] }],
    });
    for (const { chargeW, dischargeW } of steps) assert.equal(Math.min(chargeW.b ?? 9, dischargeW.b ?? 9), 0);
  });
});

describe("a rolling plan", () => {
  const day = [...hours(8, 0), 2_000, 3_000, 3_000, 2_000, ...hours(12, 0)];
  const given: Given = {
    steps: 48,
    mode: "rolling",
    horizonSteps: 24,
    pv: [{ id: "roof", powerW: [...day, ...day.map((watts) => watts * 0.7)] }],
    batteries: [
      { id: "b", capacityWh: 5_000, chargeMaxW: 2_500, dischargeMaxW: 2_500, socInitial: 0.5, socMin: 0.1 },
    ],
    loads: [
      { id: "essential", tier: 0, powerW: hours(48, 90), valuePerKWh: 20, curtailable: "continuous" },
      { id: "comfort", tier: 4, powerW: hours(48, 350), valuePerKWh: 1, curtailable: "continuous" },
    ],
    jobs: [{ id: "cut", machine: "laser", powerW: [1_400, 1_400], earliestStep: 3, latestEndStep: 46 }],
  };
  test("with perfect foresight loses no essential energy and runs the job in the sun", async () => {
    const { unservedWhByTier, jobs } = await planned({ ...given, forecast: "perfect" });
    assert.equal(Math.round(unservedWhByTier["0"] ?? -1), 0);
    assert.ok(
      jobs[0]?.startStep !== null && (jobs[0]?.startStep ?? 0) >= 8,
      `started at ${jobs[0]?.startStep}`,
    );
  });
  test("never knows more than it has seen: other days to come change no step before", async () => {
    const other = { ...given, forecast: "own" as const };
    const changed = { ...other, pv: [{ id: "roof", powerW: [...day, ...hours(24, 100)] }] };
    const [one, two] = await Promise.all([planned(other), planned(changed)]);
    assert.deepEqual(one.steps.slice(0, 24), two.steps.slice(0, 24));
    assert.notDeepEqual(one.steps.slice(24), two.steps.slice(24));
  });
  // 1 kWh an hour for two who each want 1: by value alone the second gets nothing. 5 % of the 2 kWh that are lost allow
  // 0.1 more, which is 1 kWh of a difference of 0.1 each; planned hour by hour a quarter of it is certain.
  test("shares fairly over what was and what comes", async () => {
    const use = (member: string, valuePerKWh: number) => ({
      id: `${member}-use`,
      member,
      powerW: hours(2, 1_000),
      valuePerKWh,
      curtailable: "continuous" as const,
    });
    const scarce: Given = {
      steps: 2,
      mode: "rolling",
      grid: { importMaxW: hours(2, 1_000) },
      loads: [use("first", 1.1), use("second", 1)],
    };
    const plain = await planned(scarce);
    assert.equal(Math.round((plain.servedRatioByMember.second ?? 1) * 1e6), 0);
    const fair = await planned({ ...scarce, fairness: { maxExtraUnserved: 0.05 } });
    assert.ok(Math.min(...Object.values(fair.servedRatioByMember)) >= 0.249);
    assert.ok(fair.weightedUnserved <= 2.1 + 1e-5);
  });
});
