import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { MANUAL_FOLDER } from "@gridwright/cli/dev/generators/scenario-page.ts";
import { loadStory } from "@gridwright/cli/load-story.ts";
import { decide } from "@gridwright/core/decide.ts";
import { playStory } from "@gridwright/twin/scenario/run.ts";
import type { Brain } from "@gridwright/twin/scenario/stage.ts";
import { tellRun } from "@gridwright/twin/scenario/tell.ts";

const FOLDER = fileURLToPath(new URL(`../../${MANUAL_FOLDER}/`, import.meta.url));
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith(".yaml"));
const storyIn = (file: string) => loadStory(`${FOLDER}${file}`);

describe("what the operating manual says comes to pass", () => {
  for (const file of FILES) {
    const story = storyIn(file);
    it(`${story.title} (${file})`, () => {
      const run = playStory(story);
      assert.equal(run.failures.length, 0, `\n${tellRun(run)}\n`);
    });
  }
});

type Site = Parameters<Brain>[0]["model"]["site"];

/** The real brain on a site that differs from the one it stands on. */
const misled = (change: (site: Site) => Partial<Site>): Brain => {
  let changed: Parameters<Brain>[0]["model"] | undefined;
  return (input) => {
    const { model } = input;
    changed ??= { ...model, site: { ...model.site, ...change(model.site) } };
    return decide({ ...input, model: changed });
  };
};
const control = (change: Partial<Site["control"]>): Brain =>
  misled((site) => ({ control: { ...site.control, ...change } }));

/** Brains that are wrong in one way each. */
const SPOILED: Readonly<Record<string, Brain>> = {
  "switches nothing, ever": (input) => {
    const step = decide(input);
    return { ...step, desired: [], decisions: [] };
  },
  "cuts at the rating, not by time": control({
    shedAtBudget: 0.001 as never,
    instantOverload: 1.02 as never,
  }),
  "never cuts for an overload": (input) => {
    const step = decide(input);
    const on = { kind: "switch", on: true } as const;
    const desired = step.desired.map((one) => (one.rule === "overload" ? { ...one, set: on } : one));
    return { ...step, desired };
  },
  "knows no ladder": misled(() => ({ ladder: [] })),
  "tells nobody": (input) => ({ ...decide(input), conditions: [] }),
};

//  file               a brain that must be caught by it
const CAUGHT: readonly (readonly [file: string, spoiled: string])[] = [
  ["kettle.yaml", "cuts at the rating, not by time"],
  ["cloud.yaml", "never cuts for an overload"],
  ["noon-meal.yaml", "never cuts for an overload"],
  ["one-phase.yaml", "never cuts for an overload"],
  ["reactive.yaml", "never cuts for an overload"],
  ["meter-silent.yaml", "never cuts for an overload"],
  ["relay-welded.yaml", "tells nobody"],
  ["gx-frozen.yaml", "tells nobody"],
  ["bms-lost.yaml", "tells nobody"],
  ["bms-empty.yaml", "tells nobody"],
  ["grid-lost.yaml", "switches nothing, ever"],
  ["generator-step.yaml", "switches nothing, ever"],
  ["export-limit.yaml", "switches nothing, ever"],
  ["generator-dead.yaml", "tells nobody"],
  ["fuel-out.yaml", "tells nobody"],
  ["inverter-stays-off.yaml", "tells nobody"],
  ["last-charge.yaml", "switches nothing, ever"],
  ["ask-at-low-charge.yaml", "knows no ladder"],
];

describe("a brain that is wrong is caught by the scenario in which it matters", () => {
  for (const [file, spoiled] of CAUGHT)
    it(`one that ${spoiled}, by ${file}`, () => {
      const run = playStory(storyIn(file), SPOILED[spoiled]);
      assert.ok(run.failures.length > 0, tellRun(run));
    });
});
