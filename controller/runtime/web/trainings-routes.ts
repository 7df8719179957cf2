// Trainings at machines over HTTP: one reads one's own; who trains at a machine reads, gives and withdraws those at it. Tokens
// give none: a person must have signed in.
import { Problem } from "@gridwright/contract/api-answers.ts";
import { ById, type Person } from "@gridwright/contract/people.ts";
import { NewTraining, type OwnTraining, TrainingsAnswer } from "@gridwright/contract/training.ts";
import { machineOf } from "@gridwright/core/jobs/power.ts";
import { giveTraining, trainees, trainsAt, withdrawTraining } from "../people/trainings.ts";
import { type Access, personOf, READ } from "./access.ts";
import type { Api } from "./api.ts";
import { namesIn } from "./names.ts";
import type { Web } from "./options.ts";
import { nowOf } from "./plant-time.ts";
import { POSTS_MAX, POSTS_WINDOW_MS } from "./posts.ts";
import { sendDone, sendProblem, sendRefusal } from "./problem.ts";

const TAGS = ["workshop"];
const GIVES: Access = { least: "member" };
const GIVING = { access: GIVES, rateLimit: { max: POSTS_MAX, timeWindow: POSTS_WINDOW_MS } };
const REFUSED = { 400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 429: Problem };
const AT = "/api/v1/trainings";
const DAY_MS = 86_400_000;
const NOT_YOURS = "a technician, or a member who supervises at that machine, trains there";

const ruled = ({ model }: Web): string[] =>
  Object.keys(model.assets).filter((id) => machineOf(model, id)?.training !== undefined);

/** Machines whose users must be trained, as they stand for this person. */
export function ownTrainings(web: Web, person: Person): Record<string, OwnTraining> {
  const { model, desk } = web;
  const own = desk.kept.now().trainings.filter((one) => one.person === person.id);
  const ofMachine = (id: string): OwnTraining => {
    const until = Math.max(0, ...own.filter(({ machine }) => machine === id).map((one) => one.expiresAt));
    return { until: until > nowOf(web) ? until : null, trains: trainsAt(person, id, model) };
  };
  return Object.fromEntries(ruled(web).map((id) => [id, ofMachine(id)]));
}

function answerFor(web: Web, person: Person): TrainingsAnswer {
  const { desk, model, demo } = web;
  const name = namesIn(web);
  const isScreen = person.via === "screen";
  const gives = (machine: string): boolean => !isScreen && trainsAt(person, machine, model);
  const machines = ruled(web).map((id) => ({
    id,
    days: (machineOf(model, id)?.training ?? 0) / DAY_MS,
    mayGive: gives(id),
  }));
  return {
    now: nowOf(web),
    machines,
    people: machines.some(({ mayGive }) => mayGive)
      ? trainees(desk, demo).filter(({ id }) => id !== person.id)
      : [],
    trainings: desk.kept
      .now()
      .trainings.filter((one) => one.person === person.id || gives(one.machine))
      .map(({ id, person: whose, machine, by, givenAt, expiresAt }) => ({
        ...{ id, machine, givenAt, expiresAt, name: name(whose), by: name(by) },
        ...{ mine: whose === person.id, mayWithdraw: gives(machine) },
      })),
  };
}

/** Adds the routes of trainings to `app`. */
export function addTrainings(app: Api, web: Web): void {
  const { desk, model, demo } = web;
  app.get(
    AT,
    {
      config: { access: READ },
      schema: { summary: "Trainings at machines", tags: TAGS, response: { 200: TrainingsAnswer } },
    },
    (request, reply) => reply.send(answerFor(web, personOf(request))),
  );
  app.post(
    AT,
    {
      config: GIVING,
      schema: { summary: "Say that somebody was trained", tags: TAGS, body: NewTraining, response: REFUSED },
    },
    async (request, reply) => {
      const by = personOf(request);
      const given = request.body;
      if (!trainsAt(by, given.machine, model)) return sendProblem(reply, 403, NOT_YOURS);
      if (given.person === by.id) return sendProblem(reply, 403, "nobody trains themselves");
      const refused = await giveTraining(desk, { by, given, place: { model, demo, now: nowOf(web) } });
      return refused?.no === "gone"
        ? sendProblem(reply, 404, "there is no such person, or no such machine whose users must be trained")
        : sendDone(reply, refused);
    },
  );
  app.delete(
    `${AT}/:id`,
    {
      config: GIVING,
      schema: { summary: "Take a training back", tags: TAGS, params: ById, response: REFUSED },
    },
    async (request, reply) => {
      const by = personOf(request);
      const one = desk.kept.now().trainings.find(({ id }) => id === request.params.id);
      if (one === undefined) return sendRefusal(reply, { no: "gone" });
      if (!trainsAt(by, one.machine, model)) return sendProblem(reply, 403, NOT_YOURS);
      await withdrawTraining(desk, by.id, one.id);
      return sendDone(reply, undefined);
    },
  );
}
