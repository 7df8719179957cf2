import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TrialDay } from "@gridwright/contract/api-trials.ts";
import type { LastDay } from "@gridwright/runtime/flows/trial-order.ts";
import { village, villageDay } from "@gridwright/twin/testing/village.ts";
import { stretches } from "./last-day.ts";
import { askingNode } from "./outcome.ts";
import { dayOf } from "./trial-day.ts";

const MODEL = village();
const HOUR = 3_600_000;
// 09:00 in the village.
const START = Date.UTC(2026, 5, 20, 7);
const order: TrialDay = {
  weather: "sunny",
  fault: "none",
  habits: "scenario",
  ...{ hours: 24, site: "x", start: START, soc: 0.62, measured: true },
};
const NONE = { arrays: {}, loads: {} };
const of = (day: Partial<TrialDay>, lastDay: LastDay = NONE) =>
  dayOf({ model: MODEL, lastDay, scenario: villageDay(), day: { ...order, ...day } });

describe("the day of a trial", () => {
  it("begins now with the present charge and the habits of the site's scenario, and has nothing of its story", () => {
    const { start, soc, habits, supply, troubles } = of({});
    assert.deepEqual([start, soc, troubles], [START, 0.62, []]);
    assert.deepEqual([habits, supply?.grid], [villageDay().habits, villageDay().grid]);
  });
  //  the fault                what befalls                        from, h   for, min
  const FAULTS = [
    ["grid-lost", "plant", 3, 120],
    ["overload", "demand", 10, 10],
    ["meter-silent", "device", 3, 60],
  ] as const;
  for (const [fault, kind, atHour, forMin] of FAULTS)
    it(`${fault} comes by the site's own clock`, () => {
      const [trouble] = of({ fault }).troubles;
      assert.deepEqual(
        [trouble?.kind, (trouble?.at ?? 0) / HOUR, (trouble?.forMs ?? 0) / 60_000],
        [kind, atHour, forMin],
      );
    });
  it("a fault that would come after the end of a short day comes in its middle, and is shorter", () => {
    const [trouble] = of({ fault: "grid-lost", hours: 2 }).troubles;
    assert.deepEqual([trouble?.at, trouble?.forMs], [HOUR, HOUR / 2]);
  });
  it("without a measured yesterday the sky is mixed", () => {
    assert.equal(
      of({ weather: "yesterday", measured: false }).cloudiness,
      of({ weather: "mixed" }).cloudiness,
    );
  });
  it("a measured yesterday becomes clouds where arrays gave less than a clear sky would", () => {
    const arrays = Object.fromEntries(
      Object.values(MODEL.assets).flatMap(({ id, spec }) =>
        spec.kind === "pv" ? [[id, [spec.rating * 0.02, null, spec.rating * 2]]] : [],
      ),
    );
    const { troubles, cloudiness } = of({ weather: "yesterday", hours: 3 }, { arrays, loads: {} });
    const clouds = troubles.flatMap((one) =>
      one.kind === "cloud" ? [[one.at / HOUR, one.forMs / HOUR, one.share > 0.5 ? "thick" : one.share]] : [],
    );
    assert.deepEqual(
      [clouds, cloudiness],
      [
        [
          [0, 1, "thick"],
          [2, 1, 0],
        ],
        0,
      ],
    );
  });
  it("what loads took becomes demand, but not of those that fill a store", () => {
    const loads = { "house-2-sockets": [70, 70, 480], "house-2-heater": [900, 900, 900] };
    const { troubles } = of({ weather: "yesterday", hours: 3 }, { arrays: {}, loads });
    const demand = troubles.flatMap((one) =>
      one.kind === "demand" ? [[one.loads[0], one.at / HOUR, one.forMs / HOUR]] : [],
    );
    assert.deepEqual(demand, [
      ["house-2-sockets", 0, 2],
      ["house-2-sockets", 2, 1],
    ]);
  });
});

it("hours that are alike are one stretch, what is not known is none", () => {
  assert.deepEqual(stretches([0.3, 0.33, null, 0.31, 0.6]), [
    { from: 0, to: 2, share: 0.3 },
    { from: 3, to: 4, share: 0.31 },
    { from: 4, to: 5, share: 0.6 },
  ]);
});

it("who asked is found by load and reason", () => {
  const flows = [
    { id: "r4", type: "gridwright-request", asset: "pump", reason: "the tank is low ", name: "Fill" },
    { id: "r5", type: "gridwright-constraint", asset: "pump", reason: "it is loud", name: "" },
  ];
  assert.deepEqual(
    ["the tank is low", "it is loud", "elsewhere"].map((why) => askingNode(flows, "pump", why)),
    ["Fill", "r5", ""],
  );
});
