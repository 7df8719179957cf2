import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RULE_NAMES } from "@gridwright/contract/decision.ts";
import { stale } from "@gridwright/contract/reading.ts";
import { mono } from "@gridwright/contract/units.ts";
import { ruleOrder } from "./decide.ts";
import { hamlet } from "./fixtures/hamlet.ts";
import { CALM, run, SETTLED, story } from "./fixtures/scene.ts";

describe("decide", () => {
  it("asks its rules in the order of authority that the contract names", () => {
    assert.deepEqual(ruleOrder(), RULE_NAMES);
  });
  it("changes nothing on a calm afternoon, and says of every actuator what is wanted, in the site's order", () => {
    const model = hamlet();
    const { decisions, last } = run(model, [{ at: SETTLED }, { at: SETTLED + 900 }]);
    assert.equal(story(decisions), "");
    assert.equal(last.mode, "island-inverter");
    const actuators = Object.values(model.assets).flatMap(({ id, actuator }) => (actuator ? [id] : []));
    assert.deepEqual(
      last.desired.map(({ asset }) => asset),
      actuators,
    );
    assert.deepEqual(Object.keys(last.status), Object.keys(model.assets));
  });
});

describe("a controller that was away itself", () => {
  const model = hamlet();
  const devices = ["battery", "box", "grid", "inverter", "main", "relays", "sun"];
  const lost = (moments: readonly number[]): readonly string[] => {
    const silent = Object.fromEntries(
      Object.entries(CALM).map(([name, value]) => [name, stale(value as number, mono(SETTLED))]),
    );
    const { last } = run(
      model,
      moments.map((at, index) => ({ at, given: index === 0 ? {} : silent })),
    );
    return last.conditions
      .flatMap(({ id }) => (id.startsWith("device-lost/") ? [id.slice(12)] : []))
      .toSorted();
  };
  const every = (ms: number) => Array.from({ length: Math.floor(45_000 / ms) }, (_, n) => SETTLED + n * ms);

  it("says that devices are lost after ten seconds of their silence", () => {
    assert.deepEqual(
      lost(every(1_000)).filter((id) => devices.includes(id)),
      devices,
    );
  });
  it("does not blame devices for its own absence", () => {
    assert.deepEqual(lost([SETTLED, SETTLED + 14_000]), []);
  });
});
