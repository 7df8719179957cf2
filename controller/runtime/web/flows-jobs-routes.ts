// What flows ask of the workshop: a job on a machine that nobody must answer for, and its end. In the queue like any other, and
// its permits are a flow's wishes: control lets a person's wish stand before them and ends them with the flows.
import { Problem } from "@gridwright/contract/api-answers.ts";
import { FlowJob } from "@gridwright/contract/api-flows.ts";
import { JobAnswer } from "@gridwright/contract/api-jobs.ts";
import { ById } from "@gridwright/contract/people.ts";
import { REQUEST_BYTES_MAX } from "@gridwright/contract/request.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { type Access, personOf } from "./access.ts";
import type { Api } from "./api.ts";
import { sendWord } from "./jobs-routes.ts";
import type { Web } from "./options.ts";
import { nowOf } from "./plant-time.ts";
import { sendProblem } from "./problem.ts";

const ASKS: Access = { least: "technician", scope: "flow" };
const ASKING = { access: ASKS, rateLimit: { max: 20, timeWindow: 60_000 } };
const TAGS = ["flows", "workshop"];
const RESPONSES = { 200: JobAnswer, 400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem };
const MINUTE_MS = 60_000;
const NO_SUCH = "there is no such job of a flow";

export function addFlowJobs(app: Api, web: Web): void {
  app.post(
    "/api/v1/flows/jobs",
    {
      bodyLimit: REQUEST_BYTES_MAX,
      config: ASKING,
      schema: {
        summary: "A job that a technician's flow asks of the workshop's queue",
        description: "Refused for machines whose users must be trained or not alone.",
        tags: TAGS,
        body: FlowJob,
        response: { ...RESPONSES, 503: Problem },
      },
    },
    async (request, reply) => {
      const { workshop, desk } = web;
      if (workshop === undefined) return sendProblem(reply, 503, "there is no workshop's queue here");
      const { machine, minutes, withinMinutes, what } = request.body;
      const person = personOf(request);
      await desk.audit.note({
        who: person.id,
        did: "asked",
        about: { kind: "job", asset: machine },
      });
      const deadline =
        withinMinutes === undefined ? {} : { deadline: epoch(nowOf(web) + withinMinutes * MINUTE_MS) };
      const wish = { machine, minutes, what, interruptible: true, byFlow: true, ...deadline };
      return sendWord({ web, person, reply }, await workshop.ask(wish));
    },
  );
  app.delete(
    "/api/v1/flows/jobs/:id",
    {
      config: ASKING,
      schema: {
        summary: "Cancel a job that a flow asked for",
        tags: TAGS,
        params: ById,
        response: RESPONSES,
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const job = web.workshop?.report().jobs.find((one) => one.id === id);
      if (job?.byFlow !== true || web.workshop === undefined) return sendProblem(reply, 404, NO_SUCH);
      return sendWord({ web, person: personOf(request), reply }, await web.workshop.cancel(id));
    },
  );
}
