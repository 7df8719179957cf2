// The API as a client on loopback meets it: what it reads, what it is refused, and what a stream tells.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { topics } from "@gridwright/contract/messages.ts";
import type { HistoryPeriods, HistoryQuery } from "@gridwright/contract/ports.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { joined, testDesk } from "../people/desk-fixture.ts";
import {
  decisionOf,
  gardenModel,
  PLANT_TIME,
  snapshotOf,
  statusOf,
  testBus,
  testClock,
  tickOf,
} from "./garden-fixture.ts";
import type { Asking } from "./options.ts";
import { type RunningWeb, startWeb } from "./web.ts";

const at = topics("garden");
const pageDir = mkdtempSync(join(tmpdir(), "gridwright-page-"));
const bus = testBus();
const io = testClock();
const { desk } = testDesk(io, ["anna"]);
/** The admin's, as a browser would send it. */
let cookie = "";
const asked: (Asking | HistoryQuery | HistoryPeriods)[] = [];
const ENERGY = { wh: 740, whole: false };
const logged: string[] = [];
const note = (message: string) => void logged.push(message);
let web: RunningWeb;

const options = () => ({
  host: "127.0.0.1",
  port: 0,
  model: gardenModel(),
  bus,
  desk,
  demo: false,
  pageDir,
  io,
  log: { info: note, warn: note, error: note },
  history: {
    query: async (query: HistoryQuery) => {
      asked.push(query);
      if (query.channel === "kettle/power") throw new Error(`cannot open ${pageDir}/history.db`);
      return [{ t: epoch(PLANT_TIME), mean: 0.61, min: 0.6, max: 0.62, count: 7 }];
    },
    periods: async (query: HistoryPeriods) => {
      asked.push(query);
      return [{ t: epoch(PLANT_TIME), mean: 0.61, min: 0.6, max: 0.62, count: 7, energy: ENERGY }];
    },
    counts: async () => ({}),
    close: async () => undefined,
  },
  request: async (ask: Asking) => {
    asked.push(ask);
    return {
      id: "request-3",
      issuer: "operator",
      outcome: "accepted" as const,
      reason: { code: "answer-accepted" as const, params: {} },
    };
  },
});

before(async () => {
  writeFileSync(join(pageDir, "index.html"), "<!doctype html><title>page</title>");
  web = await startWeb(options());
  cookie = `gridwright-session=${await joined(desk, "admin")}`;
  bus.say(at.control, "online", true);
  bus.say(at.snapshot, snapshotOf({ decisions: [decisionOf()] }));
});
after(async () => {
  await web.close();
  rmSync(pageDir, { recursive: true });
});

const get = (path: string, init: RequestInit = {}) =>
  fetch(`http://127.0.0.1:${web.port}${path}`, { headers: { cookie }, ...init });
const post = (body: unknown, headers: Record<string, string> = {}) =>
  get("/api/v1/requests", {
    method: "POST",
    headers: { cookie, "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
const hold = { kind: "hold", asset: "kettle", why: "descaling" };

test("the site names what people know and hides addresses and secrets", async () => {
  const text = await (await get("/api/v1/site")).text();
  const site = JSON.parse(text);
  assert.equal(site.members.anna.name, "House of figs");
  assert.deepEqual(site.assets[1], {
    id: "kettle",
    name: "Kettle",
    kind: "load",
    member: "anna",
    tier: 3,
    phases: ["L1"],
    rating: 2_000,
    switched: true,
    control: "switch",
    points: ["power"],
  });
  assert.deepEqual(site.ladder[0], {
    name: "spare the kettle",
    shed: 3,
    by: "soc",
    below: 0.4,
    restore: 0.55,
  });
  for (const hidden of ["192.0.2", "passwordFile", "1502", cookie.slice(20)])
    assert.ok(!text.includes(hidden), hidden);
});

test("the state merges snapshot and ticks", async () => {
  bus.say(at.tick, tickOf({ points: { "bank/soc": 0.59 }, assets: { kettle: statusOf() } }));
  bus.say(at.tick, "{ not json");
  const state = JSON.parse(await (await get("/api/v1/state")).text());
  assert.deepEqual(state.channels["battery/soc"], { q: "fresh", v: 0.59 });
  assert.deepEqual(state.channels["battery/battery_power"], { q: "fresh", v: -840 });
  assert.equal(state.assets.kettle.on, true);
  assert.equal(state.decisions[0].asset, "kettle");
  assert.equal(state.control.state, "live");
  assert.ok(logged.includes("a message on the live bus was not understood"));
});

const DAY = 86_400_000;
const refused: [string, string, number, RegExp][] = [
  ["an unknown channel", "history?channel=moon/soc&from=7&to=9", 400, /asset\/point/],
  ["a span turned round", "history?channel=battery/soc&from=9&to=7", 400, /from before to/],
  ["too many buckets", `history?channel=battery/soc&from=7&to=${DAY}&bucketMs=1000`, 400, /at least 17280/],
  ["a long span of raw points", `history?channel=battery/soc&from=7&to=${DAY}&bucketMs=0`, 400, /raw points/],
  [
    "more years than anybody lives",
    `history/periods?channel=battery/soc&from=7&to=${41 * 366 * DAY}`,
    400,
    /40 years/,
  ],
  ["a period of no kind", "history/periods?channel=battery/soc&from=7&to=9&unit=week", 400, /day|month/],
  ["days of an unknown channel", "history/periods?channel=moon/soc&from=7&to=9", 400, /asset\/point/],
  ["a limit beyond what is kept", "decisions?limit=9999", 400, /1 to 200/],
  ["an address that does not exist", "nothing-here", 404, /api\/v1\/site/],
  [
    "a failure inside, without its file names",
    "history?channel=kettle/power&from=7&to=9",
    500,
    /log of services/,
  ],
];
for (const [sentence, path, status, detail] of refused)
  test(`refused as a problem: ${sentence}`, async () => {
    const answer = await get(`/api/v1/${path}`);
    const text = await answer.text();
    assert.equal(answer.status, status, text);
    assert.match(answer.headers.get("content-type") ?? "", /problem\+json/);
    assert.match(JSON.parse(text).detail, detail);
    assert.doesNotMatch(text, /stack|\.ts:|gridwright-page-/);
  });

test("history passes on what was asked and answers rows", async () => {
  const path = `/api/v1/history?channel=battery/soc&from=5000&to=${DAY}`;
  const answer = JSON.parse(await (await get(path)).text());
  assert.deepEqual(asked.at(-1), { channel: "battery/soc", from: 5_000, to: DAY, bucketMs: 60_000 });
  assert.equal(answer.rows[0].mean, 0.61);
});

test("days, months and years are passed on with their energy", async () => {
  const path = `/api/v1/history/periods?channel=battery/soc&from=5000&to=${700 * DAY}&unit=month`;
  const answer = JSON.parse(await (await get(path)).text());
  assert.deepEqual(asked.at(-1), { channel: "battery/soc", from: 5_000, to: 700 * DAY, unit: "month" });
  assert.deepEqual([answer.unit, answer.rows[0].energy], ["month", ENERGY]);
});

test("every answer carries the security headers", async () => {
  for (const path of ["/", "/api/v1/state", "/nowhere"]) {
    const { headers } = await get(path);
    assert.match(headers.get("content-security-policy") ?? "", /script-src 'self'/);
    assert.doesNotMatch(headers.get("content-security-policy") ?? "", /unsafe/);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
  }
});

/** Speaks HTTP by hand: fetch does not let a test choose its Host. */
const rawGet = (host: string) =>
  new Promise<string>((resolve, reject) => {
    const socket = connect(web.port, "127.0.0.1");
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk;
    });
    socket.on("end", () => resolve(text));
    socket.on("error", reject);
    socket.write(
      `GET /api/v1/site HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`,
    );
  });
const hosts: [string, string, RegExp][] = [
  ["a re-bound name is refused", "evil.example:8080", /^HTTP\/1.1 403/],
  ["localhost is taken", "localhost:8080", /^HTTP\/1.1 200/],
  ["an address is taken", "[::1]:8080", /^HTTP\/1.1 200/],
];
for (const [sentence, host, expected] of hosts)
  test(`host: ${sentence}`, async () => assert.match(await rawGet(host), expected));

test("a request reaches control in the role of its sender, and its answer comes back", async () => {
  const answer = await post(hold);
  assert.equal(answer.status, 200);
  assert.equal(JSON.parse(await answer.text()).outcome, "accepted");
  assert.deepEqual(asked.at(-1), { role: "admin", body: hold });
});

const posts: [string, unknown, Record<string, string>, number][] = [
  ["from nobody known", hold, { cookie: "" }, 401],
  ["with a wrong session", hold, { cookie: "gridwright-session=a-secret-that-nobody-made" }, 401],
  ["with a wrong token beside a session", hold, { authorization: "Bearer not-a-token-7f3b" }, 401],
  ["from another site", hold, { origin: "http://evil.example" }, 403],
  ["from another site that hides its name", hold, { "sec-fetch-site": "cross-site" }, 403],
  ["with an unknown kind", { kind: "explode", asset: "kettle", why: "?" }, {}, 400],
  ["with an unknown key", { ...hold, force: true }, {}, 400],
  ["that is no JSON", "{", {}, 400],
  ["that is no JSON type", "kind=hold", { "content-type": "text/plain" }, 415],
  ["that is larger than 4 kB", { ...hold, why: "x".repeat(5_000) }, {}, 413],
];
for (const [sentence, body, headers, status] of posts)
  test(`a request is refused: ${sentence}`, async () => {
    const before = asked.length;
    assert.equal((await post(body, headers)).status, status);
    assert.equal(asked.length, before);
  });

test("a flood of posts is stopped, and reading goes on", async () => {
  const answers = await Promise.all(Array.from({ length: 33 }, () => post(hold)));
  const stopped = answers.filter(({ status }) => status === 429);
  assert.ok(stopped.length >= 13 && stopped.length < 33, String(stopped.length));
  assert.match(JSON.parse((await stopped[0]?.text()) ?? "").detail, /too many at once; wait/);
  assert.match(stopped[0]?.headers.get("content-type") ?? "", /^application\/problem\+json/);
  assert.ok(Number(stopped[0]?.headers.get("retry-after")) > 0);
  assert.equal((await get("/api/v1/health")).status, 200);
});

interface Heard {
  readonly kind: string;
  readonly data: ReturnType<typeof JSON.parse>;
}

/** Reads events until `enough` says so; meanwhile control may speak and a second passes, again and again. */
async function hear(enough: (events: readonly Heard[]) => boolean, meanwhile: () => void): Promise<Heard[]> {
  const stop = new AbortController();
  const answer = await get("/api/v1/events", { signal: stop.signal });
  const events: Heard[] = [];
  const pump = async () => {
    for (let second = 0; second < 2_000 && !stop.signal.aborted; second += 1) {
      meanwhile();
      await io.move(1_000);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    stop.abort();
  };
  const pumping = pump();
  let text = "";
  for await (const chunk of answer.body ?? []) {
    text += Buffer.from(chunk).toString();
    const parts = text.split("\n\n");
    text = parts.pop() ?? "";
    for (const part of parts) {
      const fields = Object.fromEntries(part.split("\n").map((line) => line.split(/: (.*)/s)));
      if (fields.event !== undefined)
        events.push({ kind: fields.event, data: JSON.parse(fields.data ?? "{}") });
    }
    if (enough(events)) break;
  }
  stop.abort();
  await pumping;
  return events;
}

test("a stream opens with the snapshot and goes on with deltas", async () => {
  bus.say(at.snapshot, snapshotOf());
  let value = 0.5;
  const events = await hear(
    (heard) => heard.some(({ data }) => data.assets?.kettle?.shed === true && data.t !== undefined),
    () => {
      value += 0.01;
      bus.say(
        at.tick,
        tickOf({ points: { "bank/soc": value }, assets: { kettle: statusOf({ shed: true }) } }),
      );
    },
  );
  assert.equal(events[0]?.kind, "snapshot");
  assert.equal(events[0]?.data.channels["battery/soc"].v, 0.62);
  assert.equal(events[0]?.data.channels["battery/voltage"], undefined);
  assert.ok(events.slice(1).every(({ kind }) => kind === "delta"));
});

test("a stream tells when control falls silent, and shows nothing as live", async () => {
  bus.say(at.snapshot, snapshotOf());
  const events = await hear(
    (heard) => heard.at(-1)?.data.control?.state === "silent",
    () => undefined,
  );
  assert.equal(events.at(-1)?.data.channels["battery/soc"].q, "stale");
});

test("a port in use is named with its cure", async () => {
  await assert.rejects(startWeb({ ...options(), port: web.port }), {
    code: "port-in-use",
    message: new RegExp(`port ${web.port} .*--port 0`),
  });
});
