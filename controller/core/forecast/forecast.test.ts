// The forecast on made-up days whose outcome can be told by hand.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Band } from "@gridwright/contract/forecast.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { clearIrradiance, clearSky } from "./clear-sky.ts";
import { judged, judgedChance } from "./errors.ts";
import { gridChances } from "./grid.ts";
import { loadBands } from "./load.ts";
import { meanOf, quantileOf } from "./past.ts";
import { sunBands } from "./sun.ts";
import { toldSky } from "./told-sky.ts";

const near = (found: number | undefined, wanted: number, by: number): void =>
  assert.ok(found !== undefined && Math.abs(found - wanted) <= by, `${found}, wanted ${wanted} ± ${by}`);
/** Six steps of 4 h a day. */
const DAY = [0, 200, 900, 1_000, 300, 0];
const days = (skies: readonly number[], shape = DAY): number[] =>
  skies.flatMap((sky) => shape.map((watts) => watts * sky));
const PER_DAY = { perDay: 6, hours: 4 };
/** The band of tomorrow's fourth step, when today's last step is over. */
const noon = (bands: readonly Band[]): Band | undefined => bands[3];

describe("the sun ahead", () => {
  test("is what this array gives at that hour, shade included, under a usual sky", () => {
    const shaded = days([0.9, 0.95, 0.92, 0.94, 0.9], [0, 200, 300, 1_000, 300, 0]);
    const bands = sunBands({ values: shaded, now: 29, ...PER_DAY }, 36);
    near(bands[3]?.mid, 922, 25);
    near(bands[2]?.mid, 277, 10);
    assert.equal(bands[0]?.mid, 0);
  });
  test("is less certain where days differ", () => {
    const calm = noon(sunBands({ values: days([0.9, 0.95, 0.92, 0.94]), now: 23, ...PER_DAY }, 30));
    const wild = noon(sunBands({ values: days([0.9, 0.15, 0.92, 0.2]), now: 23, ...PER_DAY }, 30));
    const width = (band: Band | undefined): number => (band?.high ?? 0) - (band?.low ?? 0);
    assert.ok(width(wild) > 1.5 * width(calm), `${width(wild)} against ${width(calm)}`);
  });
  test("is darker after a dark morning, and tomorrow less so", () => {
    const values = [...days([0.9, 0.95, 0.92, 0.94]), ...DAY.slice(0, 3).map((watts) => watts * 0.3)];
    const bands = sunBands({ values, now: 26, ...PER_DAY }, 36);
    const [today, tomorrow] = [bands[0]?.mid ?? 0, bands[6]?.mid ?? 0];
    assert.ok(today < 780 && today > 300, `${today}`);
    assert.ok(tomorrow > today && tomorrow < 900, `${tomorrow}`);
  });
  test("is not misled by what was not measured", () => {
    const whole = days([0.9, 0.6, 0.92, 0.7]);
    const without = (gap: number | undefined) => {
      const values = whole.map((watts, at) => (at === 14 || at === 15 ? gap : watts));
      return noon(sunBands({ values, now: 23, ...PER_DAY }, 30))?.mid ?? 0;
    };
    near(without(undefined), noon(sunBands({ values: whole, now: 23, ...PER_DAY }, 30))?.mid ?? 0, 110);
    assert.ok(without(0) < without(undefined) - 60, `${without(0)} ${without(undefined)}`);
  });
  test("without history is told by rating and place, within wide bounds", () => {
    const clear = (step: number): number => DAY[step % 6] ?? 0;
    const band = noon(sunBands({ values: [], now: -1, clear, ...PER_DAY }, 6));
    near(band?.mid, 0.9 * 0.6 * 1_000, 1);
    assert.ok((band?.high ?? 0) > 1.5 * (band?.mid ?? 0) && (band?.low ?? 0) < 0.5 * (band?.mid ?? 0));
  });
  test("is drawn to what a weather service tells, and surer by it; tomorrow more than the next hours", () => {
    const values = [...days([0.9, 0.3, 0.92, 0.35]), ...DAY.slice(0, 3)];
    const past = { values, now: 26, ...PER_DAY };
    const own = sunBands(past, 36);
    const dark = sunBands({ ...past, told: () => 0.2 }, 36);
    const drop = (at: number): number => 1 - (dark[at]?.mid ?? 0) / (own[at]?.mid ?? 1);
    assert.ok(drop(6) > 0.4 && drop(0) > 0 && drop(0) < drop(6), `${drop(0)} ${drop(6)}`);
    const width = (band: Band | undefined): number => (band?.high ?? 0) - (band?.low ?? 0);
    assert.ok(width(dark[6]) < 0.8 * width(own[6]), `${width(dark[6])} of ${width(own[6])}`);
    assert.deepEqual(sunBands({ ...past, told: () => undefined }, 36), own);
  });
  test("grows towards summer with the clear sky, dust stays", () => {
    const season = (step: number): number => (DAY[step % 6] ?? 0) * (1 + step / 60);
    const values = Array.from({ length: 60 }, (_, step) => 0.7 * season(step));
    const bands = sunBands({ values, now: 59, clear: season, ...PER_DAY }, 66);
    near(noon(bands)?.mid, 0.7 * season(63), 130);
  });
});

describe("a clear sky by rating and place", () => {
  const array = { rating: 10_000, azimuth: 180, tilt: 30 };
  const valley = { latitude: 41.4, longitude: 2.2 };
  const at = (text: string): number => clearSky(array, valley, epoch(Date.parse(text)));
  test("is nothing at night, most at noon, and more in summer", () => {
    assert.equal(at("2026-06-21T00:30:00Z"), 0);
    const [winter, summer] = [at("2026-12-21T11:50:00Z"), at("2026-06-21T11:50:00Z")];
    assert.ok(winter > 4_500 && summer > winter && summer <= 10_000, `${winter} ${summer}`);
    assert.ok(at("2026-06-21T07:00:00Z") < summer);
  });
});

describe("the sky that a weather service tells", () => {
  const place = { latitude: 41.4, longitude: 2.2 };
  const noonAt = epoch(Date.parse("2026-06-21T11:00:00Z"));
  const level = clearIrradiance({ azimuth: 180, tilt: 0 }, place, epoch(noonAt + 1_800_000));
  const told = (irradiance: number, hoursLater = 0) => ({
    at: epoch(noonAt + hoursLater * 3_600_000),
    irradiance,
  });
  test("is its irradiance against a clear sky's, within what can be", () => {
    const hours = [told(0.4 * level), told(1.9 * level, 1), told(-30, 2)];
    const [now, next, then, later] = toldSky(hours, place, { from: noonAt, steps: 4 });
    near(now, 0.4, 1e-9);
    assert.deepEqual([next, then, later], [1.2, 0, undefined]);
  });
  test("says nothing of the night", () => {
    const from = epoch(noonAt + 11 * 3_600_000);
    assert.deepEqual(toldSky([told(45, 11)], place, { from, steps: 1 }), [undefined]);
  });
});

describe("the load ahead", () => {
  const values = [100, 400, 120, 380, 90, 430].flatMap((watts, at) => (at % 2 ? [watts, 70] : [watts, 55]));
  test("is a mean of the same hour in which newer days count more", () => {
    const bands = loadBands({ values: [100, 40, 200, 60], now: 3, perDay: 2 }, 6);
    near(bands[0]?.mid, (200 + 0.85 * 100) / 1.85, 0.01);
  });
  test("is told by days of its own kind", () => {
    const kind = (step: number): string => (Math.floor(step / 2) % 2 ? "free" : "working");
    const [working] = loadBands({ values, now: 11, perDay: 2, kind }, 13);
    const [alike] = loadBands({ values, now: 11, perDay: 2 }, 13);
    assert.ok((working?.mid ?? 999) < 180 && (alike?.mid ?? 0) > 220, `${working?.mid} ${alike?.mid}`);
  });
  test("without history is its usual power, within wide bounds", () => {
    const [band] = loadBands({ values: [], now: -1, perDay: 4, usual: 300 }, 1);
    near(band?.mid, 340, 20);
    assert.ok((band?.low ?? 300) < 100 && (band?.high ?? 300) > 600);
  });
});

describe("the grid ahead", () => {
  test("goes when it usually goes", () => {
    const there = [1, 1, 0.1, 1, 1, 1, 0, 1, 1, 1, 0.2, 1];
    const chances = gridChances({ values: there, now: 11, perDay: 4, hours: 6 }, 16);
    assert.ok((chances[2] ?? 1) < 0.4 && (chances[0] ?? 0) > 0.95, chances.join(" "));
  });
  test("comes back sooner where outages are short", () => {
    const away = (before: readonly number[]): number =>
      gridChances(
        { values: [...before, 0], now: before.length, perDay: 24, hours: 1 },
        before.length + 3,
      )[1] ?? 0;
    assert.ok(away([1, 0, 1, 0, 1]) > away([0, 0, 0, 0, 0]));
  });
});

describe("how good a forecast was", () => {
  test("is its mean distance, its bias and how often it kept its bounds", () => {
    const band = { low: 40, mid: 60, high: 90 };
    const error = [70, 95, 52].reduce<ReturnType<typeof judged> | undefined>(
      (before, real) => judged(before, band, real),
      undefined,
    );
    assert.equal(error?.count, 3);
    near(error?.mae, (10 + 35 + 8) / 3, 1e-9);
    near(error?.bias, (10 + 35 - 8) / 3, 1e-9);
    near(error?.coverage, 2 / 3, 1e-9);
  });
  test("of chances is how often the likelier came, their square distance and their bias", () => {
    const hours = [
      [0.9, 1],
      [0.7, 0.2],
      [0.3, 0],
      [0.4, 0.9],
    ] as const;
    const error = hours.reduce<ReturnType<typeof judgedChance> | undefined>(
      (before, [chance, real]) => judgedChance(before, chance, real),
      undefined,
    );
    assert.equal(error?.count, 4);
    near(error?.hits, 2 / 4, 1e-9);
    near(error?.brier, (0.01 + 0.25 + 0.09 + 0.25) / 4, 1e-9);
    near(error?.bias, (0.1 - 0.5 - 0.3 + 0.5) / 4, 1e-9);
  });
});

test("means and quantiles weigh", () => {
  const all = [
    { value: 30, weight: 2 },
    { value: 90, weight: 4 },
    { value: 60, weight: 2 },
  ];
  near(meanOf(all), 67.5, 1e-9);
  // Places 0.125 (30), 0.375 (60), 0.75 (90).
  near(quantileOf(all, 0.25), 45, 1e-9);
  near(quantileOf(all, 0.9), 90, 1e-9);
});
