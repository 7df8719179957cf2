import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { LadderStep } from "@gridwright/contract/site/site.ts";
import { mono } from "@gridwright/contract/units.ts";
import { hamlet } from "./fixtures/hamlet.ts";
import { s, T } from "./fixtures/moments.ts";
import { CALM, plantState, settledMemory } from "./fixtures/scene.ts";
import { layoutOf } from "./layout.ts";
import { hasNoRoom, levelOf, levelsOf } from "./rungs.ts";

const MODEL = hamlet((site) => {
  const { genset, ...assets } = site.assets;
  const metered = { ...genset, points: { power: "genset-box/power" } };
  Object.assign(site.devices, { "genset-box": { link: "bus", unit: 41, profile: "genset-box" } });
  return { ...site, assets: { ...assets, genset: metered } };
});
const hours = { below: { by: "hours", value: 6 }, restore: { by: "hours", value: 9 } } as const;
const START: LadderStep = { name: "start the set", start: "genset", ...hours };
const SHED: LadderStep = { name: "spare heaters", shed: 4, ...hours };

/** Hours by which each step stands, while the battery has given (negative: taken) so much, and would have without sets. */
function standing(
  givesW: number,
  more: { alone?: number; soc?: number } = {},
): readonly (number | undefined)[] {
  const { soc = 0.6, ...without } = more;
  const state = plantState(MODEL, T, { ...CALM, "battery/soc": soc });
  const drain = { since: mono(s(-600)), at: mono(T), watts: givesW, ...without };
  const memory = { ...settledMemory(MODEL), drain };
  const levels = levelsOf({ layout: layoutOf(MODEL), state, memory });
  return [START, SHED].map((step) => {
    const level = levelOf(step, levels);
    return level === undefined ? undefined : Math.round(level * 10) / 10;
  });
}

describe("the hours that are left", () => {
  const [alone] = standing(1_500);
  it("are the same for all steps while no set gives", () =>
    assert.deepEqual(standing(1_500), [alone, alone]));
  it("while a set charges no step sheds, and the one that started it stands as if it gave nothing", () =>
    assert.deepEqual(standing(-1_500, { alone: 1_500 }), [alone, Number.POSITIVE_INFINITY]));
  it("a full battery gives a set nothing more to do", () =>
    assert.equal(standing(-1_500, { alone: 9_000, soc: 0.96 })[0], Number.POSITIVE_INFINITY));
  it("and one with hardly room starts none", () =>
    assert.deepEqual(
      [0.79, 0.81].map((soc) => hasNoRoom(START, { soc })),
      [false, true],
    ));
});
