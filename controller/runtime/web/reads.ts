// The reading half of /api/v1: site, state, decisions, alarms, devices, history, health. Open to whoever reaches
// loopback, so nothing secret may be in it; every answer has a bound.
import type { History, HistoryRow } from "@gridwright/contract/ports.ts";
import { epoch, millis } from "@gridwright/contract/units.ts";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { controlOf, DECISIONS_KEPT } from "../live/view.ts";
import { wholeState } from "./delta.ts";
import { describeSite } from "./describe-site.ts";
import type { Web } from "./options.ts";
import { sendProblem } from "./problem.ts";

export const HISTORY_ROWS_MAX = 5_000;
export const HISTORY_SPAN_MAX_MS = 400 * 86_400_000;
/** Raw points have no bucket to bound them, so their span is. */
export const HISTORY_RAW_SPAN_MAX_MS = 6 * 3_600_000;
export const HISTORY_DEADLINE_MS = 10_000;

type Query = Readonly<Record<string, string | undefined>>;
const queryOf = (request: FastifyRequest): Query => request.query as Query;

/** A whole number of the query between min and max; undefined when it is not one. */
function whole(text: string | undefined, min: number, max: number): number | undefined {
  if (text === undefined || !/^\d{1,15}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= min && value <= max ? value : undefined;
}

interface HistoryAsked {
  readonly channel: string;
  readonly from: number;
  readonly to: number;
  readonly bucketMs: number;
}

/** The query of /history, or what is wrong with it. */
export function parseHistoryQuery(query: Query, isChannel: (name: string) => boolean): HistoryAsked | string {
  const channel = query.channel ?? "";
  if (!isChannel(channel)) return "channel must be asset/point as /api/v1/site lists them, e.g. battery/soc";
  const from = whole(query.from, 0, 1e14);
  const to = whole(query.to, 0, 1e14);
  if (from === undefined || to === undefined || to <= from)
    return "from and to must be ms since 1970 UTC, from before to";
  const bucketMs = whole(query.bucketMs ?? "60000", 0, HISTORY_SPAN_MAX_MS);
  if (bucketMs === undefined) return "bucketMs must be a whole number of ms; 0 gives raw points";
  if (to - from > HISTORY_SPAN_MAX_MS) return `at most ${HISTORY_SPAN_MAX_MS} ms at once`;
  if (bucketMs === 0 && to - from > HISTORY_RAW_SPAN_MAX_MS)
    return `raw points: at most ${HISTORY_RAW_SPAN_MAX_MS} ms at once; or give bucketMs`;
  if (bucketMs > 0 && (to - from) / bucketMs > HISTORY_ROWS_MAX)
    return `at most ${HISTORY_ROWS_MAX} buckets at once: give bucketMs of at least ${Math.ceil((to - from) / HISTORY_ROWS_MAX)}`;
  return { channel, from, to, bucketMs };
}

/** Rejects with the clock's abort; resolves undefined when the history took too long. */
async function queried(web: Web, history: History, asked: HistoryAsked) {
  const stop = new AbortController();
  const late = web.io.sleep(millis(HISTORY_DEADLINE_MS), stop.signal).then(
    () => undefined,
    () => undefined,
  );
  const { channel, from, to, bucketMs } = asked;
  const rows = history.query({ channel, from: epoch(from), to: epoch(to), bucketMs: millis(bucketMs) });
  const first = await Promise.race([rows, late]).finally(() => stop.abort());
  return first?.slice(0, HISTORY_ROWS_MAX) satisfies readonly HistoryRow[] | undefined;
}

async function historyRoute(web: Web, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const asked = parseHistoryQuery(queryOf(request), (name) => web.view.sourceOf.has(name));
  if (typeof asked === "string") return sendProblem(reply, 400, asked);
  const rows = await queried(web, web.history, asked);
  if (rows === undefined) return sendProblem(reply, 504, "the history did not answer; ask for less");
  return reply.send({ ...asked, rows });
}

/** Adds the reading routes to `app`. */
export function addReads(app: FastifyInstance, web: Web): void {
  const site = describeSite(web.model);
  app.get("/api/v1/site", () => site);
  app.get("/api/v1/state", () => wholeState(web.view));
  app.get("/api/v1/alarms", () => ({ open: [...web.view.alarms.values()], cleared: web.view.cleared }));
  app.get("/api/v1/devices", () => Object.fromEntries(web.view.devices));
  app.get("/api/v1/decisions", (request, reply) => {
    const limit = whole(queryOf(request).limit ?? "50", 1, DECISIONS_KEPT);
    if (limit === undefined) return sendProblem(reply, 400, `limit must be 1 to ${DECISIONS_KEPT}`);
    return reply.send(web.view.decisions.slice(0, limit));
  });
  app.get("/api/v1/history", (request, reply) => historyRoute(web, request, reply));
  app.get("/api/v1/health", () => {
    const control = controlOf(web.view);
    return {
      ok: control.state === "live" && web.bus.connected,
      bus: web.bus.connected ? "connected" : "not-connected",
      control,
      recorder: web.recorderStatus?.() ?? null,
      streams: web.stream.count(),
    };
  });
}
