// Contested decisions over HTTP: a member contests, everybody reads the evidence and the ruling, an admin who did not contest
// it rules. Tokens contest nothing: a person must have signed in.
import { Problem } from "@gridwright/contract/api-answers.ts";
import {
  type Contest,
  ContestAnswer,
  ContestsAnswer,
  NewContest,
  NewRuling,
} from "@gridwright/contract/contest.ts";
import { ById, type Person } from "@gridwright/contract/people.ts";
import { mayAs } from "@gridwright/contract/roles.ts";
import type { FastifyReply } from "fastify";
import type { ContestRefusal } from "../community/contests.ts";
import { type Access, personOf, READ } from "./access.ts";
import type { Api } from "./api.ts";
import { evidenceOf } from "./evidence.ts";
import { namesIn } from "./names.ts";
import type { Web } from "./options.ts";
import { nowOf } from "./plant-time.ts";
import { POSTS_MAX, POSTS_WINDOW_MS } from "./posts.ts";
import { sendProblem } from "./problem.ts";

const TAGS = ["community"];
const AT = "/api/v1/contests";
const limited = (access: Access) => ({
  access,
  rateLimit: { max: POSTS_MAX, timeWindow: POSTS_WINDOW_MS },
});
const REFUSED = {
  400: Problem,
  401: Problem,
  403: Problem,
  404: Problem,
  409: Problem,
  429: Problem,
  504: Problem,
};
const NONE_HERE = "nothing is contested here";

const REFUSALS: Readonly<Record<ContestRefusal, readonly [number, string]>> = {
  gone: [
    404,
    "there is no such decision, or no such contest; see /api/v1/history/decisions and /api/v1/contests",
  ],
  twice: [409, "that decision is contested already; see /api/v1/contests"],
  full: [409, "too many wait for a ruling; let an admin rule first"],
  own: [403, "an admin who did not contest it must rule"],
  ruled: [409, "it was ruled already"],
};

/** As its reader may see it: names for ids. */
function seenBy(web: Web, person: Person, { by, ruling, ...rest }: Contest): ContestAnswer {
  const name = namesIn(web);
  const rules = person.via !== "screen" && mayAs(person.role, "admin");
  return {
    ...rest,
    ...(ruling !== undefined && { ruling: { ...ruling, by: name(ruling.by) } }),
    ...{ by: name(by), mine: by === person.id, mayRule: rules && ruling === undefined && by !== person.id },
  };
}

const sendOutcome = (
  web: Web,
  { reply, person }: { readonly reply: FastifyReply; readonly person: Person },
  outcome: Contest | ContestRefusal,
): FastifyReply =>
  typeof outcome === "string"
    ? sendProblem(reply, ...REFUSALS[outcome])
    : reply.send(seenBy(web, person, outcome));

function addContesting(app: Api, web: Web): void {
  app.post(
    AT,
    {
      config: limited({ least: "member" }),
      schema: {
        summary: "Contest a decision",
        description: "The answer has the evidence, as it stood in the journal.",
        tags: TAGS,
        body: NewContest,
        response: { 200: ContestAnswer, ...REFUSED },
      },
    },
    async (request, reply) => {
      const person = personOf(request);
      if (web.contests === undefined) return sendProblem(reply, 404, NONE_HERE);
      const { decision, why } = request.body;
      const evidence = await evidenceOf(web, decision);
      if (evidence === "late") return sendProblem(reply, 504, "the journal did not answer; try again");
      if (evidence === undefined) return sendProblem(reply, ...REFUSALS.gone);
      const said = { person, now: nowOf(web), why, evidence };
      return sendOutcome(web, { reply, person }, await web.contests.contest(said));
    },
  );
}

function addRuling(app: Api, web: Web): void {
  app.post(
    `${AT}/:id/ruling`,
    {
      config: limited({ least: "admin" }),
      schema: {
        summary: "Rule on a contested decision, once",
        tags: TAGS,
        params: ById,
        body: NewRuling,
        response: { 200: ContestAnswer, ...REFUSED },
      },
    },
    async (request, reply) => {
      const person = personOf(request);
      if (web.contests === undefined) return sendProblem(reply, 404, NONE_HERE);
      const said = { person, now: nowOf(web), id: request.params.id, ruling: request.body };
      return sendOutcome(web, { reply, person }, await web.contests.rule(said));
    },
  );
}

/** Adds the routes of contested decisions to `app`. */
export function addContests(app: Api, web: Web): void {
  app.get(
    AT,
    {
      config: { access: READ },
      schema: {
        summary: "Contested decisions with their evidence and ruling, newest first",
        tags: TAGS,
        response: { 200: ContestsAnswer },
      },
    },
    (request, reply) => {
      const person = personOf(request);
      const contests = (web.contests?.all() ?? []).map((one) => seenBy(web, person, one));
      return reply.send({ now: nowOf(web), contests });
    },
  );
  addContesting(app, web);
  addRuling(app, web);
}
