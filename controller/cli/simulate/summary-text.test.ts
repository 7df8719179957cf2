import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { noFigures } from "@gridwright/twin/simulate/figures.ts";
import { type Summary, summaryOf } from "./days.ts";
import { seedsText, summaryLines } from "./summary-text.ts";
import type { WorkResult } from "./worker.ts";

const day = (seed: number, member?: string): WorkResult => {
  const energy = { servedWh: 1_700, notServedWh: 300 };
  const figures = { ...noFigures(), hours: 24, ticks: 70, byTier: { "2": energy }, inverterTrips: 3 };
  return {
    seed,
    trace: 9,
    figures: member === undefined ? figures : { ...figures, byMember: { [member]: energy } },
  };
};
const lines = (results: readonly WorkResult[], asked = results.length): readonly string[] => {
  const summary: Summary = summaryOf(5, results);
  const seeds = results.map(({ seed }) => seed);
  return summaryLines(summary, { asked, interrupted: results.length < asked, seeds, commit: "abc1234" });
};

describe("what a run came to", () => {
  it("is told with its seeds, energies and members", () =>
    assert.deepEqual(
      lines([day(6, "fern"), day(5, "fern")]).map((line) => line.replace(/trace \w+/, "trace …")),
      [
        "seeds 5 to 6: 48 h in 140 ticks, commit abc1234, trace …",
        "tier 2: 3.4 kWh served, 0.6 kWh not served",
        "worst served member 85.00 % (fern), Jain 1.0000",
        "0 switchings, 6 trips, battery 0.0 kWh, generator 0.0 h, curtailed 0.0 kWh",
        "0 violations",
      ],
    ));
  it("compares no shares where no load has a member", () => {
    const told = lines([day(5)]);
    assert.equal(told[2], "no load belongs to a member, so no shares are compared");
    assert.ok(!told.join().includes("()"), told.join("\n"));
  });
  it("says that it was interrupted, and which seeds were played", () =>
    assert.deepEqual(
      lines([day(8), day(5), day(6)], 40)
        .slice(0, 2)
        .map((line) => (line.split(":")[0] === "interrupted" ? line : line.split(":")[0])),
      ["interrupted: 3 of 40 days were played", "seeds 5 to 6, 8"],
    ));
  it("is only that where no day was played", () =>
    assert.deepEqual(lines([], 40), ["interrupted: none of 40 days was played to its end"]));
  it("has no figures where every day failed", () =>
    assert.deepEqual(lines([{ seed: 5, trace: 0, crash: "no such device" }]).toSpliced(1, 1), [
      "seed 5: the program failed: no such device",
      "no figures: no day came to its end",
      "0 violations",
    ]));
});

it("seeds are told as ranges", () => assert.equal(seedsText([9, 3, 4, 12, 5, 11]), "3 to 5, 9, 11 to 12"));
