import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isConsumer } from "@gridwright/contract/site/assets.ts";
import { forgetful } from "../../testing/forgetful.ts";
import { profiles } from "../../testing/village.ts";
import { runDay } from "../run-day.ts";
import { drawnDay, modelOf } from "./drawn-day.ts";
import { leaner, without } from "./leaner.ts";

const PROFILES = profiles();

/** The first seeds whose site has a switched load, several others, and a set. */
const drawn = Array.from({ length: 60 }, (_, place) =>
  drawnDay({ seed: place + 1, hours: 0.05, faults: false, profiles: PROFILES }),
).find(({ model }) => Object.keys(model.assets).length > 12 && model.assets.genset !== undefined);

describe("a drawn site that broke", () => {
  assert.ok(drawn !== undefined);
  const { model, text, day } = drawn;
  const held = Object.values(model.assets).find(
    ({ spec, actuator }) => isConsumer(spec) && actuator?.kind === "switch" && spec.tier > 1,
  )?.id;
  assert.ok(held !== undefined);

  it("loses an asset with what only it had, and is still a site that check takes", () => {
    const smaller = modelOf(without(text, held), PROFILES);
    assert.equal(smaller.assets[held], undefined);
    assert.ok(Object.keys(smaller.assets).length === Object.keys(model.assets).length - 1);
    assert.ok(smaller.site.ladder.some((step) => "start" in step));
    assert.ok(!modelOf(without(text, "genset"), PROFILES).site.ladder.some((step) => "start" in step));
  });

  it("is told with the load that it takes to break it, and no other", () => {
    const request = {
      ...{ id: "request-hold-it", issuer: "operator", role: "technician" as const, seq: 3, ttlMs: 90_000 },
      body: { kind: "hold" as const, asset: held, why: "it leaks" },
    };
    const whole = { ...day, troubles: [{ kind: "request" as const, at: 41_000, forMs: 0, request }] };
    const options = (own: typeof model, its: typeof day) => ({ model: own, day: its, brain: forgetful });
    const { violation } = runDay(options(model, whole));
    assert.match(violation?.invariant ?? "", /^I12 /);
    if (violation === undefined) return;
    const least = leaner({ text, model, day: whole, violation }, { profiles: PROFILES, options });
    const loads = Object.values(least.model.assets).filter(({ spec }) => isConsumer(spec));
    assert.deepEqual([loads.map(({ id }) => id), least.violation.invariant], [[held], violation.invariant]);
  });
});
