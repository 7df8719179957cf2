// The writing half of /api/v1: one door, POST /requests, in the name of who asks. It does not act: control weighs the
// request like any other and its answer comes back.
import { Problem, RequestAnswer } from "@gridwright/contract/api-answers.ts";
import type { Person } from "@gridwright/contract/people.ts";
import { type Answer, PlainBody, REQUEST_BYTES_MAX } from "@gridwright/contract/request.ts";
import { millis } from "@gridwright/contract/units.ts";
import { inTime } from "../clock/in-time.ts";
import { personOf } from "./access.ts";
import type { Api } from "./api.ts";
import type { Web } from "./options.ts";
import { sendProblem } from "./problem.ts";

export const ANSWER_DEADLINE_MS = 10_000;
/** Posts of one address. */
export const POSTS_MAX = 20;
export const POSTS_WINDOW_MS = 10_000;

async function requestRoute(
  web: Web,
  { role, member, id }: Person,
  body: PlainBody,
): Promise<Answer | "late" | undefined> {
  if (web.request === undefined) return undefined;
  const subject = body.kind === "acknowledge" ? { alarm: body.alarm } : { asset: body.asset };
  const wanted = body.kind === "switch" ? { on: body.on } : {};
  await web.desk.audit.note({ who: id, did: "asked", about: { kind: body.kind, ...subject, ...wanted } });
  const asking = web.request({ role, ...(member && { member }), body });
  return (await inTime(web.io, millis(ANSWER_DEADLINE_MS), asking)) ?? "late";
}

/** Adds POST /api/v1/requests to `app`. */
export function addPosts(app: Api, web: Web): void {
  app.post(
    "/api/v1/requests",
    {
      bodyLimit: REQUEST_BYTES_MAX,
      config: {
        access: { least: "member", scope: "request" },
        rateLimit: { max: POSTS_MAX, timeWindow: POSTS_WINDOW_MS },
      },
      schema: {
        summary: "Ask control for something",
        description: "Weighed like everything else; the answer says what became of it and why.",
        tags: ["requests"],
        body: PlainBody,
        response: {
          200: RequestAnswer,
          400: Problem,
          401: Problem,
          403: Problem,
          429: Problem,
          504: Problem,
        },
      },
    },
    async (request, reply) => {
      const answer = await requestRoute(web, personOf(request), request.body);
      if (answer === undefined) return sendProblem(reply, 503, "services have no key to sign requests with");
      if (answer === "late") return sendProblem(reply, 504, "control did not answer; see /api/v1/health");
      return reply.send(answer);
    },
  );
}
