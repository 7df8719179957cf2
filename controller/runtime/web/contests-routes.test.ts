// A contested decision over HTTP: the evidence as it stood, who may rule, the correction in what members read, and that nothing
// of it is done twice.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ContestAnswer, ContestsAnswer } from "@gridwright/contract/contest.ts";
import { joined, testDesk } from "../people/desk-fixture.ts";
import { PLANT_TIME, testClock } from "./garden-fixture.ts";
import { type Garden, startGarden } from "./garden-web-fixture.ts";

const WHO = ["admin", "other", "member", "viewer"] as const;
type Who = (typeof WHO)[number];
const { desk, deeds } = testDesk(testClock(), ["anna"]);
const cookies = new Map<Who, string>();
/** Of the kettle, which the live view has; of the battery, which the journal alone has. */
const [KETTLE, BATTERY] = [
  `${PLANT_TIME - 4_000}-kettle-ladder-false`,
  `${PLANT_TIME - 4_000}-battery-restoration-false`,
];
let garden: Garden;

before(async () => {
  garden = await startGarden({ desk, demo: false });
  cookies.set("admin", await joined(desk, "admin"));
  cookies.set("member", await joined(desk, "member", "anna"));
  cookies.set("viewer", await joined(desk, "viewer", "anna"));
  cookies.set("other", await joined(desk, "admin", "anna"));
});
after(() => garden.close());

async function send(who: Who, route: string, body?: object) {
  const [method = "", path = ""] = route.split(" ");
  const answer = await garden.get(`/api/v1/${path}`, {
    method,
    headers: {
      cookie: `gridwright-session=${cookies.get(who)}`,
      ...(body && { "content-type": "application/json" }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, data: JSON.parse(await answer.text()) };
}
const contest = (who: Who, decision: string) =>
  send(who, "POST contests", { decision, why: "the kettle was cold" });
const rule = (who: Who, id: string, fields: object = {}) =>
  send(who, `POST contests/${id}/ruling`, { outcome: "wrong", why: "the meter lied", ...fields });

test("contests: the answer has what was seen, decided and why, and what became of it", async () => {
  const { status, data } = await contest("member", KETTLE);
  assert.equal(status, 200, JSON.stringify(data));
  const { evidence, mine, by } = ContestAnswer.parse(data);
  assert.deepEqual([mine, by], [true, "A member"]);
  assert.equal(evidence.decision.reason.code, "ladder-soc");
  assert.deepEqual(
    evidence.decision.inputs.map(({ point, value, ageMs }) => [point, value, ageMs]),
    [["battery/soc", 0.39, 430]],
  );
  assert.deepEqual(evidence.after, [{ t: PLANT_TIME - 4_000, event: "granted" }], "no renewals");
});

const refusals: [sentence: string, who: Who, decision: string, status: number][] = [
  ["one that is contested already", "admin", KETTLE, 409],
  ["one that never was", "member", `${PLANT_TIME - 4_000}-kettle-ladder-true`, 404],
  ["what is no decision", "member", "kettle", 400],
  ["by an onlooker", "viewer", BATTERY, 403],
];
for (const [sentence, who, decision, status] of refusals)
  test(`contests: ${sentence} is refused`, async () => {
    assert.equal((await contest(who, decision)).status, status);
    assert.equal(ContestsAnswer.parse((await send("viewer", "GET contests")).data).contests.length, 1);
  });

test("contests: nobody rules on their own, nor twice, nor corrects what was right; the correction is audited", async () => {
  const own = (await contest("admin", BATTERY.replace("4000", "4000"))).data;
  const [first] = ContestsAnswer.parse((await send("admin", "GET contests")).data).contests.toReversed();
  const id = first?.id ?? "";
  assert.equal(first?.mayRule, true);
  assert.equal((await rule("member", id)).status, 403);
  assert.equal((await rule("admin", id, { outcome: "right", correction: "a kWh" })).status, 400);
  assert.equal((await rule("admin", "contest-zz")).status, 404);
  const ruled = await rule("admin", id, { correction: "2 kWh to anna" });
  assert.deepEqual(
    [ruled.status, ruled.data.ruling.by, ruled.data.ruling.correction, ruled.data.mayRule],
    [200, "A admin", "2 kWh to anna", false],
  );
  assert.equal((await rule("other", id)).status, 409);
  if (own.id !== undefined) {
    assert.equal((await rule("admin", own.id)).status, 403);
    assert.equal((await rule("other", own.id, { outcome: "right" })).status, 200);
  }
  const told = deeds.filter(({ did }) => ["contested", "ruled", "corrected"].includes(did));
  assert.deepEqual(told.map(({ did }) => did).slice(0, 1), ["contested"]);
  assert.ok(told.some(({ did, about }) => did === "corrected" && about?.correction === "2 kWh to anna"));
});
