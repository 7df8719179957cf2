// The reading half of /api/v1: site, state, decisions, alarms, devices, buses, history, health. Nothing secret may be
// in it; every answer has a bound.
import {
  AlarmsAnswer,
  BusesAnswer,
  DecisionsAnswer,
  DevicesAnswer,
  HealthAnswer,
  HistoryAnswer,
  Problem,
  SiteAnswer,
  StateAnswer,
} from "@gridwright/contract/api-answers.ts";
import { PlanAnswer } from "@gridwright/contract/api-plan.ts";
import { DecisionsAsked, HISTORY_ROWS_MAX, HistoryAsked } from "@gridwright/contract/api-queries.ts";
import type { PlanReport } from "@gridwright/contract/plan/site-plan.ts";
import type { HistoryRow } from "@gridwright/contract/ports.ts";
import { epoch, millis } from "@gridwright/contract/units.ts";
import type { FastifyReply } from "fastify";
import { controlOf } from "../live/view.ts";
import { READ } from "./access.ts";
import type { Api } from "./api.ts";
import { wholeState } from "./delta.ts";
import { describeSite } from "./describe-site.ts";
import type { Web } from "./options.ts";
import { sendProblem } from "./problem.ts";

export const HISTORY_DEADLINE_MS = 10_000;

/** Rejects with the clock's abort; resolves undefined when the history took too long. */
async function queried(web: Web, asked: HistoryAsked): Promise<readonly HistoryRow[] | undefined> {
  const stop = new AbortController();
  const late = web.io.sleep(millis(HISTORY_DEADLINE_MS), stop.signal).then(
    () => undefined,
    () => undefined,
  );
  const { channel, from, to, bucketMs } = asked;
  const rows = web.history.query({ channel, from: epoch(from), to: epoch(to), bucketMs: millis(bucketMs) });
  const first = await Promise.race([rows, late]).finally(() => stop.abort());
  return first?.slice(0, HISTORY_ROWS_MAX);
}

async function historyRoute(web: Web, asked: HistoryAsked, reply: FastifyReply): Promise<FastifyReply> {
  if (!web.view.sourceOf.has(asked.channel))
    return sendProblem(
      reply,
      400,
      "channel must be asset/point as /api/v1/site lists them, e.g. battery/soc",
    );
  const rows = await queried(web, asked);
  if (rows === undefined) return sendProblem(reply, 504, "the history did not answer; ask for less");
  return reply.send({ ...asked, rows });
}

function addNow(app: Api, web: Web): void {
  const { view } = web;
  const site = describeSite(web.model);
  app.get(
    "/api/v1/site",
    {
      config: { access: READ },
      schema: { summary: "Assets, members, ladder", tags: ["site"], response: { 200: SiteAnswer } },
    },
    () => site,
  );
  app.get(
    "/api/v1/state",
    {
      config: { access: READ },
      schema: { summary: "Everything as it is now", tags: ["live"], response: { 200: StateAnswer } },
    },
    () => wholeState(view),
  );
  app.get(
    "/api/v1/alarms",
    {
      config: { access: READ },
      schema: {
        summary: "Open alarms and the last 50 that are over",
        tags: ["live"],
        response: { 200: AlarmsAnswer },
      },
    },
    () => ({ open: [...view.alarms.values()], cleared: view.cleared }),
  );
  app.get(
    "/api/v1/devices",
    {
      config: { access: READ },
      schema: { summary: "How each device answers", tags: ["live"], response: { 200: DevicesAnswer } },
    },
    () => Object.fromEntries(view.devices),
  );
  app.get(
    "/api/v1/buses",
    {
      config: { access: READ },
      schema: {
        summary: "Load and errors of each Modbus link",
        tags: ["live"],
        response: { 200: BusesAnswer },
      },
    },
    () => view.buses ?? { t: null, buses: {} },
  );
}

function addPast(app: Api, web: Web): void {
  const { view } = web;
  app.get(
    "/api/v1/decisions",
    {
      config: { access: READ },
      schema: {
        summary: "What was decided and why, newest first",
        tags: ["past"],
        querystring: DecisionsAsked,
        response: { 200: DecisionsAnswer, 400: Problem },
      },
    },
    ({ query: { limit, asset } }, reply) =>
      reply.send(view.decisions.filter((one) => asset === undefined || one.asset === asset).slice(0, limit)),
  );
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
    ({ query }, reply) => historyRoute(web, query, reply),
  );
}

const NO_PLAN: PlanReport = { state: "waiting", errors: {} };

/** Adds the reading routes to `app`. */
export function addReads(app: Api, web: Web): void {
  addNow(app, web);
  addPast(app, web);
  app.get(
    "/api/v1/plan",
    {
      config: { access: READ },
      schema: {
        summary: "The next 48 h: sun, load, charge, and when there is sun to spare",
        tags: ["live"],
        response: { 200: PlanAnswer },
      },
    },
    () => web.plan?.() ?? NO_PLAN,
  );
  app.get(
    "/api/v1/health",
    {
      config: { access: READ },
      schema: { summary: "How gridwright itself does", tags: ["live"], response: { 200: HealthAnswer } },
    },
    () => {
      const control = controlOf(web.view);
      return {
        ok: control.state === "live" && web.bus.connected,
        bus: web.bus.connected ? ("connected" as const) : ("not-connected" as const),
        control,
        recorder: web.recorderStatus?.() ?? null,
        streams: web.stream.count(),
      };
    },
  );
}
