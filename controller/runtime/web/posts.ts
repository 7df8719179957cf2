// The writing half of /api/v1: one door, POST /requests, for the operator's token. It does not act: control weighs
// the request like any other and its answer comes back.
import { type Answer, REQUEST_BYTES_MAX, RequestBody } from "@gridwright/contract/request.ts";
import { millis } from "@gridwright/contract/units.ts";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { createPostLimit, hasToken, isOwnOrigin } from "./guard.ts";
import type { Web } from "./options.ts";
import { sendProblem } from "./problem.ts";

export const ANSWER_DEADLINE_MS = 10_000;

const mistakesOf = (issues: readonly { path: readonly PropertyKey[]; message: string }[]): string =>
  issues.map(({ path, message }) => `${path.join(".") || "body"}: ${message}`).join("; ");

async function answered(web: Web, asking: Promise<Answer>): Promise<Answer | undefined> {
  const stop = new AbortController();
  const late = web.io.sleep(millis(ANSWER_DEADLINE_MS), stop.signal).then(
    () => undefined,
    () => undefined,
  );
  return Promise.race([asking, late]).finally(() => stop.abort());
}

async function requestRoute(web: Web, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  if (web.request === undefined) return sendProblem(reply, 503, "services have no key to sign requests with");
  const body = RequestBody.safeParse(request.body);
  if (!body.success) return sendProblem(reply, 400, mistakesOf(body.error.issues));
  const answer = await answered(web, web.request(body.data));
  if (answer === undefined) return sendProblem(reply, 504, "control did not answer; see /api/v1/health");
  return reply.send(answer);
}

/** Adds POST /api/v1/requests to `app`. */
export function addPosts(app: FastifyInstance, web: Web): void {
  const mayPost = createPostLimit(web.io);
  const guard = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    if (!mayPost(request.ip)) return sendProblem(reply.header("retry-after", "10"), 429, "wait ten seconds");
    if (!isOwnOrigin(request.headers)) return sendProblem(reply, 403, "a post must come from this page");
    if (!hasToken(request.headers, web.token))
      return sendProblem(
        reply.header("www-authenticate", "Bearer"),
        401,
        "send Authorization: Bearer <operator token>",
      );
    return undefined;
  };
  app.post("/api/v1/requests", { bodyLimit: REQUEST_BYTES_MAX, onRequest: guard }, (request, reply) =>
    requestRoute(web, request, reply),
  );
}
