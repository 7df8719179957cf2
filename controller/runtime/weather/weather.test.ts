// What is told of the weather while a service answers, does not, and has not for long.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { epoch } from "@gridwright/contract/units.ts";
import type { ToldHour } from "@gridwright/core/forecast/told-sky.ts";
import { gardenModel, testClock } from "../web/garden-fixture.ts";
import { startWeather } from "./weather.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOON = epoch(Date.UTC(2026, 5, 21, 12));
const hour = (irradiance: number): readonly ToldHour[] => [{ at: NOON, irradiance }];

function garden(forecast: SiteModel["site"]["forecast"]): SiteModel {
  const model = gardenModel();
  const { site } = model;
  return { ...model, site: { ...site, forecast, site: { ...site.site, latitude: 41.4, longitude: 2.2 } } };
}
const CHOSEN = { weather: { kind: "open-meteo", url: "http://127.0.0.1:9" } } as const;

function begin(answers: () => readonly ToldHour[]) {
  const io = testClock();
  const said: string[] = [];
  let asked = 0;
  const weather = startWeather({
    ...{ model: garden(CHOSEN), io },
    log: {
      info: (what) => said.push(what),
      warn: (what) => said.push(what),
      error: (what) => said.push(what),
    },
    ask: async () => {
      asked += 1;
      return answers();
    },
  });
  return { io, weather, said, asked: () => asked, noon: () => weather.sky(NOON, 1)[0] };
}

test("a service is asked once an hour, and its newest answer holds", async () => {
  let sun = 240;
  const { io, weather, asked, noon } = begin(() => hour(sun));
  await io.move(0);
  const before = noon() ?? 0;
  assert.ok(before > 0.2 && before < 0.35, String(before));
  sun = 480;
  await io.move(50 * MINUTE);
  assert.deepEqual([asked(), noon()], [1, before]);
  await io.move(20 * MINUTE);
  assert.deepEqual([asked(), noon()], [2, 2 * before]);
  await weather.close();
});

test("while it does not answer what it told holds for eighteen hours; it is asked again sooner, and told of once", async () => {
  let isThere = true;
  const { io, weather, said, asked, noon } = begin(() => {
    if (!isThere) throw new Error("no line");
    return hour(350);
  });
  await io.move(0);
  isThere = false;
  await io.move(70 * MINUTE);
  const [then, times] = [noon(), asked()];
  assert.equal(weather.report()?.trouble, "no line");
  await io.move(30 * MINUTE);
  assert.ok(asked() > times);
  assert.equal(noon(), then);
  assert.deepEqual(said, ["no weather; the plan goes by the arrays' own past"]);
  await io.move(17 * HOUR);
  assert.equal(noon(), undefined);
  isThere = true;
  await io.move(20 * MINUTE);
  assert.equal(noon(), then);
  assert.equal(weather.report()?.trouble, undefined);
  assert.equal(said.at(-1), "the weather is told again");
  await weather.close();
});

test("a site that names no service asks nobody", async () => {
  const io = testClock();
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const weather = startWeather({
    ...{ model: garden({}), io, log: quiet },
    ask: () => assert.fail("nobody is asked"),
  });
  await io.move(2 * HOUR);
  assert.deepEqual([weather.sky(NOON, 2), weather.report()], [[undefined, undefined], undefined]);
  await weather.close();
});
