// A farm's history of sixty days, as the local history would give it: which hours are looked at, which count as held back, and when
// it is worked out anew.
import assert from "node:assert/strict";
import { test } from "node:test";
import { YieldsAnswer } from "@gridwright/contract/array-yield.ts";
import type { History, HistoryQuery, HistoryRow } from "@gridwright/contract/ports.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { clearPower } from "@gridwright/core/forecast/clear-sky.ts";
import { farm } from "@gridwright/core/plan/site/stores-fixture.ts";
import { createYields } from "./yields.ts";

const HOUR = 3_600_000;
const NOW = epoch(Date.UTC(2026, 5, 17, 10, 40));
const SINCE = Date.UTC(2026, 3, 18);
const MODEL = farm();
const roof = MODEL.assets.roof?.spec;

/** W of a roof of which a third went on 1 June, and which takes a nap when the battery is full. */
function roofW(t: number): number {
  if (roof?.kind !== "pv") throw new Error("the farm has no roof");
  const clear = clearPower(roof, { latitude: 40, longitude: 0 }, epoch(t + HOUR / 2));
  const cloudy = new Date(t).getUTCDate() % 3 === 0;
  const sky = cloudy ? [0.3, 0.75, 0.5, 0.9][new Date(t).getUTCHours() % 4] : 0.95;
  return clear * (sky ?? 1) * (t >= Date.UTC(2026, 5, 1) ? 2 / 3 : 1) * (isFull(t) ? 0.3 : 1);
}
const isFull = (t: number): boolean => new Date(t).getUTCHours() === 13;

function historyOf(asked: HistoryQuery[]): History {
  const rows = ({ channel, from, to }: HistoryQuery): HistoryRow[] => {
    const meanAt = (t: number): number | undefined =>
      ({ "roof/power": roofW(t), "battery/soc": isFull(t) ? 0.99 : 0.7 })[channel];
    return Array.from({ length: (to - from) / HOUR }, (_, at) => from + at * HOUR).flatMap((t) => {
      const mean = meanAt(t);
      return mean === undefined ? [] : [{ t: epoch(t), mean, min: mean, max: mean, count: 60 }];
    });
  };
  return {
    query: async (query) => {
      asked.push(query);
      return rows(query);
    },
    ...{ periods: async () => [], counts: async () => ({}), close: async () => undefined },
  };
}

test("sixty local days are looked at, and a lost string and sun that nobody took are told", async () => {
  const asked: HistoryQuery[] = [];
  const report = await createYields({ model: MODEL, history: historyOf(asked) }).report(NOW);
  assert.equal(report.since, SINCE);
  const power = asked.find(({ channel }) => channel === "roof/power");
  assert.deepEqual([power?.from, power?.to, power?.bucketMs], [SINCE, Date.UTC(2026, 5, 17, 10), HOUR]);
  YieldsAnswer.parse(JSON.parse(JSON.stringify(report)));
  const [array] = report.arrays;
  assert.deepEqual(array?.losses.map(({ kind }) => kind).sort(), ["curtailed", "string"]);
  const lost = array?.losses.find(({ kind }) => kind === "string");
  assert.match(String(lost?.why.params.day), /^2026-0(5-31|6-0[1-2])$/);
  assert.ok(Math.abs(Number(lost?.why.params.lossRatio) - 1 / 3) < 0.02, JSON.stringify(lost));
});

test("it is worked out once an hour, and again after the history failed", async () => {
  const asked: HistoryQuery[] = [];
  const history = historyOf(asked);
  let isThere = false;
  const yields = createYields({
    model: MODEL,
    history: {
      ...history,
      query: (query) => (isThere ? history.query(query) : Promise.reject(new Error("the history is busy"))),
    },
  });
  await assert.rejects(yields.report(NOW), { message: "the history is busy" });
  isThere = true;
  await yields.report(NOW);
  const once = asked.length;
  await yields.report(epoch(NOW + 0.9 * HOUR));
  assert.equal(asked.length, once);
  await yields.report(epoch(NOW + 1.1 * HOUR));
  assert.equal(asked.length, 2 * once);
});

test("a site whose place is not known is told so, and nothing is asked", async () => {
  const asked: HistoryQuery[] = [];
  const { latitude: _latitude, ...place } = MODEL.site.site;
  const model: SiteModel = { ...MODEL, site: { ...MODEL.site, site: place } };
  const report = await createYields({ model, history: historyOf(asked) }).report(NOW);
  assert.deepEqual([report.placed, report.arrays, asked], [false, [], []]);
});
