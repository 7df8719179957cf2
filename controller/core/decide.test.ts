import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RULE_NAMES } from "@gridwright/contract/decision.ts";
import { ruleOrder } from "./decide.ts";
import { hamlet } from "./fixtures/hamlet.ts";
import { run, SETTLED, story } from "./fixtures/scene.ts";

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
