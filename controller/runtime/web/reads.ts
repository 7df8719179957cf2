// The reading half of /api/v1: site, state, decisions, alarms, devices, buses, health. Nothing secret may be in it; every
// answer has a bound.
import {
  AlarmsAnswer,
  BusesAnswer,
  DecisionsAnswer,
  DevicesAnswer,
  HealthAnswer,
  Problem,
  SiteAnswer,
  StateAnswer,
} from "@gridwright/contract/api-answers.ts";
import { PlanAnswer } from "@gridwright/contract/api-plan.ts";
import { DecisionsAsked } from "@gridwright/contract/api-queries.ts";
import type { PlanReport } from "@gridwright/contract/plan/site-plan.ts";
import { controlOf } from "../live/view.ts";
import { READ } from "./access.ts";
import type { Api } from "./api.ts";
import { wholeState } from "./delta.ts";
import { describeSite } from "./describe-site.ts";
import { addHistory } from "./history-routes.ts";
import type { Web } from "./options.ts";

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
}

const NO_PLAN: PlanReport = { state: "waiting", errors: {} };

/** Adds the reading routes to `app`. */
export function addReads(app: Api, web: Web): void {
  addNow(app, web);
  addPast(app, web);
  addHistory(app, web);
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
