import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { fromHere, loadStory } from "./load-story.ts";
import { refuseScenario } from "./simulate/day-scenario.ts";

const SCENARIOS = fileURLToPath(new URL("../twin/scenarios/", import.meta.url));
const DAY = join(SCENARIOS, "village-day.yaml");
const KETTLE = join(SCENARIOS, "manual/kettle.yaml");

const refusal = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof GridwrightError) return error.message;
    throw error;
  }
  return "none";
};

describe("a scenario file that is not there", () => {
  for (const name of ["kettle", "kettle.yaml", "ketle.yml"])
    it(`${name} is offered as the manual's`, () =>
      assert.equal(
        refusal(() => loadStory(name)),
        `There is no scenario file ${name}. Do you mean ${fromHere(KETTLE)}?`,
      ));
  it("is not guessed at where none is near", () =>
    assert.equal(
      refusal(() => loadStory("my-house.yaml")),
      "There is no scenario file my-house.yaml.",
    ));
  it("is none when it is a folder", () =>
    assert.match(
      refusal(() => loadStory(SCENARIOS)),
      /cannot be read/,
    ));
});

describe("the two kinds of scenario files are told apart", () => {
  it("simulate names the command for one of minute and expectation, and a file of its own kind", () => {
    const told = refusal(() => refuseScenario(KETTLE, DAY));
    assert.ok(told.includes(`gridwright scenario ${KETTLE}`), told);
    assert.ok(told.endsWith(`like ${fromHere(DAY)}.`), told);
    assert.equal(told.split("\n").length, 1);
  });
  it("scenario names the commands for one of whole days", () => {
    const told = refusal(() => loadStory(DAY));
    assert.match(told, /is a scenario of whole days: demo, twin and simulate take it as --scenario/);
    assert.equal(told.split("\n").length, 1);
  });
  it("each is taken where it belongs", () => {
    refuseScenario(DAY, DAY);
    assert.equal(loadStory(KETTLE).title, "A kettle at 110 %");
  });
});
