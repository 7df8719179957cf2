// The writing half of /api/v1: one door, POST /requests, for the operator's token. It does not act: control weighs
// the request like any other and its answer comes back.
import { Problem, RequestAnswer } from "@gridwright/contract/api-answers.ts";
import { type Answer, REQUEST_BYTES_MAX, RequestBody } from "@gridwright/contract/request.ts";
import { millis } from "@gridwright/contract/units.ts";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Api } from "./api.ts";
import { hasToken, isOwnOrigin } from "./guard.ts";
import type { Web } from "./options.ts";
import { sendProblem } from "./problem.ts";

export const ANSWER_DEADLINE_MS = 10_000;
/** Posts of one address. */
export const POSTS_MAX = 20;
export const POSTS_WINDOW_MS = 10_000;

async function answered(web: Web, asking: Promise<Answer>): Promise<Answer | undefined> {
  const stop = new AbortController();
  const late = web.io.sleep(millis(ANSWER_DEADLINE_MS), stop.signal).then(
    () => undefined,
    () => undefined,
  );
  return Promise.race([asking, late]).finally(() => stop.abort());
}

async function requestRoute(web: Web, body: RequestBody, reply: FastifyReply): Promise<FastifyReply> {
  if (web.request === undefined) return sendProblem(reply, 503, "services have no key to sign requests with");
  const answer = await answered(web, web.request(body));
  if (answer === undefined) return sendProblem(reply, 504, "control did not answer; see /api/v1/health");
  return reply.send(answer);
}

/** Adds POST /api/v1/requests to `app`. */
export function addPosts(app: Api, web: Web): void {
  const guard = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    if (!isOwnOrigin(request.headers)) return sendProblem(reply, 403, "a post must come from this page");
    if (!hasToken(request.headers, web.token))
      return sendProblem(
        reply.header("www-authenticate", "Bearer"),
        401,
        "send Authorization: Bearer <operator token>",
      );
    return undefined;
  };
  app.post(
    "/api/v1/requests",
    {
      bodyLimit: REQUEST_BYTES_MAX,
      config: { rateLimit: { max: POSTS_MAX, timeWindow: POSTS_WINDOW_MS } },
      onRequest: guard,
      schema: {
        summary: "Ask control for something",
        description: "Weighed like everything else; the answer says what became of it and why.",
        tags: ["requests"],
        body: RequestBody,
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
    ({ body }, reply) => requestRoute(web, body, reply),
  );
}
