// The door of technicians' flows, with a process of theirs that this test plays: what it may ask and in whose role, what it
// may not, and what of a person it is never shown.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Answer } from "@gridwright/contract/request.ts";
import { type FlowsDoor, openFlowsDoor } from "../flows/flows-door.ts";
import { keptVersionsIn } from "../flows/kept-versions.ts";
import { openWatchFile } from "../flows/watch-file.ts";
import { joined, testDesk } from "../people/desk-fixture.ts";
import { testClock } from "./garden-fixture.ts";
import { type Garden, startGarden } from "./garden-web-fixture.ts";
import type { Asking } from "./options.ts";

const TOKEN = "token-of-the-process-of-flows";
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const folder = mkdtempSync(join(tmpdir(), "gridwright-flows-"));
const io = testClock();
const { desk } = testDesk(io, ["anna"]);
const asked: Asking[] = [];
const seen: { readonly url: string; readonly headers: IncomingMessage["headers"]; readonly body: string }[] =
  [];
const process_ = createServer(async (request, response) => {
  let body = "";
  for await (const piece of request) body += piece;
  seen.push({ url: `${request.method} ${request.url}`, headers: request.headers, body });
  response.setHeader("set-cookie", "evil=7");
  response.setHeader("content-security-policy", "default-src *");
  response.setHeader("service-worker-allowed", "/");
  response.setHeader("content-type", "text/plain");
  if (body.includes("broken")) response.writeHead(400).end('{"message":"• pump: give a reason"}');
  else response.end("the editor");
});
let door: FlowsDoor;
let garden: Garden;
const cookies: Record<string, string> = {};

const control = async (ask: Asking): Promise<Answer> => {
  asked.push(ask);
  return {
    ...{ id: "request-3", issuer: "services", outcome: "refused" },
    reason: { code: "answer-person-first", params: { why: "a wash" } },
  };
};

before(async () => {
  await new Promise<void>((done) => process_.listen(0, "127.0.0.1", done));
  const { port } = process_.address() as AddressInfo;
  const versionsDir = join(folder, "versions");
  mkdirSync(versionsDir);
  const version = (n: number, flows: readonly object[]) =>
    writeFileSync(
      join(versionsDir, `${String(n).padStart(6, "0")}.json`),
      JSON.stringify({
        n,
        at: 1_760_000_000_000 + n,
        by: "person-7",
        message: `change ${n}`,
        nodes: 3,
        flows,
      }),
    );
  version(4, [{ id: "a", type: "tab" }]);
  version(5, [{ id: "broken", type: "tab" }]);
  writeFileSync(join(versionsDir, "000006.json"), '{"n":6,"flows":"none"}');
  const place = { port, token: TOKEN, key: "key-of-services" };
  door = openFlowsDoor({
    place,
    ...{ io, log: quiet, note: desk.audit.note },
    ...{ versions: keptVersionsIn(versionsDir), file: openWatchFile(folder, quiet) },
    tell: async (body) => control({ role: "flow", body }),
  });
  garden = await startGarden({ io, desk, demo: false, flows: door, control });
  for (const role of ["admin", "member", "technician"] as const)
    cookies[role] = `gridwright-session=${await joined(desk, role)}`;
});
after(async () => {
  await garden?.close();
  await door?.close();
  process_.closeAllConnections();
  process_.close();
  rmSync(folder, { recursive: true });
});

const post = (path: string, body: unknown, headers: Record<string, string>) =>
  garden.get(path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
const bearer = { authorization: `Bearer ${TOKEN}` };
const wish = { kind: "switch", asset: "kettle", on: true, why: "tea" };

test("a flow asks in the role of a flow, for its own time, and is told why not in words", async () => {
  const answer = await post("/api/v1/flows/requests", { ttlMs: 420_000, body: wish }, bearer);
  const { outcome, said } = (await answer.json()) as { outcome: string; said: { en: string; es: string } };
  assert.deepEqual(asked.at(-1), { role: "flow", ttlMs: 420_000, body: wish });
  assert.equal(outcome, "refused");
  assert.equal(said.en, "a person asked for something there: a wash");
  assert.equal(said.es, "una persona pidió algo ahí: a wash");
});

//  what a flow sends, and that it never reaches control
const BAD: readonly (readonly [string, unknown])[] = [
  ["a wish without an end", { body: wish }],
  ["one that holds longer than a quarter of an hour", { ttlMs: 900_001, body: wish }],
  ["one whose time is no number", { ttlMs: "NaN", body: wish }],
  ["one without a reason", { ttlMs: 420_000, body: { ...wish, why: "" } }],
  ["one that is neither on nor off", { ttlMs: 420_000, body: { ...wish, on: null } }],
  ["a hold", { ttlMs: 420_000, body: { kind: "hold", asset: "kettle", why: "tea" } }],
  ["that all flows are lost", { ttlMs: 420_000, body: { kind: "flows", alive: false, why: "tea" } }],
];
for (const [what, body] of BAD)
  test(`refused at the door: ${what}`, async () => {
    const before_ = asked.length;
    assert.equal((await post("/api/v1/flows/requests", body, bearer)).status, 400);
    assert.equal(asked.length, before_);
  });

test("the process's token opens nothing else", async () => {
  for (const [path, body] of [
    ["/api/v1/requests", wish],
    ["/api/v1/flows/restore", { n: 4 }],
    ["/api/v1/tokens", { name: "x", scopes: ["request"], days: 3 }],
  ] as const)
    assert.equal((await post(path, body, bearer)).status, 403, path);
  assert.equal((await garden.get("/flows/", { headers: bearer })).status, 403);
});

test("only the process itself tells that it lives", async () => {
  const beat = { run: "monday", safe: false };
  assert.equal((await post("/api/v1/flows/beat", beat, { cookie: cookies.admin ?? "" })).status, 403);
  assert.equal(door.state(), "starting");
  assert.equal((await post("/api/v1/flows/beat", beat, bearer)).status, 204);
  assert.equal(door.state(), "running");
});

test("a flood of wishes is bounded and told", async () => {
  const answers = await Promise.all(
    Array.from({ length: 90 }, () => post("/api/v1/flows/requests", { ttlMs: 420_000, body: wish }, bearer)),
  );
  assert.ok(answers.filter(({ status }) => status === 429).length >= 50);
  const report = await (await garden.get("/api/v1/flows", { headers: bearer })).json();
  assert.ok((report as { asked: { refused: number } }).asked.refused >= 7);
});

test("technicians reach the editor, and the process behind it sees nothing of theirs", async () => {
  const headers = { cookie: cookies.technician ?? "", "x-odd": "7" };
  const answer = await garden.get("/flows/red/main.js?x=3", { headers });
  assert.equal(await answer.text(), "the editor");
  const { url, headers: shown } = seen.at(-1) ?? { url: "", headers: {} as IncomingMessage["headers"] };
  assert.equal(url, "GET /flows/red/main.js?x=3");
  assert.deepEqual([shown.cookie, shown["x-odd"]], [undefined, undefined]);
  assert.match(shown.authorization ?? "", /^Bearer key-of-services\.\S+$/);
});

test("nor does it set anything on our origin, nor let its scripts out of its path", async () => {
  const answer = await garden.get("/flows/", { headers: { cookie: cookies.technician ?? "" } });
  for (const name of ["set-cookie", "service-worker-allowed"]) assert.equal(answer.headers.get(name), null);
  const policy = answer.headers.get("content-security-policy") ?? "";
  assert.match(policy, /connect-src http:\/\/127\.0\.0\.1:\d+\/flows\/ ws:\/\/127\.0\.0\.1:\d+\/flows\/;/);
  assert.doesNotMatch(policy, /allow-popups|allow-top-navigation|frame-src|'self'|\*/);
});

test("members and strangers do not reach it, by no method and no socket", async () => {
  for (const [cookie, status] of [
    [cookies.member ?? "", 403],
    ["", 401],
  ] as const) {
    assert.equal((await garden.get("/flows/", { headers: { cookie } })).status, status);
    assert.equal((await post("/flows/flows", [], { cookie })).status, status);
  }
  const elsewhere = { cookie: cookies.technician ?? "", origin: "http://evil.example" };
  assert.equal((await post("/flows/flows", [], elsewhere)).status, 403);
});

test("kept versions are listed, newest first, without what cannot be read; one is deployed again by name", async () => {
  const headers = { cookie: cookies.technician ?? "" };
  const { versions } = (await (await garden.get("/api/v1/flows", { headers })).json()) as {
    versions: { n: number; message: string }[];
  };
  assert.deepEqual(
    versions.map(({ n, message }) => `${n} ${message}`),
    ["5 change 5", "4 change 4"],
  );
  assert.equal((await post("/api/v1/flows/restore", { n: 4 }, headers)).status, 204);
  assert.equal(seen.at(-1)?.url, "POST /flows/flows");
  assert.equal(seen.at(-1)?.body, '[{"id":"a","type":"tab"}]');
});

test("what the gate says to an old version is told, and of one that is not there that it is not", async () => {
  const headers = { cookie: cookies.technician ?? "" };
  const details: string[] = [];
  for (const n of [5, 6, 99]) {
    const answer = await post("/api/v1/flows/restore", { n }, headers);
    assert.equal(answer.status, 409);
    details.push(((await answer.json()) as { detail: string }).detail);
  }
  const none = "there is no such version";
  assert.deepEqual(details, ["• pump: give a reason", none, none]);
});
