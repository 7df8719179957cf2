// What the community agreed, over HTTP: proposed by one, consented by a second, ended the same way; an emergency rule by the
// role that the site file names. Everybody reads it. Tokens propose and consent to nothing: a person must have signed in.

import { Proposal } from "@gridwright/contract/agreement.ts";
import { AgreementAnswer, AgreementsAnswer, EmergencyAsked } from "@gridwright/contract/api-agreements.ts";
import { Problem } from "@gridwright/contract/api-answers.ts";
import { ById, type Person } from "@gridwright/contract/people.ts";
import { mayAs } from "@gridwright/contract/roles.ts";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Asks, Community, CommunityRefusal } from "../community/community.ts";
import type { Proposed } from "../community/proposals.ts";
import { type Access, personOf, READ } from "./access.ts";
import type { Api } from "./api.ts";
import { namesIn } from "./names.ts";
import type { Web } from "./options.ts";
import { nowOf } from "./plant-time.ts";
import { POSTS_MAX, POSTS_WINDOW_MS } from "./posts.ts";
import { sendProblem } from "./problem.ts";

const TAGS = ["community"];
const DECIDES: Access = { least: "technician" };
const DECIDING = { access: DECIDES, rateLimit: { max: POSTS_MAX, timeWindow: POSTS_WINDOW_MS } };
const REFUSED = { 400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 429: Problem };
const AT = "/api/v1/agreements";

const REFUSALS: Readonly<Record<Exclude<CommunityRefusal, object>, readonly [number, string]>> = {
  gone: [404, "there is no such agreement; see /api/v1/agreements"],
  own: [403, "a second person must consent: you stand behind it already"],
  "not-open": [409, "nobody waits for a second person there"],
  "not-yours": [403, "who proposed it or an admin takes it back"],
  full: [409, "too many wait for a second person; consent or take one back first"],
};

const asksOf = (web: Web, request: FastifyRequest): Asks => ({ person: personOf(request), now: nowOf(web) });

/** As its reader may see it: names for ids, of who still has an account. */
function seenBy(web: Web, { id: who }: Person, one: Proposed): AgreementAnswer {
  const name = namesIn(web);
  const { endBy, by, why, ...rest } = one;
  return {
    ...rest,
    holds: web.view.alarms.has(`agreement/${one.id}`),
    by: by.map(name),
    mine: by.includes(who),
    endAsked: endBy !== undefined && one.state === "agreed",
    endMine: endBy === who,
    ...(why !== undefined && { why }),
  };
}

interface Asked {
  readonly web: Web;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Does it where people agree here, and answers with what became of it. */
async function answer(
  { web, request, reply }: Asked,
  by: (community: Community, asks: Asks) => Promise<Proposed | CommunityRefusal>,
): Promise<FastifyReply> {
  if (web.community === undefined) return sendProblem(reply, 404, "nothing is agreed here");
  const outcome = await by(web.community, asksOf(web, request));
  if (typeof outcome === "string") return sendProblem(reply, ...REFUSALS[outcome]);
  if ("control" in outcome) return sendProblem(reply, 409, outcome.control);
  return reply.send(seenBy(web, personOf(request), outcome));
}

const answering = (summary: string) => ({
  summary,
  tags: TAGS,
  response: { 200: AgreementAnswer, ...REFUSED },
});

function addWrites(app: Api, web: Web): void {
  app.post(
    AT,
    {
      config: DECIDING,
      schema: { ...answering("Propose other tiers, allowances or steps for a time"), body: Proposal },
    },
    (request, reply) =>
      answer({ web, request, reply }, (community, asks) => community.propose(asks, request.body)),
  );
  app.post(
    `${AT}/:id/consent`,
    { config: DECIDING, schema: { ...answering("Be the second person behind a proposal"), params: ById } },
    (request, reply) =>
      answer({ web, request, reply }, (community, asks) => community.consent(asks, request.params.id)),
  );
  app.delete(
    `${AT}/:id`,
    {
      config: DECIDING,
      schema: {
        ...answering("Take a proposal back, propose an end, or end an emergency rule"),
        params: ById,
      },
    },
    (request, reply) =>
      answer({ web, request, reply }, (community, asks) => community.end(asks, request.params.id)),
  );
  app.post(
    "/api/v1/emergency",
    {
      config: { ...DECIDING, access: { least: web.model.site.community.emergency } },
      schema: {
        ...answering("Declare an emergency rule: other tiers for at most 72 h"),
        body: EmergencyAsked,
      },
    },
    (request, reply) =>
      answer({ web, request, reply }, (community, asks) => community.declare(asks, request.body)),
  );
}

/** Adds the routes of agreements to `app`. */
export function addAgreements(app: Api, web: Web): void {
  const { community, model } = web;
  app.get(
    AT,
    {
      config: { access: READ },
      schema: {
        summary: "What is agreed beside the site file, what waits for a second person, and what was",
        tags: TAGS,
        response: { 200: AgreementsAnswer },
      },
    },
    (request, reply) => {
      const person = personOf(request);
      return reply.send({
        now: nowOf(web),
        mayDeclare: person.via !== "screen" && mayAs(person.role, model.site.community.emergency),
        agreements: (community?.all() ?? []).map((one) => seenBy(web, person, one)),
      });
    },
  );
  addWrites(app, web);
}
