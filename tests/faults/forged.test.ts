// Commands that are forged, expired, used before or in a role that may not: over MQTT through the real broker, gate and brain,
// over HTTP and by flows through the real web server. All are refused, those of somebody known are audited, and what control
// knows and remembers is as if nobody had asked.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Bus } from "@gridwright/contract/ports.ts";
import type { Request, RequestEnvelope } from "@gridwright/contract/request.ts";
import { startBroker } from "@gridwright/runtime/broker/broker.ts";
import { connectBus } from "@gridwright/runtime/bus/bus.ts";
import { signRequest } from "@gridwright/runtime/bus/request-mac.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { makeToken, withdrawToken } from "@gridwright/runtime/people/changes.ts";
import { joined, testDesk } from "@gridwright/runtime/people/desk-fixture.ts";
import { askerOf, isRefusal, signOut } from "@gridwright/runtime/people/people.ts";
import { openSecrets } from "@gridwright/runtime/secrets/secrets.ts";
import { testClock } from "@gridwright/runtime/web/garden-fixture.ts";
import { startGarden } from "@gridwright/runtime/web/garden-web-fixture.ts";
import mqtt from "mqtt";
import { figure } from "../tools/figure.ts";
import { type LoopRig, loopRig, quiet, villageModel } from "../tools/loop-rig.ts";
import { until } from "../tools/until.ts";

const EACH = 60;
const io = hostClock();
const model = villageModel();
const TOPIC = `gridwright/${model.site.site.id}/request/operator`;
const wish = (n: number, change: Partial<Request> = {}): Request => ({
  ...{ id: `wish-${String(n).padStart(6, "0")}`, issuer: "operator", role: "technician", seq: 1_000 + n },
  ...{ ttlMs: 60_000, body: { kind: "switch", asset: "house-3-heater", on: true, why: "a bath" } },
  ...change,
});

/** A bus on which nobody but the test speaks. */
function lonelyBus(): Bus & { readonly deliver: (payload: string) => void } {
  const listeners: ((topic: string, payload: string, retained: boolean) => void)[] = [];
  return {
    deliver: (payload) => listeners.forEach((listener) => void listener(TOPIC, payload, false)),
    publish: () => undefined,
    subscribe: (_filter, listener) => void listeners.push(listener),
    connected: true,
    close: async () => undefined,
  };
}

interface Site {
  readonly key: Uint8Array;
  readonly attacked: LoopRig;
  /** The same plant at the same times, where nobody forges anything. */
  readonly calm: LoopRig;
  readonly calmBus: ReturnType<typeof lonelyBus>;
  say(message: RequestEnvelope): Promise<void>;
  step(): void;
}

async function site(t: TestContext): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), "gridwright-forged-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const secrets = await openSecrets(folder, model);
  // The operator may say twenty things a second; here the gate is to meet all of them.
  const users = secrets.brokerUsers.map((user) => ({ ...user, messagesPerSecondMax: 100_000 }));
  const broker = await startBroker({
    ...{ port: 0, users, siteId: model.site.site.id, io, log: quiet },
  });
  const url = `mqtt://127.0.0.1:${broker.port}`;
  const bus = connectBus({ url, clientId: "control", ...secrets.login("control"), io, log: quiet });
  const keys = secrets.issuerKey;
  const attacked = loopRig({ model, bus, keys });
  const calmBus = lonelyBus();
  const calm = loopRig({ model, bus: calmBus, keys });
  const attacker = await mqtt.connectAsync(url, { ...secrets.login("operator"), reconnectPeriod: 0 });
  t.after(async () => {
    attacker.end(true);
    await bus.close();
    await broker.close();
  });
  await until(async () => bus.connected, true);
  const key = keys("operator") ?? assert.fail("the operator has a key");
  const say = async (message: RequestEnvelope): Promise<void> =>
    void (await attacker.publishAsync(TOPIC, JSON.stringify(message), { qos: 1 }));
  const step = (): void => {
    for (const rig of [attacked, calm]) rig.step(1_000);
  };
  return { key, attacked, calm, calmBus, say, step };
}

const refusedIn = ({ records }: LoopRig): number =>
  records.filter((record) => record.k === "answer" && record.answer.outcome === "refused").length;
const acceptedIn = ({ records }: LoopRig): number =>
  records.filter((record) => record.k === "answer" && record.answer.outcome !== "refused").length;

/** What the gate lets in and the brain must refuse, or time does. */
const LATER: readonly ((n: number, key: Uint8Array) => RequestEnvelope)[] = [
  (n, key) => signRequest(wish(n, { role: "viewer" }), key),
  (n, key) => signRequest(wish(n, { role: "member", member: "house-4" }), key),
  (n, key) => signRequest(wish(n, { role: "neighbour" }), key),
  (n, key) => signRequest(wish(n, { ttlMs: 700 }), key),
];
/** What the gate refuses. */
const AT_ONCE: readonly ((n: number, key: Uint8Array, used: RequestEnvelope) => RequestEnvelope)[] = [
  (n) => signRequest(wish(n), randomBytes(24)),
  (n, key) => ({ ...signRequest(wish(n), key), ttlMs: 61_000 }),
  (n, key) => ({ ...signRequest(wish(n, { role: "viewer" }), key), role: "admin" }),
  (n, key) => signRequest(wish(n, { issuer: "services" }), key),
  (n, key) => signRequest(wish(n, { seq: n % 900 }), key),
  (_n, _key, used) => used,
];

test("over MQTT nothing forged, used before, too late or in a wrong role comes in", async (t) => {
  const { key, attacked, calm, calmBus, say, step } = await site(t);
  const used = signRequest(
    wish(1, { body: { kind: "hold", asset: "house-3-heater", why: "descaling" } }),
    key,
  );
  const taken = async (message: RequestEnvelope): Promise<void> => {
    const before = acceptedIn(attacked);
    calmBus.deliver(JSON.stringify(message));
    await say(message);
    await until(async () => attacked.gate.seqFloor().operator, message.seq);
    step();
    assert.deepEqual([acceptedIn(attacked), acceptedIn(calm)], [before + 1, before + 1]);
  };
  await taken(used);
  let n = 1_000;
  let said = 0;
  for (const make of LATER) {
    for (let turn = 0; turn < EACH; turn += 1, n += 1, said += 1) await say(make(n, key));
    await until(async () => attacked.gate.seqFloor().operator, 1_000 + n - 1);
    step();
    assert.equal(refusedIn(attacked), said);
  }
  for (const make of AT_ONCE)
    for (let turn = 0; turn < EACH; turn += 1, n += 1, said += 1) await say(make(n, key, used));
  await until(async () => refusedIn(attacked), said);
  step();
  assert.equal(attacked.hash(), calm.hash());
  assert.equal(refusedIn(attacked), said);
  // Who is right is heard as before.
  await taken(
    signRequest(wish(n, { body: { kind: "clear-hold", asset: "house-3-heater", why: "done" } }), key),
  );
  figure("forged", { mqtt: said, audited: refusedIn(attacked) });
});

interface Post {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}
/** Posts from one of many addresses, as each may post only so often; gives the status. */
async function post(url: URL, { path, headers, body }: Post, nth: number): Promise<number> {
  const from = `127.0.1.${1 + Math.floor(nth / 15)}`;
  const asking = httpRequest(new URL(path, url), {
    ...{ method: "POST", localAddress: from, agent: false },
    headers: { ...headers, "content-type": "application/json" },
  });
  asking.end(JSON.stringify(body));
  const [answer] = await once(asking, "response");
  answer.resume();
  return answer.statusCode;
}

test("over HTTP and by flows nobody asks who may not, no longer may, or from another's page", async (t) => {
  const clock = testClock();
  const { desk, deeds } = testDesk(clock, ["anna"]);
  const reached: unknown[] = [];
  const control = async (ask: unknown): Promise<never> => {
    reached.push(ask);
    throw new Error("nothing forged comes this far");
  };
  const garden = await startGarden({ io: clock, desk, demo: false, control });
  t.after(() => garden.close());
  const url = new URL((await garden.get("/api/v1/me")).url);
  const session = {
    admin: await joined(desk, "admin"),
    viewer: await joined(desk, "viewer"),
    technician: await joined(desk, "technician"),
    gone: await joined(desk, "technician", "anna"),
  };
  const owner = askerOf(desk, { session: session.technician })?.person.id ?? "";
  const token = async (scope: "read" | "request" | "flow"): Promise<{ secret: string; id: string }> => {
    const made = await makeToken(desk, owner, { name: scope, scopes: [scope], days: 3 });
    return isRefusal(made) ? assert.fail(made.no) : made;
  };
  const [read, flow, withdrawn] = [await token("read"), await token("flow"), await token("flow")];
  await withdrawToken(desk, { by: owner, id: withdrawn.id });
  const goer = askerOf(desk, { session: session.gone })?.person.id ?? "";
  await signOut(desk, session.gone, goer);
  const cookie = (secret: string) => ({ cookie: `gridwright-session=${secret}` });
  const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
  const hold = { kind: "hold", asset: "kettle", why: "descaling" };
  const on = { kind: "switch", asset: "kettle", on: true, why: "tea" };
  const [requests, flows] = ["/api/v1/requests", "/api/v1/flows/requests"];
  const foreign = { origin: "http://evil.example" };
  //  headers, path, body, status
  const rows: readonly [headers: Record<string, string>, path: string, body: unknown, status: number][] = [
    [cookie(session.viewer), requests, hold, 403],
    [bearer(read.secret), requests, hold, 403],
    [bearer(flow.secret), requests, on, 403],
    [{ ...cookie(session.admin), ...foreign }, requests, hold, 403],
    [cookie(session.gone), requests, hold, 401],
    [cookie(randomBytes(24).toString("base64url")), requests, hold, 401],
    [cookie(session.admin), requests, { ...hold, role: "admin" }, 400],
    [bearer(read.secret), flows, { ttlMs: 60_000, body: on }, 403],
    [cookie(session.viewer), flows, { ttlMs: 60_000, body: on }, 403],
    [{ ...cookie(session.technician), ...foreign }, flows, { ttlMs: 60_000, body: on }, 403],
    [bearer(withdrawn.secret), flows, { ttlMs: 60_000, body: on }, 401],
    [bearer(flow.secret), flows, { ttlMs: 900_001, body: on }, 400],
    [bearer(flow.secret), flows, { ttlMs: 60_000, body: hold }, 400],
  ];
  const was = JSON.stringify(desk.kept.now());
  const noted = deeds.length;
  const said = { http: 0, flows: 0 };
  for (const [headers, path, body, status] of rows)
    for (let turn = 0; turn < EACH; turn += 1) {
      assert.equal(await post(url, { path, headers, body }, said.http + said.flows), status, path);
      said[path === flows ? "flows" : "http"] += 1;
    }
  assert.deepEqual(reached, []);
  assert.equal(JSON.stringify(desk.kept.now()), was);
  const known = rows.filter(([, , , status]) => status === 403).length * EACH;
  assert.equal(deeds.slice(noted).filter(({ did }) => did === "refused").length, known);
  figure("forged", { ...said, noted: known });
});
