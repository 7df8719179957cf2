// The mismatch report: losses of wires and loads without a meter pass, somebody who takes 5 % does not.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { counted, entriesOf, rulesOf } from "./mill.fixture.ts";
import { type FeederReport, mismatches, type Unmetered } from "./mismatch.ts";
import { settle } from "./settle.ts";

/** A day of slots; what the two feeders lose or somebody takes, as a share of what goes through. */
function day(street: number, yard: number) {
  return Array.from({ length: 96 }, (_, place) => {
    const [bakery, inn, forge, saw] = [310 + place, 170 + 3 * place, 520 + 2 * place, 230 + place];
    const yardIn = Math.round((forge + saw) / (1 - yard));
    const streetIn = Math.round((bakery + inn + yardIn) / (1 - street));
    const below = `bakery-meter ${bakery}, inn-meter ${inn}, forge-meter ${forge}, saw ${saw}`;
    return counted(`street ${streetIn}, yard ${yardIn}, ${below}`);
  });
}
const reportOf = (
  slots: ReturnType<typeof day>,
  unmetered: [string, Unmetered][] = [],
): readonly FeederReport[] =>
  mismatches({ slots, slotHours: 0.25, lossesMost: 0.03, unmetered: new Map(unmetered) });
const verdicts = (reports: readonly FeederReport[]): string =>
  reports.map(({ feeder, verdict }) => `${feeder} ${verdict}`).join(", ");

describe("what a feeder's meter saw and those below it did not", () => {
  it("losses of the wires fit", () =>
    assert.equal(verdicts(reportOf(day(0.02, 0.015))), "street fits, yard fits"));
  it("5 % taken on one feeder is found there, and there alone", () => {
    const [street, yard] = reportOf(day(0.02, 0.015 + 0.05));
    assert.equal(verdicts([street, yard].flatMap((one) => one ?? [])), "street fits, yard unexplained");
    assert.ok(Math.abs((yard?.missing ?? 0) / (yard?.through ?? 1) - 0.065) < 0.001);
    const losses = (feeder: string): number =>
      day(0.02, 0.015 + 0.05)
        .flatMap((slot) => settle(slot))
        .reduce(
          (sum, [kind, , to, wh]) => (kind === "loss" && to === `losses:${feeder}` ? sum + wh : sum),
          0,
        );
    assert.equal(losses("yard"), yard?.missing, "its losses account says the same Wh");
  });
  it("a load without a meter explains what it usually takes", () =>
    assert.equal(
      verdicts(reportOf(day(0.02, 0.065), [["yard", { usualW: 180, mostW: 260 }]])),
      "street fits, yard fits",
    ));
  it("what it could take, but usually does not, is doubtful", () =>
    assert.equal(
      verdicts(reportOf(day(0.02, 0.065), [["yard", { usualW: 40, mostW: 260 }]])),
      "street fits, yard doubtful",
    ));
  it("meters below that count more than the feeder's are told as well", () =>
    assert.equal(verdicts(reportOf(day(0.02, -0.06))), "street fits, yard excess"));
  it("slots with a gap are left out and counted", () => {
    const whole = day(0.02, 0.015);
    const gap = { ...counted(""), rules: rulesOf("need"), entries: entriesOf("yard 900, forge-meter ?") };
    assert.deepEqual(
      reportOf([...whole, gap, gap]).map(({ feeder, verdict, leftOut }) => [feeder, verdict, leftOut]),
      [
        ["street", "fits", 0],
        ["yard", "fits", 2],
      ],
    );
  });
});
