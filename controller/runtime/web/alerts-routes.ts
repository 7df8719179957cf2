// Alerts over HTTP: which channels the site has, and a try of each.
import { Problem } from "@gridwright/contract/api-answers.ts";
import { ById } from "@gridwright/contract/people.ts";
import { z } from "zod";
import { type Access, personOf } from "./access.ts";
import type { Api } from "./api.ts";
import type { Web } from "./options.ts";
import { POSTS_MAX, POSTS_WINDOW_MS } from "./posts.ts";
import { sendDone, sendProblem } from "./problem.ts";

const TAGS = ["site"];
const READS: Access = { least: "technician", scope: "read" };
const TRIES: Access = { least: "technician", scope: "request" };
const Channels = z.strictObject({
  channels: z.record(z.string(), z.enum(["webhook", "ntfy", "email"])).describe("id in the site file → kind"),
});

/** Adds the routes to `app`. */
export function addAlerts(app: Api, web: Web): void {
  app.get(
    "/api/v1/alerts",
    {
      config: { access: READS },
      schema: { summary: "Where alarms go beside the page", tags: TAGS, response: { 200: Channels } },
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
        response: { 404: Problem, 409: Problem },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      if (web.alerts?.channels[id] === undefined)
        return sendProblem(reply, 404, "there is no such channel; see /api/v1/alerts");
      await web.desk.audit.note({ who: personOf(request).id, did: "alert-tried", about: { channel: id } });
      const why = await web.alerts.test(id);
      return why === undefined ? sendDone(reply, undefined) : sendProblem(reply, 409, why);
    },
  );
}
