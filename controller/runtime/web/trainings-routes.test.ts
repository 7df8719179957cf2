// Trainings over HTTP, by people with accounts: who gives one, what it opens, and who says to be there beside.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { JobsAnswer } from "@gridwright/contract/api-jobs.ts";
import { TrainingsAnswer } from "@gridwright/contract/training.ts";
import { at } from "@gridwright/core/jobs/workshop-fixture.ts";
import { exportOf, removeAccount } from "../people/changes.ts";
import { joined, type TestDesk, testDesk } from "../people/desk-fixture.ts";
import { testClock } from "./garden-fixture.ts";
import { startYard, type Yard } from "./yard-web-fixture.ts";

const DAY = 86_400_000;
const RULES = {
  training: "300 d",
  supervisors: ["elm"],
  present: [{ who: "buddy", hours: [{ from: "08:00", to: "12:00" }] }],
};
const WHO = ["admin", "technician", "ash", "elm", "onlooker"] as const;
type Who = (typeof WHO)[number];
let yard: Yard;
let people: TestDesk;
const cookies = new Map<Who, string>();
const ids = new Map<Who, string>();

before(async () => {
  people = testDesk(testClock(), ["ash", "elm"]);
  const { desk } = people;
  const join = async (who: Who, ...[role, member]: [Parameters<typeof joined>[1], string?]) => {
    cookies.set(who, `gridwright-session=${await joined(desk, role, member)}`);
    ids.set(who, desk.kept.now().accounts.at(-1)?.id ?? "");
  };
  await join("admin", "admin");
  await join("technician", "technician");
  await join("ash", "member", "ash");
  await join("elm", "member", "elm");
  await join("onlooker", "viewer", "elm");
  yard = await startYard(RULES, desk);
});
after(() => yard.close());

const send = (who: Who, route: string, body?: object) => yard.send(cookies.get(who) ?? "", route, body);
const ask = (who: Who, fields: object = {}) =>
  send(who, "POST jobs", { machine: "kiln", minutes: 60, what: "bowls", ...fields });
const give = (who: Who, to: Who, fields: object = {}) =>
  send(who, "POST trainings", { person: ids.get(to), machine: "kiln", ...fields });
const told = async (who: Who) => TrainingsAnswer.parse((await send(who, "GET trainings")).data);

test("trainings: who was not trained is refused, and told kindly who trains", async () => {
  const { status, data } = await ask("ash");
  assert.deepEqual(
    [status, data.detail],
    [409, "who uses Kiln must be trained at it first: Elm or a technician may do that"],
  );
  const { training } = JobsAnswer.parse((await send("ash", "GET jobs")).data);
  assert.deepEqual(training, { kiln: { until: null, trains: false } });
});

const refusals: [sentence: string, who: Who, to: Who, fields: object, status: number][] = [
  ["by a member who supervises nothing", "ash", "elm", {}, 403],
  ["by an onlooker of a house that supervises", "onlooker", "ash", {}, 403],
  ["to oneself", "elm", "elm", {}, 403],
  ["at a machine that needs none", "technician", "ash", { machine: "press" }, 404],
  ["to nobody", "technician", "ash", { person: "person-77" }, 404],
  ["for no days", "technician", "ash", { days: 0 }, 400],
];
for (const [sentence, who, to, fields, status] of refusals)
  test(`trainings: none is given ${sentence}`, async () => {
    assert.equal((await give(who, to, fields)).status, status);
    assert.deepEqual(people.desk.kept.now().trainings, []);
  });

test("trainings: a supervisor gives one, all is audited, and its owner may ask", async () => {
  assert.equal((await give("elm", "ash")).status, 204);
  const [one] = (await told("ash")).trainings;
  assert.deepEqual([one?.mine, one?.by, one?.mayWithdraw], [true, "A member", false]);
  assert.equal((one?.expiresAt ?? 0) - (one?.givenAt ?? 0), 300 * DAY);
  assert.deepEqual((await told("onlooker")).trainings, [], "others' are not told");
  const deed = people.deeds.find(({ did }) => did === "training-given");
  assert.deepEqual([deed?.who, deed?.about], [ids.get("elm"), { account: ids.get("ash"), machine: "kiln" }]);
  const { status, data } = await ask("ash");
  assert.deepEqual([status, data.state, data.promise.at], [200, "promised", at(2)]);
  assert.deepEqual([data.person, data.confirms, data.vouched], [undefined, undefined, undefined]);
});

test("trainings: a later one takes the place of the earlier", async () => {
  assert.equal((await give("technician", "ash", { days: 40 })).status, 204);
  const { trainings, people } = await told("technician");
  assert.deepEqual(
    trainings.map(({ givenAt, expiresAt, by }) => [(expiresAt - givenAt) / DAY, by]),
    [[40, "A technician"]],
  );
  assert.equal(people.length, WHO.length - 1, "everybody but the asker");
});

test("trainings: a second person says to be there, who is neither its owner nor an onlooker", async () => {
  const [job] = JobsAnswer.parse((await send("elm", "GET jobs")).data).jobs;
  const confirm = (who: Who) => send(who, `POST jobs/${job?.id}/confirm`);
  assert.deepEqual([job?.needs, job?.mayConfirm], ["buddy", false], "it is too soon");
  assert.equal((await confirm("elm")).status, 409);
  await yard.pass(at(1, 40));
  const may = async (who: Who) => JobsAnswer.parse((await send(who, "GET jobs")).data).jobs[0]?.mayConfirm;
  assert.deepEqual([await may("elm"), await may("ash"), await may("onlooker")], [true, false, false]);
  assert.equal((await confirm("ash")).status, 409);
  assert.equal((await confirm("onlooker")).status, 403);
  const { status, data } = await confirm("elm");
  assert.deepEqual([status, data.needs, data.mayConfirm], [200, null, false]);
  assert.ok(people.deeds.some(({ who, did }) => did === "job-confirmed" && who === ids.get("elm")));
});

test("trainings: what was taken back bars the start", async () => {
  const [one] = (await told("technician")).trainings;
  assert.equal((await send("ash", `DELETE trainings/${one?.id}`)).status, 403);
  assert.equal((await send("elm", `DELETE trainings/${one?.id}`)).status, 204);
  assert.equal((await send("elm", `DELETE trainings/${one?.id}`)).status, 404);
  await yard.pass(at(2, 1));
  const [job] = JobsAnswer.parse((await send("ash", "GET jobs")).data).jobs;
  assert.deepEqual([job?.state, job?.why.code], ["waiting", "job-untrained-by"]);
});

test("trainings: they stand in a person's export, and go with the account", async () => {
  assert.equal((await give("elm", "ash")).status, 204);
  const [admin = "", ash = ""] = [ids.get("admin"), ids.get("ash")];
  const { trainings } = (await exportOf(people.desk, ash)) as { trainings: { machine: string }[] };
  assert.deepEqual(
    trainings.map(({ machine }) => machine),
    ["kiln"],
  );
  await removeAccount(people.desk, { by: admin, id: ash });
  assert.deepEqual(people.desk.kept.now().trainings, []);
});
