// The queue over HTTP: who may do what to whose job, and what each is told of others.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { JobAnswer, JobsAnswer } from "@gridwright/contract/api-jobs.ts";
import { at, NOW } from "@gridwright/core/jobs/workshop-fixture.ts";
import { startYard, type Yard } from "./yard-web-fixture.ts";

let yard: Yard;
before(async () => {
  yard = await startYard();
});
after(() => yard.close());

const send = (role: string, route: string, body?: object) =>
  yard.send(`gridwright-demo-role=${role}`, route, body);
const wish = (fields: object = {}) => ({ machine: "kiln", minutes: 60, what: "bowls", ...fields });

test("jobs: a member asks in the name of the own house, and is told time, why and another time", async () => {
  const { status, data } = await send("member", "POST jobs", wish());
  assert.equal(status, 200, JSON.stringify(data));
  const job = JobAnswer.parse(data);
  assert.deepEqual([job.member, job.mine, job.state], ["ash", true, "promised"]);
  assert.deepEqual([job.promise?.at, job.alternative?.at, job.why.code], [at(2), NOW, "job-sunny"]);
});

test("jobs: what can never be is a problem that says why, in words", async () => {
  const { status, data } = await send("member", "POST jobs", wish({ minutes: 90, deadline: at(1) }));
  assert.deepEqual([status, data.detail], [409, "it takes longer than the time until its deadline"]);
  const odd = await send(
    "member",
    "POST jobs",
    wish({ minutes: undefined, earliest: at(5), deadline: at(4) }),
  );
  assert.equal(odd.status, 400);
  for (const part of [/either minutes or profile/, /later than earliest/])
    assert.match(odd.data.detail, part);
});

test("jobs: for others technicians alone ask; whose job it is stays theirs", async () => {
  assert.equal((await send("member", "POST jobs", wish({ member: "elm" }))).status, 403);
  assert.equal((await send("technician", "POST jobs", wish({ member: "oak" }))).status, 403);
  const made = await send("technician", "POST jobs", wish({ member: "elm", what: "tiles" }));
  assert.equal(made.data.member, "elm");
  const told = JobsAnswer.parse((await send("member", "GET jobs")).data);
  const foreign = told.jobs.find(({ id }) => id === made.data.id);
  assert.deepEqual([foreign?.member, foreign?.what, foreign?.mine], [null, undefined, false]);
  assert.deepEqual(
    told.machines.map(({ id }) => id),
    ["kiln", "planer", "extractor", "press"],
  );
  for (const [method, path] of [
    ["DELETE", ""],
    ["POST", "/alternative"],
  ] as const)
    assert.equal((await send("member", `${method} jobs/${made.data.id}${path}`)).status, 403, path);
  assert.equal((await send("technician", `DELETE jobs/${made.data.id}`)).data.state, "cancelled");
});

test("jobs: its member takes the other time, and cancels", async () => {
  const [job] = JobsAnswer.parse((await send("member", "GET jobs")).data).jobs;
  const moved = await send("member", `POST jobs/${job?.id}/alternative`);
  assert.deepEqual([moved.status, moved.data.promise.at], [200, NOW]);
  assert.equal((await send("member", `DELETE jobs/${job?.id}`)).data.state, "cancelled");
  assert.equal((await send("member", `DELETE jobs/${job?.id}`)).status, 409);
  assert.equal((await send("member", "DELETE jobs/job-77")).status, 404);
});

test("jobs: Prometheus is told of jobs and of the machines' true use", async () => {
  const answer = await fetch(`${yard.url}/metrics`);
  const text = await answer.text();
  for (const line of [
    'gridwright_jobs{machine="kiln",state="cancelled"} 2',
    'gridwright_machine_running_seconds_total{machine="kiln"} 0',
    'gridwright_machine_care_left_seconds{machine="kiln",care="coils"} 10800',
  ])
    assert.ok(text.includes(line), `${line} is not in ${text}`);
});

test("jobs: care is a technician's word", async () => {
  assert.equal((await send("technician", "POST machines/kiln/cared", { care: "coils" })).status, 204);
  assert.equal((await send("technician", "POST machines/kiln/cared", { care: "oil" })).status, 404);
});

test("jobs: a flow asks in its own name, and cancels only what a flow asked for", async () => {
  const { status, data } = await send("technician", "POST flows/jobs", {
    machine: "kiln",
    minutes: 45,
    what: "tiles",
  });
  assert.equal(status, 200, JSON.stringify(data));
  const job = JobAnswer.parse(data);
  assert.deepEqual([job.member, job.interruptible, job.what], [null, true, "tiles"]);
  assert.equal(
    (await send("member", "POST flows/jobs", { machine: "kiln", minutes: 45, what: "tiles" })).status,
    403,
  );
  assert.equal(
    (await send("technician", "POST flows/jobs", { machine: "mill", minutes: 45, what: "x" })).status,
    409,
  );
  assert.equal((await send("technician", "POST flows/jobs", { machine: "kiln", what: "x" })).status, 400);
  const members = await send("member", "POST jobs", wish());
  assert.equal((await send("technician", `DELETE flows/jobs/${members.data.id}`)).status, 404);
  assert.equal((await send("technician", `DELETE flows/jobs/${job.id}`)).data.state, "cancelled");
  assert.equal((await send("member", `DELETE jobs/${members.data.id}`)).data.state, "cancelled");
});
