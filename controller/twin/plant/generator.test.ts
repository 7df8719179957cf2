import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { crank, type GeneratorState, generatorPower, type Start, turn } from "./generator.ts";

const set = (more: Partial<GeneratorState> = {}): GeneratorState => ({
  id: "genset",
  rating: 17_000,
  state: "running",
  since: 3_000,
  powerW: 0,
  fuel: 0.63,
  energyWh: 0,
  hz: 51.5,
  share: 0,
  stalled: false,
  ...more,
});
const WANTED: Start = { wanted: true, barred: false, dud: false };

interface Course {
  readonly low: number;
  readonly last: number;
  readonly set: GeneratorState;
}

/** Its lowest and its last frequency when its power steps to `share` of full for so many seconds. */
function stepTo(share: number, seconds: number): Course {
  const state = set();
  state.powerW = share * generatorPower(state);
  let low = Number.POSITIVE_INFINITY;
  for (let s = 0; s < seconds; s += 0.2) {
    turn(state, 0.2);
    low = Math.min(low, state.hz);
  }
  return { low, last: state.hz, set: state };
}

describe("a set's frequency", () => {
  it("droops by 5 % from no load to full", () => {
    assert.ok(Math.abs(stepTo(0.001, 20).last - 51.5) < 0.02);
    assert.ok(Math.abs(stepTo(1, 20).last - 49) < 0.02);
  });
  it("dips at a load step by less than 10 %, and is back within 5 s", () => {
    const { low } = stepTo(0.6, 5);
    assert.ok(low > 45 && low < 48.5, String(low));
    assert.ok(stepTo(0.6, 5).last > 49);
  });
  it("falls under too much load until the engine stalls", () => {
    const { last, set: state } = stepTo(1.35, 12);
    assert.ok(last < 45);
    assert.equal(state.stalled, true);
  });
});

describe("a set's start", () => {
  const table: readonly (readonly [
    sentence: string,
    before: Partial<GeneratorState>,
    start: Partial<Start>,
    then: GeneratorState["state"],
  ])[] = [
    ["it cranks when its contact closes", { state: "off" }, {}, "cranking"],
    ["it catches", { state: "cranking" }, {}, "warming"],
    ["or does not", { state: "cranking" }, { dud: true }, "cranking"],
    ["it feeds when it is warm", { state: "warming" }, {}, "running"],
    ["it stands when its contact opens", {}, { wanted: false }, "off"],
    ["and out of Auto, or with a fault", {}, { barred: true }, "off"],
    ["it stands when it has stalled", { stalled: true }, {}, "off"],
    ["and without fuel", { fuel: 0 }, {}, "off"],
  ];
  for (const [sentence, before, start, then] of table)
    it(sentence, () => {
      const state = set(before);
      crank(state, { ...WANTED, ...start }, 90_000);
      assert.equal(state.state, then);
    });
  it("a stalled set may start again after its contact was opened", () => {
    const state = set({ stalled: true, state: "off" });
    crank(state, { ...WANTED, wanted: false }, 90_000);
    crank(state, WANTED, 91_000);
    assert.equal(state.state, "cranking");
  });
});
