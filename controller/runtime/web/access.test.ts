// Every route of the API × everybody who may ask: who is let in, who is sent away. A route without a row fails.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { figure } from "../../../tests/tools/figure.ts";
import { makeToken } from "../people/changes.ts";
import { joined, testDesk } from "../people/desk-fixture.ts";
import { askerOf, invite, isRefusal, joinAsScreen } from "../people/people.ts";
import { testClock } from "./garden-fixture.ts";
import { type Garden, startGarden } from "./garden-web-fixture.ts";

const ASKERS = [
  "nobody",
  "screen",
  "viewer",
  "member",
  "technician",
  "admin",
  "read-token",
  "request-token",
  "flow-token",
] as const;
type Asker = (typeof ASKERS)[number];

/** Who passes the gate; others get 401 (nobody) or 403. The tokens are a technician's. */
const all = (...names: Asker[]): ReadonlySet<Asker> => new Set(names);
const OPEN = new Set(ASKERS);
const READERS = all("screen", "viewer", "member", "technician", "admin", "read-token");
const OWN = all("viewer", "member", "technician", "admin");
const ADMIN = all("admin");
const DECIDERS = all("technician", "admin");
const FLOWS = all("technician", "admin", "flow-token");
const ASKERS_OF_JOBS = all("member", "technician", "admin", "request-token");
const ROWS: Readonly<Record<string, ReadonlySet<Asker>>> = {
  "get /api/v1/site": READERS,
  "get /api/v1/state": READERS,
  "get /api/v1/alarms": READERS,
  "get /api/v1/devices": READERS,
  "get /api/v1/buses": READERS,
  "get /api/v1/decisions": READERS,
  "get /api/v1/history": READERS,
  "get /api/v1/history/periods": READERS,
  "get /api/v1/history/decisions": READERS,
  "get /api/v1/journal": all("technician", "admin", "read-token"),
  "get /api/v1/processes": all("technician", "admin", "read-token"),
  "get /api/v1/plan": READERS,
  "get /api/v1/health": READERS,
  "get /api/v1/yields": READERS,
  "get /api/v1/jobs": READERS,
  "post /api/v1/jobs": ASKERS_OF_JOBS,
  "post /api/v1/jobs/:id/alternative": ASKERS_OF_JOBS,
  "delete /api/v1/jobs/:id": ASKERS_OF_JOBS,
  "post /api/v1/jobs/:id/confirm": all("member", "technician", "admin"),
  "get /api/v1/trainings": READERS,
  "post /api/v1/trainings": all("member", "technician", "admin"),
  "delete /api/v1/trainings/:id": all("member", "technician", "admin"),
  "get /api/v1/contests": READERS,
  "post /api/v1/contests": all("member", "technician", "admin"),
  "post /api/v1/contests/:id/ruling": ADMIN,
  "get /api/v1/agreements": READERS,
  "post /api/v1/agreements": DECIDERS,
  "post /api/v1/agreements/:id/consent": DECIDERS,
  "delete /api/v1/agreements/:id": DECIDERS,
  "post /api/v1/emergency": ADMIN,
  "post /api/v1/machines/:id/oops": ASKERS_OF_JOBS,
  "delete /api/v1/machines/:id/oops": all("technician", "admin", "request-token"),
  "post /api/v1/machines/:id/cared": all("technician", "admin", "request-token"),
  "get /api/v1/flows": all("technician", "admin", "read-token"),
  "post /api/v1/flows/jobs": FLOWS,
  "delete /api/v1/flows/jobs/:id": FLOWS,
  "post /api/v1/flows/notes": FLOWS,
  "post /api/v1/flows/requests": FLOWS,
  "post /api/v1/flows/beat": FLOWS,
  "post /api/v1/flows/restore": DECIDERS,
  "get /api/v1/doctor": all("technician", "admin", "read-token"),
  "get /api/v1/flows/trials": all("technician", "admin", "read-token"),
  "get /api/v1/flows/trials/:id": all("technician", "admin", "read-token"),
  "post /api/v1/flows/trials": DECIDERS,
  "delete /api/v1/flows/trials/:id": DECIDERS,
  "get /api/v1/flows/versions/:n/compare": all("technician", "admin", "read-token"),
  "post /api/v1/flows/tried": FLOWS,
  "get /api/v1/alerts": all("technician", "admin", "read-token"),
  "post /api/v1/alerts/:id/test": all("technician", "admin", "request-token"),
  "get /api/v1/ledger": READERS,
  "get /api/v1/ledger/members/:member/statement.pdf": READERS,
  "get /api/v1/ledger/members/:member/today": READERS,
  "get /api/v1/ledger/year": READERS,
  "get /api/v1/ledger/year.pdf": READERS,
  "get /api/v1/ledger/year.csv": READERS,
  "get /api/v1/ledger/month.csv": all("technician", "admin", "read-token"),
  "get /api/v1/ledger/offs.csv": all("technician", "admin", "read-token"),
  "get /api/v1/ledger/photos/:hash": READERS,
  "get /api/v1/ledger/quarters.csv": all("technician", "admin", "read-token"),
  "post /api/v1/ledger/readings": all("technician", "admin", "request-token"),
  "get /api/v1/events": READERS,
  "get /api/v1/openapi.json": OPEN,
  "get /api/v1/me": OPEN,
  "post /api/v1/session": OPEN,
  "post /api/v1/join": OPEN,
  "post /api/v1/demo-role": OPEN,
  "delete /api/v1/session": OWN,
  "post /api/v1/requests": all("member", "technician", "admin", "request-token"),
  "get /api/v1/audit": all("member", "technician", "admin", "read-token"),
  "get /api/v1/accounts": ADMIN,
  "put /api/v1/accounts/:id": ADMIN,
  "delete /api/v1/accounts/:id": ADMIN,
  "get /api/v1/invites": ADMIN,
  "post /api/v1/invites": ADMIN,
  "delete /api/v1/invites/:id": ADMIN,
  "get /api/v1/tokens": all("screen", ...OWN),
  "post /api/v1/tokens": OWN,
  "delete /api/v1/tokens/:id": OWN,
  "get /api/v1/me/push": all("screen", ...OWN),
  "put /api/v1/me/push": OWN,
  "delete /api/v1/me/push/:id": OWN,
  "get /api/v1/sessions": all("screen", ...OWN),
  "delete /api/v1/sessions": OWN,
  "delete /api/v1/sessions/:id": OWN,
  "get /api/v1/screens": ADMIN,
  "delete /api/v1/screens/:id": ADMIN,
  "post /api/v1/accounts/:id/reset": ADMIN,
  "post /api/v1/reset": OPEN,
  "get /api/v1/me/second": all("screen", ...OWN),
  "post /api/v1/me/second": OWN,
  "put /api/v1/me/second": OWN,
  "post /api/v1/me/second/off": OWN,
  "get /api/v1/second-rule": ADMIN,
  "put /api/v1/second-rule": ADMIN,
  "delete /api/v1/accounts/:id/second": ADMIN,
  "put /api/v1/me/password": OWN,
  "get /api/v1/me/export": all("screen", ...OWN),
  "delete /api/v1/me": OWN,
};

const io = testClock();
const { desk, deeds } = testDesk(io, ["anna"]);
let garden: Garden;
const headersOf = new Map<Asker, Record<string, string>>([["nobody", {}]]);

before(async () => {
  garden = await startGarden({ io, desk, demo: false });
  const as = (asker: Asker, secret: string) =>
    headersOf.set(asker, { cookie: `gridwright-session=${secret}` });
  for (const role of ["admin", "viewer", "member", "technician"] as const) as(role, await joined(desk, role));
  const screen = await invite(desk, "person-1", { role: "viewer", screen: true });
  const opened = isRefusal(screen) ? screen : await joinAsScreen(desk, screen.secret);
  assert.ok(!isRefusal(opened));
  as("screen", opened.secret);
  const session = headersOf.get("technician")?.cookie?.split("=")[1] ?? "";
  const owner = askerOf(desk, { session })?.person.id ?? "";
  for (const scope of ["read", "request", "flow"] as const) {
    const token = await makeToken(desk, owner, { name: scope, scopes: [scope], days: 3 });
    assert.ok(!isRefusal(token));
    headersOf.set(`${scope}-token`, { authorization: `Bearer ${token.secret}` });
  }
});
after(() => garden.close());

/** What stands outside the API: the page with its door, and numbers for who may read. */
const OUTSIDE = ["get /", "get /metrics"];
const DESCRIPTION = / \/api\/docs/;

test("access: outside the API there is the page, the description and the metrics", () => {
  const routes = garden.routes.filter(
    (route) => !route.startsWith("head ") && !route.includes(" /api/v1/") && !DESCRIPTION.test(route),
  );
  assert.deepEqual([...routes].sort(), OUTSIDE);
});

/** Asks with a body that no route takes, so that whoever passes the gate changes nothing. */
async function statusFor(route: string, asker: Asker): Promise<number> {
  const [method = "", path = ""] = route.split(" ");
  const writes = method === "post" || method === "put";
  const stop = new AbortController();
  const answer = await garden.get(path.replace(":id", "person-zz").replace("/events", "/events?after=x"), {
    method: method.toUpperCase(),
    signal: stop.signal,
    headers: { ...headersOf.get(asker), ...(writes && { "content-type": "application/json" }) },
    ...(writes && { body: '{"nothing":"like it"}' }),
  });
  stop.abort();
  return answer.status;
}

test("access: every route has a row, and every row a route", () => {
  const routes = garden.routes.filter((route) => /^(?!head).* \/api\/v1\//.test(route));
  assert.deepEqual([...routes].sort(), Object.keys(ROWS).sort());
});

/** Those that would really end or erase something for whoever passes. */
const LAST = ["delete /api/v1/session", "delete /api/v1/sessions", "delete /api/v1/me"];
const met = { passed: 0, stopped: 0 };
for (const route of [...Object.keys(ROWS).filter((one) => !LAST.includes(one)), ...LAST])
  test(`access: ${route}`, async () => {
    for (const asker of ASKERS) {
      const passes = ROWS[route]?.has(asker) ?? false;
      const status = await statusFor(route, asker);
      const stopped = status === 403 || (status === 401 && asker === "nobody");
      const open = ROWS[route] === OPEN;
      if (route === "post /api/v1/demo-role") assert.equal(status, 400, asker);
      else if (!passes) assert.equal(status, asker === "nobody" ? 401 : 403, `${asker}: ${status}`);
      else assert.ok(open || !stopped, `${asker}: ${status}`);
      met[passes ? "passed" : "stopped"] += 1;
    }
  });

test("access: what was refused is audited, by id", () => {
  const refused = deeds.filter(({ did }) => did === "refused");
  assert.ok(refused.some(({ about }) => about?.route === "/api/v1/requests"));
  assert.ok(
    refused.every(({ who }) => /^(person-|screen)/.test(who)),
    "nobody unknown fills the audit",
  );
  figure("R7", { routes: Object.keys(ROWS).length, askers: ASKERS.length, ...met });
});

const foreign: [string, Record<string, string>][] = [
  ["another site", { origin: "http://evil.example" }],
  ["this host at another port", { origin: "http://127.0.0.1:9" }],
  ["a sandboxed frame", { origin: "null" }],
  ["a browser that names the site alone", { "sec-fetch-site": "cross-site" }],
  ["a sibling of this site", { "sec-fetch-site": "same-site" }],
];
for (const [sentence, headers] of foreign)
  test(`access: a change that comes from ${sentence} is refused, also before sign-in`, async () => {
    for (const path of ["/api/v1/session", "/api/v1/join", "/api/v1/reset", "/api/v1/tokens"]) {
      const answer = await garden.get(path, {
        method: "POST",
        headers: { ...headersOf.get("admin"), ...headers, "content-type": "application/json" },
        body: "{}",
      });
      assert.equal(answer.status, 403, path);
    }
  });

test("access: in the demo nobody signs in, and everybody may take any role", async () => {
  const demo = await startGarden({ demo: true });
  const me = async (cookie = "") =>
    JSON.parse(await (await demo.get("/api/v1/me", { headers: { cookie } })).text()).person;
  assert.deepEqual(await me(), {
    ...{ id: "demo-member", name: "House of figs", role: "member", member: "anna", via: "demo" },
  });
  const chosen = await demo.get("/api/v1/demo-role", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"role":"technician"}',
  });
  const cookie = chosen.headers.get("set-cookie") ?? "";
  assert.match(cookie, /^gridwright-demo-role=technician; .*HttpOnly; SameSite=Strict$/);
  assert.equal((await me(cookie)).role, "technician");
  assert.equal((await me("gridwright-demo-role=king")).role, "member");
  await demo.close();
});

test("access: a site that is no demo takes no role from a cookie, and offers none", async () => {
  const cookie = "gridwright-demo-role=admin";
  assert.equal((await garden.get("/api/v1/state", { headers: { cookie } })).status, 401);
  const answer = await garden.get("/api/v1/demo-role", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"role":"admin"}',
  });
  assert.equal(answer.status, 403);
});
