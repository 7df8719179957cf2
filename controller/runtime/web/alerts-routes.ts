// Alerts over HTTP: which channels the site has, and a try of each.
import { AlertChannels, type AlertFailure, AlertNotSent } from "@gridwright/contract/api-alerts.ts";
import { Problem } from "@gridwright/contract/api-answers.ts";
import { ById } from "@gridwright/contract/people.ts";
import { type Access, personOf } from "./access.ts";
import type { Api } from "./api.ts";
import type { Web } from "./options.ts";
import { POSTS_MAX, POSTS_WINDOW_MS } from "./posts.ts";
import { problemOf, sendDone, sendProblem } from "./problem.ts";

const TAGS = ["site"];
const READS: Access = { least: "technician", scope: "read" };
const TRIES: Access = { least: "technician", scope: "request" };
const WORDS: Readonly<Record<AlertFailure["why"], string>> = {
  answered: "it did not take it",
  nobody: "nobody answers at its address",
  silent: "it did not answer in time",
  secret: "the file of its secret cannot be read",
  "no-browser": "no browser of your own is told; switch it on in your account first",
  refused: "control does not switch it now; the log says why",
  unknown: "it did not leave; the log says why",
};

/** Adds the routes to `app`. */
export function addAlerts(app: Api, web: Web): void {
  app.get(
    "/api/v1/alerts",
    {
      config: { access: READS },
      schema: { summary: "Where alarms go beside the page", tags: TAGS, response: { 200: AlertChannels } },
    },
    (_request, reply) => reply.send({ channels: web.alerts?.channels ?? {} }),
  );
  app.post(
    "/api/v1/alerts/:id/test",
    {
      config: { access: TRIES, rateLimit: { max: POSTS_MAX, timeWindow: POSTS_WINDOW_MS } },
      schema: {
        summary: "Send a try on a channel; says why it did not arrive",
        tags: TAGS,
        params: ById,
        response: { 404: Problem, 409: AlertNotSent },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      if (web.alerts?.channels[id] === undefined)
        return sendProblem(reply, 404, "there is no such channel; see /api/v1/alerts");
      const { id: by } = personOf(request);
      await web.desk.audit.note({ who: by, did: "alert-tried", about: { channel: id } });
      const failed = await web.alerts.test(id, by);
      if (failed === undefined) return sendDone(reply, undefined);
      const { why, answered } = failed;
      const detail = answered === undefined ? WORDS[why] : `${WORDS[why]}: it answered ${answered}`;
      return reply
        .code(409)
        .type("application/problem+json")
        .send({ ...problemOf(409, detail), ...failed });
    },
  );
}
