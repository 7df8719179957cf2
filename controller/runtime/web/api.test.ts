// The API explains itself: its description names every route, answers are as it says, and its page asks nobody else.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as answers from "@gridwright/contract/api-answers.ts";
import * as past from "@gridwright/contract/api-past.ts";
import { PlanAnswer } from "@gridwright/contract/api-plan.ts";
import { topics } from "@gridwright/contract/messages.ts";
import { epoch } from "@gridwright/contract/units.ts";
import type { z } from "zod";
import { PLANT_TIME, statusOf, tickOf } from "./garden-fixture.ts";
import { type Garden, startGarden } from "./garden-web-fixture.ts";

let garden: Garden;
before(async () => {
  garden = await startGarden();
  const at = topics("garden");
  garden.bus.say(at.tick, tickOf({ assets: { kettle: statusOf() }, devices: { bank: DEVICE } }));
  garden.bus.say(at.alarm, { event: "raised", alarm: ALARM });
  garden.bus.say(at.process, PROCESS);
  garden.bus.say(at.buses, { t: PLANT_TIME, buses: { line: BUS } });
  garden.bus.say(at.buses, { t: PLANT_TIME, buses: { line: { up: "yes" } } });
});
after(() => garden.close());

const DEVICE = {
  quality: "late",
  ageMs: 4_300,
  errors: 3,
  lastError: "timeout",
  breaker: "half-open",
} as const;
const ALARM = {
  id: "device-lost/bank",
  severity: "warning",
  reason: { code: "normal", params: {} },
  raisedAt: epoch(PLANT_TIME - 9_000),
};
const BUS = {
  up: true,
  requests: 431,
  timeouts: 7,
  strays: 2,
  connections: 3,
  utilisation: 0.37,
  latency: { p50: 11, p95: 23, p99: 41 },
  units: { bank: { breaker: "half-open", errors: 3, lastError: "timeout" } },
};

const PROCESS = {
  ...{ t: PLANT_TIME, ticks: 5_317, memoryBytes: 91_000_000, diskWrittenBytes: 47_000 },
  ...{ latenessMs: { p50: 3, p99: 17, max: 260 }, tickMs: { p50: 2, p99: 9, max: 41 } },
  journal: { writtenBytes: 31_000, queuedBytes: 370, merged: 4, refused: 6, failing: false },
};

const described: [string, z.ZodType][] = [
  ["site", answers.SiteAnswer],
  ["state", answers.StateAnswer],
  ["alarms", answers.AlarmsAnswer],
  ["devices", answers.DevicesAnswer],
  ["buses", answers.BusesAnswer],
  ["decisions?limit=7", answers.DecisionsAnswer],
  ["history?channel=battery/soc&from=5000&to=9000", answers.HistoryAnswer],
  ["history/periods?channel=battery/soc&from=5000&to=9000&unit=month", answers.PeriodsAnswer],
  ["history/decisions", past.PastDecisionsAnswer],
  ["health", answers.HealthAnswer],
  ["plan", PlanAnswer],
  ["history?channel=battery/soc", answers.Problem],
];
for (const [path, schema] of described)
  test(`described: /${path} answers as its schema says, and with something in it`, async () => {
    const text = await (await garden.get(`/api/v1/${path}`)).text();
    schema.parse(JSON.parse(text));
    assert.ok(text.length > 60, text);
  });

const asTechnician = async (path: string) => {
  const headers = { cookie: "gridwright-demo-role=technician" };
  return JSON.parse(await (await garden.get(`/api/v1/${path}`, { headers })).text());
};

test("described: the journal without what is mere renewal, and the processes", async () => {
  const { records } = past.JournalAnswer.parse(await asTechnician("journal"));
  assert.deepEqual(
    records.map(({ k }) => k),
    ["lease", "decision", "decision"],
  );
  const { control, writtenPerDay } = past.ProcessesAnswer.parse(await asTechnician("processes"));
  assert.equal(control?.ticks, 5_317);
  assert.deepEqual(writtenPerDay, { control: null, services: null });
});

const older: [string, string, readonly string[]][] = [
  ["all of them", "", ["kettle", "battery"]],
  ["of one asset", "asset=battery", ["battery"]],
  ["of what belongs to one house", "member=anna", ["kettle"]],
  ["of one kind of act", "act=given", []],
];
for (const [sentence, query, assets] of older)
  test(`described: older decisions, ${sentence}`, async () => {
    const answer = await garden.get(`/api/v1/history/decisions?${query}`);
    const { decisions, reachedTo } = JSON.parse(await answer.text());
    assert.deepEqual(
      decisions.map(({ asset }: { asset: string }) => asset),
      assets,
    );
    assert.equal(reachedTo, PLANT_TIME - 90_000);
  });

test("described: an answer to a request", async () => {
  const answer = await garden.post({ kind: "hold", asset: "kettle", why: "descaling" });
  answers.RequestAnswer.parse(JSON.parse(await answer.text()));
});

test("described: decisions of one asset", async () => {
  const of = async (asset: string) =>
    JSON.parse(await (await garden.get(`/api/v1/decisions?asset=${asset}`)).text());
  assert.equal((await of("kettle")).length, 1);
  assert.deepEqual(await of("battery"), []);
});

interface Description {
  readonly openapi: string;
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { summary?: string; responses?: object }>>>
  >;
}

test("described: every route under /api/v1 is in the description, with a sentence", async () => {
  const text = await (await garden.get("/api/v1/openapi.json")).text();
  const { openapi, paths }: Description = JSON.parse(text);
  assert.equal(openapi, "3.1.0");
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { summary }]) => ({ name: `${method} ${path}`, summary })),
  );
  for (const { name, summary } of routes) assert.ok((summary ?? "").length > 10, `${name} says nothing`);
  const names = routes.map(({ name }) => name);
  for (const route of garden.routes)
    if (/^(?!head).* \/api\/v1\//.test(route) && !route.includes("openapi.json"))
      assert.ok(names.includes(route.replace(/:(\w+)/g, "{$1}")), `${route} is not described`);
  assert.ok(names.length >= 10, names.join());
});

test("described: the page of the description loads nothing from elsewhere and lets nothing in", async () => {
  const page = await garden.get("/api/docs");
  const text = await page.text();
  assert.doesNotMatch(text, /(?:src|href)="(?:https?:)?\/\//);
  const policy = page.headers.get("content-security-policy") ?? "";
  assert.match(policy, /default-src 'none'.*script-src 'self'/);
  assert.doesNotMatch(policy, /unsafe|http/);
  const [, script = ""] = /src="([^"]*swagger-ui-bundle\.js)"/.exec(text) ?? [];
  assert.equal((await garden.get(new URL(script, "http://127.0.0.1/api/docs").pathname)).status, 200, script);
});
