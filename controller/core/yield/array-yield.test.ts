// An array over forty days of spring whose weather, dirt, shade and faults are known: what is found of them, and what is not made up.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ArrayYield, LossKind } from "@gridwright/contract/array-yield.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { clearPower } from "../forecast/clear-sky.ts";
import { PER_DAY } from "../plan/site/known.ts";
import { judgeArray } from "./array-yield.ts";
import type { ArrayPast } from "./clear-hours.ts";

const ROOF = { rating: 6_200, azimuth: 190, tilt: 25 };
const PLACE = { latitude: 41.4, longitude: 2.2 };
const BEGIN = Date.UTC(2026, 2, 20);
const DAYS = 40;
const HOUR_MS = 3_600_000;
/** What of a clear sky's promise this roof gives when all is well. */
const WELL = 0.93;

const CLEAR = Array.from({ length: DAYS * PER_DAY }, (_, at) =>
  clearPower(ROOF, PLACE, epoch(BEGIN + (at + 0.5) * HOUR_MS)),
);
/** Two clear days, then one of broken clouds; what the sky lets through of each hour. */
function sky(at: number): number {
  const [day, slot] = [Math.floor(at / PER_DAY), at % PER_DAY];
  return day % 3 === 2 ? 0.25 + 0.5 * ((slot * 7 + day * 5) % 4) * 0.3 : 1;
}

interface Happening {
  /** Share of what it would give, by day and hour of the day. */
  readonly keeps?: (day: number, slot: number) => number;
  readonly topW?: number;
  readonly held?: (day: number, slot: number) => boolean;
  readonly clouds?: (at: number) => number;
  readonly days?: number;
}
const GIVES_HELD = 0.4;

function yieldOf({
  keeps = () => 1,
  topW = 1e9,
  held = () => false,
  clouds = sky,
  days = DAYS,
}: Happening): ArrayYield {
  const place = (at: number): [number, number] => [Math.floor(at / PER_DAY), at % PER_DAY];
  const clear = CLEAR.slice(0, days * PER_DAY);
  const past: ArrayPast = {
    ...{ clear, rating: ROOF.rating, held: clear.map((_, at) => held(...place(at))) },
    watts: clear.map((most, at) => {
      const watts = Math.min(topW, most * WELL * clouds(at) * keeps(...place(at)));
      return held(...place(at)) ? watts * GIVES_HELD : watts;
    }),
  };
  return judgeArray({ asset: "roof", past, dateOf: (day) => `day ${day}` });
}
const kindsOf = ({ losses }: ArrayYield): readonly LossKind[] => losses.map(({ kind }) => kind);
const energyOf = (happening: Happening): number => yieldOf(happening).whPerDay ?? Number.NaN;

describe("what an array loses", () => {
  const well = yieldOf({});
  test("is nothing where all is well, whatever the weather", () => {
    assert.deepEqual(well.losses, []);
    assert.ok(Math.abs((well.level ?? 0) - WELL) < 0.01, String(well.level));
    assert.ok(well.clearDays >= 26, String(well.clearDays));
  });

  const dust = (day: number): number => 1 - (0.16 * day) / DAYS;
  const oneOfThree = (day: number): number => (day >= 31 ? 2 / 3 : 1);
  const tree = (_day: number, slot: number): number => (slot >= 7 && slot < 10 ? 0.55 : 1);
  const full = (_day: number, slot: number): boolean => slot >= 13 && slot < 15;
  //  what happened, to what it is put, how, which part of the true loss at least is found
  const CASES: readonly (readonly [string, Happening, LossKind, RegExp])[] = [
    ["dust that gathers", { keeps: dust }, "soiling", /1[3-5]/],
    ["one string of three that goes", { keeps: oneOfThree }, "string", /day 3[01]/],
    ["a tree in the morning", { keeps: tree }, "shading", /07:00.*10:00/],
    ["a small inverter", { topW: 3_900 }, "clipping", /3900/],
    ["a battery that is full after noon", { held: full }, "curtailed", /./],
    ["half the panels that the file says", { keeps: () => 0.55 }, "low", /0\.51/],
  ];
  for (const [sentence, happening, kind, figures] of CASES)
    test(`by ${sentence} is named, and nothing else is`, () => {
      const found = yieldOf(happening);
      assert.deepEqual(kindsOf(found), [kind]);
      const [{ whPerDay, why } = { whPerDay: 0, why: { code: "", params: {} } }] = found.losses;
      assert.match(JSON.stringify(why.params), figures);
      // Dirt and a string cost more now than they did on the mean of these days.
      const truly = energyOf({}) - energyOf(happening);
      const most = kind === "soiling" ? 2.4 : kind === "string" ? 5 : 1.25;
      assert.ok(whPerDay > 0.75 * truly && whPerDay < most * truly, `${whPerDay} Wh, truly ${truly}`);
    });

  test("is not told of dirt that rain washed off, nor of a fuse that was changed", () => {
    const washed = (day: number): number => (day < 30 ? dust(day) : 1);
    const mended = (day: number): number => (day >= 12 && day < 25 ? 2 / 3 : 1);
    assert.deepEqual(kindsOf(yieldOf({ keeps: washed })), []);
    assert.deepEqual(kindsOf(yieldOf({ keeps: mended })), []);
  });
  test("of several, the dearest comes first", () => {
    const both = yieldOf({ keeps: (day, slot) => dust(day) * tree(day, slot), held: full });
    assert.deepEqual([...kindsOf(both)].sort(), ["curtailed", "shading", "soiling"]);
    const costs = both.losses.map(({ whPerDay }) => whPerDay);
    assert.deepEqual(
      costs,
      costs.toSorted((a, b) => b - a),
    );
  });
  test("is not guessed in weeks of clouds, in the first days, or of what is not measured", () => {
    const cloudy = (at: number): number => 0.12 + 0.3 * ((at * 7) % 5);
    assert.deepEqual(yieldOf({ clouds: cloudy, keeps: dust }).losses, []);
    const young = yieldOf({ days: 3 });
    assert.deepEqual([young.level, young.losses], [null, []]);
    const past = {
      watts: CLEAR.map(() => undefined),
      held: CLEAR.map(() => false),
      clear: CLEAR,
      rating: 6_200,
    };
    const silent = judgeArray({ asset: "roof", past, dateOf: String });
    assert.deepEqual(silent, { asset: "roof", clearDays: 0, whPerDay: null, level: null, losses: [] });
  });
});
