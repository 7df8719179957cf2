import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { LadderStep } from "@gridwright/contract/site/site.ts";
import { mono } from "@gridwright/contract/units.ts";
import { hamlet } from "./fixtures/hamlet.ts";
import { s, T } from "./fixtures/moments.ts";
import { CALM, plantState, settledMemory } from "./fixtures/scene.ts";
import { layoutOf } from "./layout.ts";
import { levelOf, levelsOf } from "./rungs.ts";

const MODEL = hamlet((site) => {
  const { genset, ...assets } = site.assets;
  const metered = { ...genset, points: { power: "genset-box/power" } };
  Object.assign(site.devices, { "genset-box": { link: "bus", unit: 41, profile: "genset-box" } });
  return { ...site, assets: { ...assets, genset: metered } };
});
const hours = { below: { by: "hours", value: 6 }, restore: { by: "hours", value: 9 } } as const;
const START: LadderStep = { name: "start the set", start: "genset", ...hours };
const SHED: LadderStep = { name: "spare heaters", shed: 4, ...hours };

/** Hours by which each step stands, while the set gives so much and the battery has given (negative: taken) so much. */
function standing(setW: number, givesW: number): readonly (number | undefined)[] {
  const state = plantState(MODEL, T, { ...CALM, "genset-box/power": setW });
  const drain = { since: mono(s(-600)), at: mono(T), watts: givesW };
  const memory = { ...settledMemory(MODEL), drain };
  const levels = levelsOf({ layout: layoutOf(MODEL), state, memory });
  return [START, SHED].map((step) => {
    const level = levelOf(step, levels);
    return level === undefined ? undefined : Math.round(level * 10) / 10;
  });
}

describe("the hours that are left", () => {
  const [alone] = standing(0, 1_500);
  it("are the same for all steps while no set gives", () =>
    assert.deepEqual(standing(0, 1_500), [alone, alone]));
  it("while a set charges no step sheds, and the one that started it stands as if it gave nothing", () =>
    assert.deepEqual(standing(3_000, -1_500), [alone, Number.POSITIVE_INFINITY]));
});
