// The doors of trials, with trials that this test holds: what may be asked and by whom, what is refused, and that the same
// doors stand where the editor reaches them.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Trial, TrialAsk } from "@gridwright/contract/api-trials.ts";
import { openFlowsDoor } from "../flows/flows-door.ts";
import { keptVersionsIn } from "../flows/kept-versions.ts";
import type { Trials } from "../flows/trials.ts";
import { openWatchFile } from "../flows/watch-file.ts";
import { joined, testDesk } from "../people/desk-fixture.ts";
import { testClock } from "./garden-fixture.ts";
import { type Garden, startGarden } from "./garden-web-fixture.ts";

const TOKEN = "token-of-the-process-of-flows";
const DOORS = ["/api/v1/flows/trials", "/flows/gridwright/trials"] as const;
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const folder = mkdtempSync(join(tmpdir(), "gridwright-trials-routes-"));
const io = testClock();
const { desk } = testDesk(io, ["anna"]);
const cookies: Record<string, string> = {};
let garden: Garden;
let without: Garden;

const RUNS: Trial = {
  ...{ id: "trial-17", at: 17, by: "ana", hash: "h3", state: "running", progress: 0.2 },
  ...{ why: null, day: null, disabled: [], outcome: null, before: null, after: null },
};
/** What was begun, and whether another one runs. */
const begun: { readonly ask: TrialAsk; readonly by: string }[] = [];
let busy = false;
const trials: Trials = {
  list: () => [RUNS].map(({ before: _b, after: _a, ...head }) => head),
  one: (id) => (id === RUNS.id ? RUNS : undefined),
  async start(ask, by) {
    if (busy) return undefined;
    begun.push({ ask, by });
    return `trial-${begun.length}`;
  },
  cancel: (id) => id === RUNS.id,
  tried: (hash) => hash === "h3",
  close: async () => undefined,
};

before(async () => {
  const versionsDir = join(folder, "versions");
  mkdirSync(versionsDir);
  for (const [n, flows] of [
    [3, [{ id: "a", type: "tab", label: "one" }]],
    [4, [{ id: "a", type: "tab", label: "two" }]],
  ] as const)
    writeFileSync(
      join(versionsDir, `00000${n}.json`),
      JSON.stringify({ n, at: 1_760_000_000_000 + n, by: "eva", message: "a change", nodes: 1, flows }),
    );
  const flows = openFlowsDoor({
    place: { port: 9, token: TOKEN, key: "key-of-services" },
    ...{ io, log: quiet, note: desk.audit.note },
    ...{ versions: keptVersionsIn(versionsDir), file: openWatchFile(folder, quiet) },
    tell: () => Promise.reject(new Error("nobody is there")),
  });
  garden = await startGarden({ io, desk, demo: false, flows, trials });
  without = await startGarden({ io, desk, demo: false });
  for (const role of ["admin", "member", "technician"] as const)
    cookies[role] = `gridwright-session=${await joined(desk, role)}`;
  after(() => flows.close());
});
after(async () => {
  await garden?.close();
  await without?.close();
  rmSync(folder, { recursive: true });
});

interface Ask {
  readonly as?: string;
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}
const ask = (path: string, { as = "technician", method = "GET", body, headers }: Ask = {}, at = garden) =>
  at.get(path, {
    method,
    headers: {
      ...(cookies[as] !== undefined && { cookie: cookies[as] }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
const detail = async (response: Response): Promise<string> =>
  ((await response.json()) as { detail: string }).detail;
const FLOWS = [{ id: "n3", type: "inject", repeat: "60" }];

for (const door of DOORS)
  test(`${door}: a technician begins a trial, looks at it and cancels it`, async () => {
    const answer = await ask(door, { method: "POST", body: { flows: FLOWS, weather: "dull", hours: 3 } });
    assert.deepEqual([answer.status, await answer.json()], [200, { id: `trial-${begun.length}` }]);
    const { ask: asked, by } = begun.at(-1) ?? {};
    assert.deepEqual(asked, { flows: FLOWS, weather: "dull", fault: "none", hours: 3 });
    assert.match(by ?? "", /^person-/);
    const { trials: list } = (await (await ask(door)).json()) as { trials: object[] };
    assert.deepEqual([list.length, Object.hasOwn(list[0] ?? {}, "after")], [1, false]);
    assert.deepEqual(await (await ask(`${door}/trial-17`)).json(), RUNS);
    assert.equal((await ask(`${door}/trial-17`, { method: "DELETE" })).status, 204);
  });

for (const door of DOORS)
  test(`${door}: members and strangers neither begin nor see any`, async () => {
    const before_ = begun.length;
    for (const [as, status] of [
      ["member", 403],
      ["nobody", 401],
    ] as const) {
      assert.equal((await ask(door, { as })).status, status);
      assert.equal((await ask(`${door}/trial-17`, { as })).status, status);
      assert.equal((await ask(door, { as, method: "POST", body: { flows: FLOWS } })).status, status);
      assert.equal((await ask(`${door}/trial-17`, { as, method: "DELETE" })).status, status);
    }
    assert.equal(begun.length, before_);
  });

//  what is asked                         the body
const BAD: readonly (readonly [string, unknown])[] = [
  ["nothing", {}],
  ["flows that are no list", { flows: { id: "n3" } }],
  ["a node without a type", { flows: [{ id: "n3" }] }],
  [
    "more nodes than may be",
    { flows: Array.from({ length: 401 }, (_, n) => ({ id: `n${n}`, type: "tab" })) },
  ],
  ["a weather that is none", { flows: FLOWS, weather: "snow" }],
  ["a fault that is none", { flows: FLOWS, fault: "flood" }],
  ["no time at all", { flows: FLOWS, hours: 0 }],
  ["longer than a day", { flows: FLOWS, hours: 25 }],
  ["half an hour", { flows: FLOWS, hours: 0.5 }],
  ["what nobody knows", { flows: FLOWS, pace: 9 }],
];
// Each door lets ten be begun a minute: they are asked in turn.
for (const [place, [what, body]] of BAD.entries())
  test(`refused at the door: ${what}`, async () => {
    const before_ = begun.length;
    assert.equal((await ask(DOORS[place % 2] ?? "", { method: "POST", body })).status, 400);
    assert.equal(begun.length, before_);
  });

test("while one runs another is refused, and what is not there is told", async () => {
  busy = true;
  const answer = await ask(DOORS[0], { method: "POST", body: { flows: FLOWS } });
  busy = false;
  assert.deepEqual([answer.status, await detail(answer)], [409, "another trial runs"]);
  const none = await ask(`${DOORS[0]}/trial-8`);
  assert.deepEqual([none.status, await detail(none)], [404, "there is no such trial"]);
  assert.equal((await ask(`${DOORS[0]}/trial-8`, { method: "DELETE" })).status, 404);
});

test("where no flows run none are tried, and none are listed", async () => {
  const answer = await ask(DOORS[0], { method: "POST", body: { flows: FLOWS } }, without);
  assert.deepEqual([answer.status, await detail(answer)], [404, "no flows are tried here"]);
  assert.deepEqual(await (await ask(DOORS[0], {}, without)).json(), { trials: [] });
  assert.equal((await ask(DOORS[1], {}, without)).status, 404);
});

test("whether flows were tried the process of the flows alone may ask", async () => {
  const path = "/api/v1/flows/tried";
  const bearer = { authorization: `Bearer ${TOKEN}` };
  for (const [hash, tried] of [
    ["h3", true],
    ["h4", false],
  ] as const)
    assert.deepEqual(
      await (await ask(path, { as: "", method: "POST", body: { hash }, headers: bearer })).json(),
      { tried },
    );
  assert.equal((await ask(path, { as: "admin", method: "POST", body: { hash: "h3" } })).status, 403);
  assert.equal(
    (await ask(DOORS[0], { as: "", method: "POST", body: { flows: FLOWS }, headers: bearer })).status,
    403,
  );
});

test("what is other in a version is told, and of one that is not kept that it is not", async () => {
  const path = "/api/v1/flows/versions";
  const { changed } = (await (await ask(`${path}/4/compare?with=3`)).json()) as {
    changed: { changes: unknown[] }[];
  };
  assert.deepEqual(changed[0]?.changes, [{ key: "label", before: '"one"', after: '"two"' }]);
  assert.equal((await ask(`${path}/4/compare?with=7`)).status, 404);
  assert.equal((await ask(`${path}/4/compare?with=3`, { as: "member" })).status, 403);
});

test("a technician who begins trials without end has to wait", async () => {
  const statuses = await Promise.all(
    Array.from({ length: 12 }, () =>
      ask(DOORS[0], { method: "POST", body: { flows: FLOWS } }).then(({ status }) => status),
    ),
  );
  assert.ok(statuses.includes(429), statuses.join(" "));
});
