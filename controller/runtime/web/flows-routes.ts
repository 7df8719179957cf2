// The door of technicians' flows: they ask by a token of their own scope, in the role of a flow, always with a ttl and a
// reason; control weighs each request. People see how the flows do and bring a kept version back.

import { Problem } from "@gridwright/contract/api-answers.ts";
import { FlowAnswer, FlowAsk, FlowsAnswer, FlowsBeat, FlowsRestore } from "@gridwright/contract/api-flows.ts";
import { LANGUAGES } from "@gridwright/contract/reasons.ts";
import { render } from "@gridwright/contract/render.ts";
import { type Answer, REQUEST_BYTES_MAX } from "@gridwright/contract/request.ts";
import { assetNames } from "@gridwright/contract/site/asset-names.ts";
import { millis } from "@gridwright/contract/units.ts";
import { inTime } from "../clock/in-time.ts";
import { FLOWS_ID } from "../flows/flows-door.ts";
import { type Access, personOf } from "./access.ts";
import type { Api } from "./api.ts";
import { addFlowJobs } from "./flows-jobs-routes.ts";
import { addFlowNotes } from "./flows-notes-routes.ts";
import type { Web } from "./options.ts";
import { ANSWER_DEADLINE_MS } from "./posts.ts";
import { sendDone, sendProblem } from "./problem.ts";

/** Of all flows together: more wishes than this are a flow gone wild. */
export const FLOW_POSTS_MAX = 40;
const FLOW_POSTS_WINDOW_MS = 10_000;
const BEATS_MAX = 30;

const ASKS: Access = { least: "technician", scope: "flow" };
const SEES: Access = { least: "technician", scope: "read" };
const TAGS = ["flows"];
const REFUSED = { 400: Problem, 401: Problem, 403: Problem, 409: Problem, 429: Problem };
const NONE_HERE = "no flows run here";

const inWords = (web: Web, { reason }: Answer): Readonly<Record<string, string>> => {
  const names = assetNames(web.model);
  return Object.fromEntries(LANGUAGES.map((language) => [language, render(reason, { language, names })]));
};

function addRequests(app: Api, web: Web): void {
  app.post(
    "/api/v1/flows/requests",
    {
      bodyLimit: REQUEST_BYTES_MAX,
      config: {
        access: ASKS,
        rateLimit: { max: FLOW_POSTS_MAX, timeWindow: FLOW_POSTS_WINDOW_MS / (web.pace ?? 1) },
      },
      schema: {
        summary: "What a technician's flow asks of control",
        description:
          "In the role of a flow: bound like a comfort rule, never stronger than a person's wish, over when its ttl is or when the flows' process is lost.",
        tags: TAGS,
        body: FlowAsk,
        response: { 200: FlowAnswer, ...REFUSED, 503: Problem, 504: Problem },
      },
    },
    async (request, reply) => {
      if (web.request === undefined) return sendProblem(reply, 503, "services have no key to sign with");
      const { ttlMs, body } = request.body;
      const answering = inTime(
        web.io,
        millis(ANSWER_DEADLINE_MS),
        web.request({ role: "flow", ttlMs: millis(ttlMs), body }),
      );
      const own = personOf(request).id === FLOWS_ID;
      const answer = await (web.flows?.counted({ own, body }, answering) ?? answering);
      if (answer === undefined) return sendProblem(reply, 504, "control did not answer; see /api/v1/health");
      return reply.send({ ...answer, said: inWords(web, answer) });
    },
  );
}

function addBeat(app: Api, web: Web): void {
  app.post(
    "/api/v1/flows/beat",
    {
      bodyLimit: REQUEST_BYTES_MAX,
      config: { access: ASKS, rateLimit: { max: BEATS_MAX, timeWindow: FLOW_POSTS_WINDOW_MS } },
      schema: {
        summary: "The sign of life of the flows' own process",
        tags: TAGS,
        body: FlowsBeat,
        response: REFUSED,
      },
    },
    (request, reply) => {
      if (personOf(request).id !== FLOWS_ID || web.flows === undefined)
        return sendProblem(reply, 403, "only the process of the flows tells how it does");
      web.flows.heard(request.body);
      return sendDone(reply, undefined);
    },
  );
}

/** Adds the routes of the flows to `app`. */
export function addFlows(app: Api, web: Web): void {
  addRequests(app, web);
  addBeat(app, web);
  addFlowJobs(app, web);
  addFlowNotes(app, web);
  app.get(
    "/api/v1/flows",
    {
      config: { access: SEES },
      schema: {
        summary: "How the technicians' flows do, and the versions that were deployed",
        tags: TAGS,
        response: { 200: FlowsAnswer, 401: Problem, 403: Problem },
      },
    },
    async () =>
      (await web.flows?.report()) ?? {
        ...{ state: "none", since: null, versions: [], watch: null, good: null, failed: null },
        asked: { accepted: 0, clipped: 0, refused: 0 },
      },
  );
  app.post(
    "/api/v1/flows/restore",
    {
      config: { access: { least: "technician" } },
      schema: {
        summary: "Deploy a kept version of the flows again",
        description: "It is judged like any other deploy; the refusal names what is wrong and where.",
        tags: TAGS,
        body: FlowsRestore,
        response: REFUSED,
      },
    },
    async (request, reply) => {
      const { id } = personOf(request);
      const { n } = request.body;
      if (web.flows === undefined) return sendProblem(reply, 409, NONE_HERE);
      await web.desk.audit.note({ who: id, did: "flows-restored", about: { version: n } });
      const refused = await web.flows.restore(n, id);
      return refused === undefined ? sendDone(reply, undefined) : sendProblem(reply, 409, refused);
    },
  );
}
