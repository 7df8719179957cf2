// Every question that a dashboard or an alert asks of VictoriaMetrics, put to a real one that the writer filled from a journal
// of the village: each must have an answer, and the sums those that the journal gives.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { ALERTS } from "@gridwright/grafana/src/alerts.ts";
import { dashboard } from "@gridwright/grafana/src/dashboard.ts";
import { dashboardsIn } from "@gridwright/grafana/src/files.ts";
import type { panel } from "@gridwright/grafana/src/panel.ts";
import type { PromqlTarget } from "@gridwright/grafana/src/targets.ts";
import type { ChannelSample } from "@gridwright/runtime/recorder/decode.ts";
import { ofPromql } from "../panel/grafana-frames.ts";
import { needs } from "../tools/needs.ts";
import { assertFlow } from "./flow-answered.ts";
import type { Influxd } from "./influxd.ts";
import { prepareVictoria } from "./victoria.ts";
import { fillFromVillage, risen, worked } from "./village-filled.ts";
import { BEGIN, END } from "./village-journal.ts";

type Panel = ReturnType<typeof panel>;

/** What Grafana puts in the place of each variable. */
const VARIABLES: Readonly<Record<string, string>> = {
  $__interval: "1m",
  $__range: "2h",
  $site: "village",
  $main: "village",
  $period: "1h",
};
const filled = (expr: string): string =>
  Object.entries(VARIABLES).reduce((text, [name, value]) => text.replaceAll(name, value), expr);

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data?: { readonly result: readonly Result[] };
}
interface Result {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
}

async function ask(
  url: string,
  { expr, instant }: { expr: string; instant: boolean },
): Promise<readonly Result[]> {
  const query = filled(expr);
  const span = { start: String(BEGIN / 1_000), end: String(END / 1_000), step: "60" };
  const search = new URLSearchParams({ query, ...(instant ? { time: span.end } : span) });
  const answer = await fetch(`${url}/api/v1/query${instant ? "" : "_range"}?${search}`, {
    signal: AbortSignal.timeout(30_000),
  });
  const { status, error, data } = (await answer.json()) as Answer;
  assert.equal(status, "success", `${query}: ${error}`);
  return data?.result ?? [];
}

interface Question {
  readonly sentence: string;
  readonly expr: string;
  readonly instant: boolean;
  readonly legend: string;
}

const panelsOf = (spec: Parameters<typeof dashboard>[0]): Panel[] =>
  (dashboard(spec, { language: "en", tongue: "promql" }).panels ?? []) as Panel[];
const QUESTIONS: readonly Question[] = [
  ...dashboardsIn("promql").flatMap((spec) =>
    panelsOf(spec).flatMap(({ title, targets = [] }) =>
      (targets as PromqlTarget[]).map(({ refId, expr, instant, legendFormat }) => ({
        ...{ sentence: `${spec.title.en}: ${title} ${refId}`, expr, instant, legend: legendFormat },
      })),
    ),
  ),
  ...ALERTS.flatMap(({ uid, promql }) =>
    promql === undefined ? [] : [{ sentence: `the alert ${uid}`, expr: promql, instant: true, legend: "" }],
  ),
];
const labelsIn = (legend: string): string[] =>
  [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = ""]) => label);
const questionOf = (beginning: string): Question => {
  const found = QUESTIONS.find(({ sentence }) => sentence.startsWith(beginning));
  assert.ok(found, beginning);
  return found;
};

describe("a village in VictoriaMetrics", { skip: needs("victoria-metrics"), timeout: 400_000 }, () => {
  const dir = mkdtempSync(join(tmpdir(), "gridwright-promql-"));
  let victoria: Influxd;
  let held: readonly ChannelSample[] = [];
  before(async () => {
    victoria = await prepareVictoria(join(dir, "victoria"));
    await victoria.start();
    held = await fillFromVillage(victoria.url, dir);
    await fetch(`${victoria.url}/internal/force_flush`);
  });
  after(async () => {
    await victoria.stop();
    rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
  });

  for (const question of QUESTIONS)
    test(`${question.sentence} has an answer`, async () => {
      const results = await ask(victoria.url, question);
      assert.ok(results.length > 0, filled(question.expr));
      for (const label of labelsIn(question.legend))
        assert.ok(
          results.every(({ metric }) => label in metric),
          `${label}: ${filled(question.expr)}`,
        );
    });

  test("what was consumed is what the counter rose", async () => {
    const [result] = await ask(victoria.url, questionOf("Energy: Today B"));
    const kwh = Number(result?.value?.[1]);
    assert.ok(Math.abs(kwh * 1_000 - risen(held, "village/energy_import", BEGIN)) < 20, String(kwh));
  });

  test("machines worked as long and began as often as the journal says", async () => {
    const of = async (panel: string) =>
      Object.fromEntries(
        (await ask(victoria.url, questionOf(`Machines: ${panel}`))).map(({ metric, value }) => [
          metric.asset ?? "",
          Number(value?.[1]),
        ]),
      );
    const [hours, starts] = [await of("Hours of work"), await of("Starts")];
    for (const [asset, { minutes, starts: begun }] of Object.entries(worked(held))) {
      assert.ok(Math.abs((hours[asset] ?? 0) * 60 - minutes) <= 2, `${asset}: ${hours[asset]} ${minutes}`);
      assert.ok(Math.abs((starts[asset] ?? 0) - begun) <= 1, `${asset}: ${starts[asset]} ${begun}`);
    }
  });

  test("the panel of the flow shows what the journal says", async () => {
    const frames = await Promise.all(
      ["A", "A-time"].map(async (refId) =>
        ofPromql(refId, await ask(victoria.url, questionOf(`Village now: Flow ${refId}`))),
      ),
    );
    assertFlow(frames.flat(), held);
  });

  test("no text came to it", async () => {
    const names = await fetch(`${victoria.url}/api/v1/label/__name__/values`, {
      signal: AbortSignal.timeout(10_000),
    });
    const { data } = (await names.json()) as { data: string[] };
    assert.ok(
      data.includes("power_value") && data.every((name) => /^[a-z_]+_value$/.test(name)),
      data.join(" "),
    );
    assert.ok(data.every((name) => !/^(alarm|decision)/.test(name)));
  });

  test("no question is left with a variable", () =>
    assert.deepEqual(
      QUESTIONS.filter(({ expr }) => filled(expr).includes("$")),
      [],
    ));
});
