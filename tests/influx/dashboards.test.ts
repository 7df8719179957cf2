// Every question that a dashboard or an alert asks, put to a real InfluxDB that was filled from a journal of the village:
// each must have an answer, and one that makes sense. A dashboard that shows nothing looks like a quiet village.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { ChannelSample } from "@gridwright/runtime/recorder/decode.ts";
import { ofInfluxql } from "../panel/grafana-frames.ts";
import { needs } from "../tools/needs.ts";
import { assertFlow } from "./flow-answered.ts";
import { type Influxd, prepareInfluxd } from "./influxd.ts";
import { ask as askOf, CHOICES, CHOSEN, filledFor, QUESTIONS, type Series, said } from "./questions.ts";
import { DATABASE, fillFromVillage, risen, worked } from "./village-filled.ts";
import { BEGIN, END, VILLAGE } from "./village-journal.ts";
import { jobWh } from "./workshop-told.ts";

const filled = (query: string): string =>
  filledFor(query, { from: BEGIN, to: END, interval: "1m", period: "1h" });
const ask = (url: string, query: string): Promise<readonly Series[]> =>
  askOf({ url, database: DATABASE }, query);
const tagsIn = (alias: string): string[] => [...alias.matchAll(/\$tag_(\w+)/g)].map(([, tag = ""]) => tag);

const CONSUMERS = ["load", "machine", "ev"];
const specOf = (asset: string) => VILLAGE.assets[asset]?.spec;

/** Minutes of each tier at whose end a switch was off, reckoned from the journal alone. */
function darkMinutes(held: readonly ChannelSample[]): Record<string, number> {
  const minutes: Record<string, number> = {};
  const switches = held.filter(
    ({ channel }) => channel.point === "switch" && CONSUMERS.includes(specOf(channel.asset)?.kind ?? ""),
  );
  for (const [asset, samples] of Map.groupBy(switches, ({ channel }) => channel.asset)) {
    const spec = specOf(asset);
    const tier = spec !== undefined && "tier" in spec ? String(spec.tier) : "";
    minutes[tier] ??= 0;
    for (let end = BEGIN + 60_000; end <= END + 60_000; end += 60_000) {
      const told = samples.findLast(({ t, value }) => t < end && value !== null);
      if (told !== undefined) minutes[tier] += 1 - Number(told.value);
    }
  }
  return minutes;
}

const valuesOf = (series: readonly Series[]): number[] =>
  series.flatMap(({ values }) => values.map(([, value]) => Number(value)));
const questionOf = (beginning: string): string =>
  filled(QUESTIONS.find(([sentence]) => sentence.startsWith(beginning))?.[1] ?? "");

describe("a village in InfluxDB", { skip: needs("influxdb"), timeout: 400_000 }, () => {
  const dir = mkdtempSync(join(tmpdir(), "gridwright-dashboards-"));
  let influxd: Influxd;
  let held: readonly ChannelSample[] = [];
  before(async () => {
    influxd = await prepareInfluxd(join(dir, "influxd"));
    await influxd.start();
    held = await fillFromVillage(influxd.url, dir);
  });
  after(async () => {
    await influxd.stop();
    rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
  });

  for (const [sentence, query, alias] of QUESTIONS)
    test(`${sentence} has an answer`, async () => {
      const series = await ask(influxd.url, filled(query));
      assert.ok(said(series) > 0, query);
      for (const tag of tagsIn(alias))
        assert.ok(
          series.every(({ tags = {} }) => tag in tags),
          `${tag}: ${query}`,
        );
    });

  for (const [name, query] of CHOICES)
    test(`the variable ${name} offers the village's value: ${query}`, async () => {
      const values = (await ask(influxd.url, query)).flatMap((series) => series.values);
      assert.ok(
        values.some((row) => row.includes(CHOSEN[`$${name}`] ?? "")),
        JSON.stringify(values),
      );
    });

  test("minutes without supply by need are those of the journal", async () => {
    const series = await ask(influxd.url, questionOf("Loads and fairness: Minutes without supply by need"));
    const answered: Record<string, number> = {};
    for (const { tags, values } of series)
      answered[tags?.tier ?? ""] = (answered[tags?.tier ?? ""] ?? 0) + Number(values[0]?.[1]);
    assert.deepEqual(answered, darkMinutes(held));
    assert.ok(Object.values(answered).filter((minutes) => minutes > 0).length > 1, JSON.stringify(answered));
  });
  test("what was consumed is what the counter rose", async () => {
    const [consumed = 0] = valuesOf(await ask(influxd.url, questionOf("Energy: Today B")));
    assert.ok(consumed > 0.5);
    assert.ok(
      Math.abs(consumed * 1_000 - risen(held, "village/energy_import", BEGIN + 300_000)) < 0.5,
      String(consumed),
    );
  });
  test("self-sufficiency is a share", async () => {
    const shares = valuesOf(await ask(influxd.url, questionOf("Energy: Self-sufficiency")));
    assert.ok(shares.length > 1 && shares.every((share) => share >= 0 && share <= 1), shares.join(" "));
  });

  test("machines worked as long and began as often as the journal says", async () => {
    const of = async (panel: string) =>
      Object.fromEntries(
        (await ask(influxd.url, questionOf(`Machines: ${panel}`))).map(({ tags, values }) => [
          tags?.asset ?? "",
          Number(values[0]?.[1]),
        ]),
      );
    const [hours, starts] = [await of("Hours of work"), await of("Starts")];
    const expected = Object.entries(worked(held));
    assert.ok(expected.some(([, { minutes, starts: begun }]) => minutes > 3 && begun > 0));
    for (const [asset, { minutes, starts: begun }] of expected) {
      assert.ok(Math.abs((hours[asset] ?? 0) * 60 - minutes) <= 1, `${asset}: ${hours[asset]} ${minutes}`);
      assert.ok(Math.abs((starts[asset] ?? 0) - begun) <= 1, `${asset}: ${starts[asset]} ${begun}`);
    }
  });

  test("jobs took what the queue told of them, three fifths of it from the sun", async () => {
    const of = async (query: string) =>
      valuesOf(await ask(influxd.url, questionOf(`Workshop: Energy of all jobs ${query}`)))[0] ?? 0;
    const told = jobWh(BEGIN, END) / 1_000;
    assert.ok(told > 0.3 && Math.abs((await of("A")) - told) < 1e-6, `${await of("A")} ${told}`);
    assert.ok(Math.abs((await of("B")) - 0.6 * told) < 1e-6);
  });

  test("the panel of the flow shows what the journal says", async () =>
    assertFlow(ofInfluxql(await ask(influxd.url, questionOf("Village now: Flow A"))), held));

  test("no query is left with a variable", () => {
    const left = QUESTIONS.map(([, query]) => filled(query).replaceAll("$/", "")).filter((query) =>
      query.includes("$"),
    );
    assert.deepEqual(left, []);
  });
});
