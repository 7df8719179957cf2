// Trials of technicians' flows on a twin: begun, looked at and cancelled by technicians, from the page and from the editor,
// whose policy lets it reach nothing but its own path: there the same doors stand once more. The gate asks here, too,
// whether what is to be deployed was tried.
import { Problem } from "@gridwright/contract/api-answers.ts";
import { FlowsCompareWith, FlowsVersionNamed } from "@gridwright/contract/api-flows.ts";
import {
  Trial,
  TrialAsk,
  TrialBegun,
  TrialNamed,
  TrialsAnswer,
  TriedAnswer,
  TriedAsk,
} from "@gridwright/contract/api-trials.ts";
import { FlowsCompared } from "@gridwright/contract/flows-compare.ts";
import { REQUEST_BYTES_MAX } from "@gridwright/contract/request.ts";
import { FLOWS_ID, FLOWS_PREFIX } from "../flows/flows-door.ts";
import { type Access, personOf } from "./access.ts";
import type { Api } from "./api.ts";
import type { Web } from "./options.ts";
import { sendDone, sendProblem } from "./problem.ts";

const SEES: Access = { least: "technician", scope: "read" };
const DOES: Access = { least: "technician" };
const TAGS = ["flows"];
const REFUSED = { 400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem };
const NONE_HERE = "no flows are tried here";
const STARTS_MAX = 10;
const STARTS_WINDOW_MS = 60_000;

/** `hide`: the same doors again, where the editor reaches them. */
function addDoors(app: Api, { trials }: Web, { path, hide }: { path: string; hide: boolean }): void {
  app.get(
    path,
    {
      config: { access: SEES },
      schema: {
        ...{ hide, tags: TAGS, summary: "Flows that were tried on a twin of the site" },
        response: { 200: TrialsAnswer, ...REFUSED },
      },
    },
    (_request, reply) => reply.send({ trials: trials?.list() ?? [] }),
  );
  app.get(
    `${path}/:id`,
    {
      config: { access: SEES },
      schema: {
        ...{ hide, tags: TAGS, summary: "One trial, with what the day came to before and after" },
        params: TrialNamed,
        response: { 200: Trial, ...REFUSED },
      },
    },
    ({ params }, reply) => {
      const trial = trials?.one(params.id);
      return trial === undefined ? sendProblem(reply, 404, "there is no such trial") : reply.send(trial);
    },
  );
  addStart(app, trials, { path, hide });
  app.delete(
    `${path}/:id`,
    {
      config: { access: DOES },
      schema: {
        ...{ hide, tags: TAGS, summary: "Cancel a trial that runs" },
        params: TrialNamed,
        response: REFUSED,
      },
    },
    ({ params }, reply) =>
      trials?.cancel(params.id) === true
        ? sendDone(reply, undefined)
        : sendProblem(reply, 404, "no such trial runs"),
  );
}

function addStart(app: Api, trials: Web["trials"], { path, hide }: { path: string; hide: boolean }): void {
  app.post(
    path,
    {
      config: { access: DOES, rateLimit: { max: STARTS_MAX, timeWindow: STARTS_WINDOW_MS } },
      schema: {
        ...{ hide, tags: TAGS, summary: "Try flows on a twin of the site" },
        description:
          "Plays a day with these flows and with what runs now, faster than life; one at a time, at low priority. Nothing reaches the plant.",
        body: TrialAsk,
        response: { 200: TrialBegun, ...REFUSED, 429: Problem },
      },
    },
    async (request, reply) => {
      if (trials === undefined) return sendProblem(reply, 404, NONE_HERE);
      const id = await trials.start(request.body, personOf(request).id);
      return id === undefined ? sendProblem(reply, 409, "another trial runs") : reply.send({ id });
    },
  );
}

function addCompare(app: Api, { flows }: Web): void {
  app.get(
    "/api/v1/flows/versions/:n/compare",
    {
      config: { access: SEES },
      schema: {
        summary: "What is other in a version of the flows than in another one",
        tags: TAGS,
        params: FlowsVersionNamed,
        querystring: FlowsCompareWith,
        response: { 200: FlowsCompared, ...REFUSED },
      },
    },
    async ({ params, query }, reply) => {
      const found = await flows?.compare(params.n, query.with);
      return found === undefined ? sendProblem(reply, 404, "there is no such version") : reply.send(found);
    },
  );
}

/** Adds the routes of trials to `app`, and the comparison of versions. */
export function addTrials(app: Api, web: Web): void {
  addDoors(app, web, { path: "/api/v1/flows/trials", hide: false });
  addCompare(app, web);
  if (web.flows !== undefined) addDoors(app, web, { path: `${FLOWS_PREFIX}/gridwright/trials`, hide: true });
  app.post(
    "/api/v1/flows/tried",
    {
      bodyLimit: REQUEST_BYTES_MAX,
      config: { access: { least: "technician", scope: "flow" } },
      schema: {
        summary: "Whether flows of this hash were tried to the end",
        description: "Asked by the gate of the flows' own process before a deploy.",
        tags: TAGS,
        body: TriedAsk,
        response: { 200: TriedAnswer, ...REFUSED },
      },
    },
    (request, reply) =>
      personOf(request).id === FLOWS_ID
        ? reply.send({ tried: web.trials?.tried(request.body.hash) === true })
        : sendProblem(reply, 403, "only the process of the flows asks that"),
  );
}
