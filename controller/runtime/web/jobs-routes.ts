// The workshop's queue over HTTP: ask for a job, take its other time, cancel it, see how machines stand. In the name of who
// asks: whose another member's job is stays with the technicians.

import { Problem } from "@gridwright/contract/api-answers.ts";
import { CaredFor, JobAnswer, JobsAnswer } from "@gridwright/contract/api-jobs.ts";
import { isOver, type Job, JobWish } from "@gridwright/contract/jobs.ts";
import { ById, type Person } from "@gridwright/contract/people.ts";
import { render } from "@gridwright/contract/render.ts";
import { REQUEST_BYTES_MAX } from "@gridwright/contract/request.ts";
import { mayAs } from "@gridwright/contract/roles.ts";
import { assetNames } from "@gridwright/contract/site/asset-names.ts";
import { confirmRefusal, startOf } from "@gridwright/core/jobs/confirm.ts";
import { isOn } from "@gridwright/core/jobs/course.ts";
import { missingAt } from "@gridwright/core/jobs/may-use.ts";
import type { FastifyReply } from "fastify";
import type { Word, Workshop } from "../jobs/workshop.ts";
import { trainsAt } from "../people/trainings.ts";
import { type Access, personOf, READ } from "./access.ts";
import type { Api } from "./api.ts";
import { heldFor } from "./oops-routes.ts";
import type { Web } from "./options.ts";
import { nowOf } from "./plant-time.ts";
import { POSTS_MAX, POSTS_WINDOW_MS } from "./posts.ts";
import { sendDone, sendProblem } from "./problem.ts";
import { ownTrainings } from "./trainings-routes.ts";

const TAGS = ["workshop"];
const REFUSED = { 400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 429: Problem };
const ASKS: Access = { least: "member", scope: "request" };
const ASKING = { access: ASKS, rateLimit: { max: POSTS_MAX, timeWindow: POSTS_WINDOW_MS } };

const mayActFor = ({ role, member }: Person, job: Pick<Job, "member">): boolean =>
  mayAs(role, "technician") || (mayAs(role, "member") && member !== undefined && job.member === member);

/** Their word to be at a machine beside whoever uses it. */
const wordOf = (person: Person, machine: string, { model }: Web) => ({
  person: person.id,
  supervises: trainsAt(person, machine, model),
});

function mayConfirm(web: Web, person: Person, job: Job): boolean {
  if (person.via === "screen" || !mayAs(person.role, "member")) return false;
  const at = { model: web.model, now: nowOf(web) };
  return confirmRefusal(job, wordOf(person, job.machine, web), at) === undefined;
}

/** A job as its asker may see it; who will use the machine and who is there beside is nobody's to read. */
function seenBy(web: Web, person: Person, job: Job): object {
  const mine = mayActFor(person, job);
  const { person: _who, vouched: _vouched, confirms: _confirms, byFlow: _by, ...told } = job;
  const needs = isOver(job) || isOn(job) ? undefined : missingAt(web.model, job, startOf(job, nowOf(web)));
  const asked = { needs: needs ?? null, mayConfirm: mayConfirm(web, person, job) };
  return { ...told, ...asked, mine, ...(!mine && { member: null, what: undefined }) };
}

interface Asked {
  readonly web: Web;
  readonly person: Person;
  readonly reply: FastifyReply;
}

/** The job as its asker may see it, or why not, in words. */
export function sendWord({ web, person, reply }: Asked, word: Word | "unknown"): FastifyReply {
  if (word === "unknown") return sendProblem(reply, 404, "there is no such job; see /api/v1/jobs");
  if (word.ok) return reply.send(seenBy(web, person, word.job));
  const names = assetNames(web.model);
  return sendProblem(reply, 409, render(word.why, { language: "en", names }));
}

const NONE_HERE = "there is no workshop's queue here";

/** For whom a job is asked; a text says why not. */
function forWhom({ web, person }: Asked, { member }: JobWish): { readonly member?: string } | string {
  if (member !== undefined && !Object.hasOwn(web.model.site.members, member))
    return "the site has no such house; see members of /api/v1/site";
  if (member !== undefined && member !== person.member && !mayAs(person.role, "technician"))
    return "for others technicians alone may ask";
  const whose = member ?? person.member;
  return whose === undefined ? {} : { member: whose };
}

async function ask(asked: Asked, workshop: Workshop, wish: JobWish): Promise<FastifyReply> {
  const { web, person, reply } = asked;
  const whose = forWhom(asked, wish);
  if (typeof whose === "string") return sendProblem(reply, 403, whose);
  await web.desk.audit.note({ who: person.id, did: "asked", about: { kind: "job", asset: wish.machine } });
  const forOther = wish.member !== undefined && wish.member !== person.member;
  return sendWord(
    asked,
    await workshop.ask({
      ...{ ...wish, ...whose, vouched: trainsAt(person, wish.machine, web.model) },
      ...(!forOther && { person: person.id }),
    }),
  );
}

interface Change {
  /** As the audit tells it. */
  readonly kind: "job-moved" | "job-cancelled";
  readonly act: ((id: string) => Promise<Word | "unknown">) | undefined;
}

async function onJob(asked: Asked, id: string, { kind, act }: Change): Promise<FastifyReply> {
  const { web, person, reply } = asked;
  const job = web.workshop?.report().jobs.find((one) => one.id === id);
  if (job === undefined || act === undefined) return sendWord(asked, "unknown");
  if (!mayActFor(person, job)) return sendProblem(reply, 403, "that job is another member's");
  await web.desk.audit.note({ who: person.id, did: "asked", about: { kind, asset: job.machine } });
  return sendWord(asked, await act(id));
}

function addReads(app: Api, web: Web): void {
  app.get(
    "/api/v1/jobs",
    {
      config: { access: READ },
      schema: {
        summary: "The workshop's queue and how its machines stand",
        description: "Members see whose their own jobs are, technicians of all.",
        tags: TAGS,
        response: { 200: JobsAnswer },
      },
    },
    (request, reply) => {
      const person = personOf(request);
      const { jobs, ...rest } = web.workshop?.report() ?? { t: null, jobs: [], machines: [] };
      return reply.send({
        ...rest,
        jobs: jobs.map((job) => seenBy(web, person, job)),
        held: heldFor(web, person),
        training: ownTrainings(web, person),
      });
    },
  );
}

function addAsking(app: Api, web: Web): void {
  app.post(
    "/api/v1/jobs",
    {
      bodyLimit: REQUEST_BYTES_MAX,
      config: ASKING,
      schema: {
        summary: "Ask for a job on a machine",
        description: "The answer has its start, why then, what it takes from where, and another time.",
        tags: TAGS,
        body: JobWish,
        response: { 200: JobAnswer, ...REFUSED },
      },
    },
    async (request, reply) =>
      web.workshop === undefined
        ? sendProblem(reply, 503, NONE_HERE)
        : ask({ web, person: personOf(request), reply }, web.workshop, request.body),
  );
}

const changing = (summary: string) => ({
  config: ASKING,
  schema: { summary, tags: TAGS, params: ById, response: { 200: JobAnswer, ...REFUSED } },
});

function addChanges(app: Api, web: Web): void {
  app.post(
    "/api/v1/jobs/:id/alternative",
    changing("Take the other time of a promised job"),
    async (request, reply) =>
      onJob({ web, person: personOf(request), reply }, request.params.id, {
        kind: "job-moved",
        act: web.workshop?.alternative,
      }),
  );
  app.delete("/api/v1/jobs/:id", changing("Cancel a job"), async (request, reply) =>
    onJob({ web, person: personOf(request), reply }, request.params.id, {
      kind: "job-cancelled",
      act: web.workshop?.cancel,
    }),
  );
}

function addConfirm(app: Api, web: Web): void {
  app.post(
    "/api/v1/jobs/:id/confirm",
    {
      ...changing("Say to be at the machine beside whoever uses it"),
      config: { ...ASKING, access: { least: "member" } },
    },
    async (request, reply) => {
      const person = personOf(request);
      const job = web.workshop?.report().jobs.find(({ id }) => id === request.params.id);
      const asked = { web, person, reply };
      if (job === undefined || web.workshop === undefined) return sendWord(asked, "unknown");
      const word = await web.workshop.confirm(job.id, wordOf(person, job.machine, web));
      if (word !== "unknown" && word.ok)
        await web.desk.audit.note({
          who: person.id,
          did: "job-confirmed",
          about: { job: job.id, machine: job.machine },
        });
      return sendWord(asked, word);
    },
  );
}

/** Adds the routes of the queue to `app`. */
export function addJobs(app: Api, web: Web): void {
  addReads(app, web);
  addAsking(app, web);
  addChanges(app, web);
  addConfirm(app, web);
  app.post(
    "/api/v1/machines/:id/cared",
    {
      config: { access: { least: "technician", scope: "request" } },
      schema: {
        summary: "Say that a machine was cared for",
        tags: TAGS,
        params: ById,
        body: CaredFor,
        response: REFUSED,
      },
    },
    async (request, reply) =>
      (await web.workshop?.cared(request.params.id, request.body.care))
        ? sendDone(reply, undefined)
        : sendProblem(reply, 404, "no such machine, or no such care in the site file"),
  );
}
