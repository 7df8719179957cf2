// «Oops» over HTTP: any member holds a machine, with a reason; a technician or its keeper says that it is safe again.
import { Problem } from "@gridwright/contract/api-answers.ts";
import { OopsAsked } from "@gridwright/contract/api-jobs.ts";
import { ById, type Person } from "@gridwright/contract/people.ts";
import { mayAs } from "@gridwright/contract/roles.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { type Access, personOf } from "./access.ts";
import type { Api } from "./api.ts";
import type { Web } from "./options.ts";
import { nowOf } from "./plant-time.ts";
import { POSTS_MAX, POSTS_WINDOW_MS } from "./posts.ts";
import { sendDone, sendProblem } from "./problem.ts";

const ASKS: Access = { least: "member", scope: "request" };
const ASKING = { access: ASKS, rateLimit: { max: POSTS_MAX, timeWindow: POSTS_WINDOW_MS } };
const TAGS = ["workshop"];
const REFUSED = { 400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 429: Problem };
const AT = "/api/v1/machines/:id/oops";
const NONE_HERE = "there is no workshop's queue here";

/** A technician, or who belongs to the house that looks after it. */
export function mayRelease({ role, member }: Person, machine: string, { assets }: SiteModel): boolean {
  const spec = assets[machine]?.spec;
  const keeper = spec?.kind === "machine" ? spec.keeper : undefined;
  return mayAs(role, "technician") || (mayAs(role, "member") && keeper !== undefined && keeper === member);
}

/** What is held, as this person may see it. */
export const heldFor = ({ oops, model }: Web, person: Person) =>
  Object.fromEntries(
    Object.entries(oops?.all() ?? {}).map(([machine, { why, at, taken }]) => [
      machine,
      { why, at, taken, mayRelease: person.via !== "screen" && mayRelease(person, machine, model) },
    ]),
  );

export function addOops(app: Api, web: Web): void {
  const { desk, oops, model } = web;
  app.post(
    AT,
    {
      config: ASKING,
      schema: {
        summary: "Hold a machine: something is wrong with it",
        description: "What runs is let finish; then it gets no start until it is released.",
        tags: TAGS,
        params: ById,
        body: OopsAsked,
        response: REFUSED,
      },
    },
    async (request, reply) => {
      if (oops === undefined) return sendProblem(reply, 404, NONE_HERE);
      const { id } = request.params;
      const who = personOf(request).id;
      await desk.audit.note({ who, did: "machine-held", about: { machine: id, why: request.body.why } });
      const known = await oops.hold(id, { why: request.body.why, by: who, at: nowOf(web) });
      return known ? sendDone(reply, undefined) : sendProblem(reply, 404, "there is no such machine");
    },
  );
  app.delete(
    AT,
    {
      config: ASKING,
      schema: {
        summary: "Say that a held machine is safe again: a technician, or its keeper",
        tags: TAGS,
        params: ById,
        response: REFUSED,
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const person = personOf(request);
      if (!mayRelease(person, id, model))
        return sendProblem(reply, 403, "a technician or the keeper of the machine must release it");
      if (oops === undefined) return sendProblem(reply, 404, NONE_HERE);
      await desk.audit.note({ who: person.id, did: "machine-released", about: { machine: id } });
      const refused = await oops.release(id);
      return refused === undefined ? sendDone(reply, undefined) : sendProblem(reply, 409, refused);
    },
  );
}
