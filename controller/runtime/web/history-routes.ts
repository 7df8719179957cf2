// What was measured, from the local history: the course of a channel in buckets or raw points, and its local days, months and
// years, which reach back further. One question is answered within a deadline, and with a bounded number of rows.
import { HistoryAnswer, PeriodsAnswer, Problem } from "@gridwright/contract/api-answers.ts";
import { HISTORY_ROWS_MAX, HistoryAsked, PeriodsAsked } from "@gridwright/contract/api-queries.ts";
import type { HistoryRow } from "@gridwright/contract/ports.ts";
import { epoch, millis, seconds } from "@gridwright/contract/units.ts";
import type { FastifyReply } from "fastify";
import { inTime } from "../clock/in-time.ts";
import { READ } from "./access.ts";
import type { Api } from "./api.ts";
import type { Web } from "./options.ts";
import { sendProblem } from "./problem.ts";

/** The history may take so long. */
const HISTORY_DEADLINE = seconds(10);

type Rows = readonly HistoryRow[];

interface Asking<T> {
  readonly web: Web;
  readonly asked: T & { readonly channel: string };
  readonly reply: FastifyReply;
}

async function answered<T>(
  { web, asked, reply }: Asking<T>,
  ask: () => Promise<Rows>,
): Promise<FastifyReply> {
  if (!web.view.sourceOf.has(asked.channel))
    return sendProblem(
      reply,
      400,
      "channel must be asset/point as /api/v1/site lists them, e.g. battery/soc",
    );
  const rows = await inTime(web.io, HISTORY_DEADLINE, ask());
  if (rows === undefined) return sendProblem(reply, 504, "the history did not answer; ask for less");
  return reply.send({ ...asked, rows });
}

/** Adds the history's routes to `app`. */
export function addHistory(app: Api, web: Web): void {
  const { history } = web;
  app.get(
    "/api/v1/history",
    {
      config: { access: READ },
      schema: {
        summary: "The course of one channel",
        tags: ["past"],
        querystring: HistoryAsked,
        response: { 200: HistoryAnswer, 400: Problem, 504: Problem },
      },
    },
    ({ query: asked }, reply) =>
      answered({ web, asked, reply }, async () => {
        const { channel, from, to, bucketMs } = asked;
        const rows = await history.query({
          channel,
          ...{ from: epoch(from), to: epoch(to), bucketMs: millis(bucketMs) },
        });
        return rows.slice(0, HISTORY_ROWS_MAX);
      }),
  );
  app.get(
    "/api/v1/history/periods",
    {
      config: { access: READ },
      schema: {
        summary: "Local days, months or years of one channel, with the energy of a counter",
        tags: ["past"],
        querystring: PeriodsAsked,
        response: { 200: PeriodsAnswer, 400: Problem, 504: Problem },
      },
    },
    ({ query: asked }, reply) =>
      answered({ web, asked, reply }, () =>
        history.periods({ ...asked, from: epoch(asked.from), to: epoch(asked.to) }),
      ),
  );
}
