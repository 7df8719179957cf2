// Agreements over HTTP as people meet them: one proposes, another consents, control has the last word; an emergency by the
// named role alone; all of it in the audit, and everybody reads it.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { AgreementAnswer, AgreementsAnswer } from "@gridwright/contract/api-agreements.ts";
import { topics } from "@gridwright/contract/messages.ts";
import type { Answer } from "@gridwright/contract/request.ts";
import { makeToken } from "../people/changes.ts";
import { joined, testDesk } from "../people/desk-fixture.ts";
import { askerOf, isRefusal } from "../people/people.ts";
import { PLANT_TIME, testClock } from "./garden-fixture.ts";
import { type Garden, startGarden } from "./garden-web-fixture.ts";
import type { Asking } from "./options.ts";

const HOUR = 3_600_000;
const io = testClock();
const { desk, deeds } = testDesk(io, ["anna"]);
const asked: Asking[] = [];
let refusal: string | undefined;
let garden: Garden;
const cookies: Record<string, string> = {};

const answer = (ask: Asking): Answer => {
  asked.push(ask);
  const reason =
    refusal === undefined
      ? ({ code: "answer-accepted", params: {} } as const)
      : ({ code: "answer-agreement", params: { why: refusal } } as const);
  return {
    id: "request-9",
    issuer: "services",
    outcome: refusal === undefined ? "accepted" : "refused",
    reason,
  };
};

before(async () => {
  garden = await startGarden({ io, desk, demo: false, control: async (ask) => answer(ask) });
  for (const role of ["admin", "technician", "member"] as const) {
    const secret = await joined(desk, role, role === "member" ? "anna" : undefined);
    cookies[role] = `gridwright-session=${secret}`;
  }
});
after(() => garden.close());

interface Told {
  readonly status: number;
  readonly body: AgreementAnswer & AgreementsAnswer & { readonly detail: string };
}
/** `what`: method and path. */
async function call(who: string, what: string, body?: object): Promise<Told> {
  const [method = "", path = ""] = what.split(" ");
  const got = await garden.get(`/api/v1/${path}`, {
    method,
    headers: { cookie: cookies[who] ?? "", ...(body && { "content-type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: got.status, body: JSON.parse((await got.text()) || "null") };
}
const WISH = { title: "harvest week", tiers: { kettle: 2 }, ends: PLANT_TIME + 90 * HOUR };
const propose = async (who = "technician"): Promise<string> =>
  (await call(who, "POST agreements", WISH)).body.id;
const found = async (id: string, who = "member") =>
  (await call(who, "GET agreements")).body.agreements.find((one) => one.id === id);

describe("agreements over HTTP", () => {
  it("need a second person; control is asked once, in the name of both", async () => {
    const id = await propose();
    assert.equal(asked.length, 0, "a proposal alone asks nothing");
    const own = await call("technician", `POST agreements/${id}/consent`);
    assert.deepEqual(
      [own.status, own.body.detail],
      [403, "a second person must consent: you stand behind it already"],
    );
    assert.equal((await call("member", `POST agreements/${id}/consent`)).status, 403);
    const done = await call("admin", `POST agreements/${id}/consent`);
    assert.deepEqual(
      [done.status, done.body.state, done.body.by],
      [200, "agreed", ["A technician", "A admin"]],
    );
    const [ask, more] = asked;
    assert.ok(ask?.body.kind === "agree" && more === undefined);
    const { agreement } = ask.body;
    assert.equal(new Set(agreement.by).size, 2);
    assert.deepEqual([ask.role, agreement.tiers, agreement.emergency], ["admin", { kettle: 2 }, false]);
    const twice = await call("admin", `POST agreements/${id}/consent`);
    assert.equal(twice.status, 409);
  });
  it("are read by every member, with whether the controller goes by it now", async () => {
    const id = await propose();
    assert.deepEqual([(await found(id))?.state, (await found(id))?.holds], ["open", false]);
    await call("admin", `POST agreements/${id}/consent`);
    const alarm = {
      id: `agreement/${id}`,
      severity: "info",
      reason: { code: "alarm-agreement", params: { title: "x" } },
      raisedAt: PLANT_TIME,
    };
    garden.bus.say(topics("garden").alarm, { event: "raised", alarm });
    assert.equal((await found(id))?.holds, true);
  });
  it("that control refuses are refused with its reason, and can be proposed anew", async () => {
    const id = await propose();
    refusal = "«kettle» hangs on a bare relay";
    const told = await call("admin", `POST agreements/${id}/consent`);
    refusal = undefined;
    assert.deepEqual(
      [told.status, told.body.detail],
      [409, "that cannot hold: «kettle» hangs on a bare relay"],
    );
    assert.deepEqual([(await found(id))?.state, (await found(id))?.why], ["refused", told.body.detail]);
  });
  it("are taken back by who proposed or an admin", async () => {
    const id = await propose("admin");
    assert.equal((await call("technician", `DELETE agreements/${id}`)).status, 403);
    assert.equal((await call("admin", `DELETE agreements/${id}`)).body.state, "withdrawn");
    assert.equal((await call("technician", `POST agreements/${id}/consent`)).status, 409);
  });
  it("are ended by two as they were begun by two", async () => {
    const id = await propose();
    await call("admin", `POST agreements/${id}/consent`);
    assert.equal((await call("admin", `DELETE agreements/${id}`)).body.endAsked, true);
    assert.equal((await call("admin", `POST agreements/${id}/consent`)).status, 403);
    const done = await call("technician", `POST agreements/${id}/consent`);
    assert.equal(done.body.state, "ended");
    assert.deepEqual(asked.at(-1)?.body.kind, "end-agreement");
  });
  it("of two who consent at once one does", async () => {
    const id = await propose();
    const before = asked.length;
    const both = await Promise.all([0, 1].map(() => call("admin", `POST agreements/${id}/consent`)));
    assert.deepEqual(both.map(({ status }) => status).toSorted(), [200, 409]);
    assert.equal(asked.length, before + 1);
  });
});

describe("an emergency rule over HTTP", () => {
  const FLOOD = { title: "the river rises", hours: 30, tiers: { kettle: 3 } };
  it("is declared by the named role alone, ends by its hours, and by one person", async () => {
    assert.equal((await call("technician", "POST emergency", FLOOD)).status, 403);
    const told = await call("admin", "POST emergency", FLOOD);
    assert.deepEqual([told.status, told.body.state, told.body.ends], [200, "agreed", PLANT_TIME + 30 * HOUR]);
    const ask = asked.at(-1);
    assert.ok(ask?.body.kind === "agree");
    assert.deepEqual([ask.body.agreement.emergency, ask.body.agreement.by.length], [true, 1]);
    const ended = await call("admin", `DELETE agreements/${told.body.id}`);
    assert.equal(ended.body.state, "ended");
  });
  it("lasts 72 h at most and says what it changes", async () => {
    for (const wrong of [
      { ...FLOOD, hours: 72.5 },
      { ...FLOOD, tiers: {} },
      { ...FLOOD, hours: "3" },
    ])
      assert.equal((await call("admin", "POST emergency", wrong)).status, 400);
  });
});

it("agreements: a token neither proposes nor consents", async () => {
  const owner = askerOf(desk, { session: cookies.admin?.split("=")[1] ?? "" })?.person.id ?? "";
  const token = await makeToken(desk, owner, { name: "script", scopes: ["read", "request"], days: 3 });
  assert.ok(!isRefusal(token));
  const got = await garden.get("/api/v1/agreements", {
    method: "POST",
    headers: { authorization: `Bearer ${token.secret}`, "content-type": "application/json" },
    body: JSON.stringify(WISH),
  });
  assert.equal(got.status, 403);
});

it("agreements: every step is in the audit, by who did it", () => {
  const did = new Set(deeds.map((deed) => deed.did));
  for (const deed of [
    "proposed",
    "consented",
    "proposal-withdrawn",
    "end-proposed",
    "emergency-declared",
    "emergency-ended",
  ] as const)
    assert.ok(did.has(deed), deed);
});
