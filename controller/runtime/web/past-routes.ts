// What the journal tells beyond what services hold in memory: older decisions, page by page, and for technicians its newest
// records and how the processes do. Only read; how much is unpacked for one question is bounded.
import { actOf } from "@gridwright/contract/acts.ts";
import { Problem } from "@gridwright/contract/api-answers.ts";
import {
  JournalAnswer,
  PastDecisionsAnswer,
  ProcessesAnswer,
  TOLD_KINDS,
  type ToldRecord,
} from "@gridwright/contract/api-past.ts";
import { JournalAsked, PastDecisionsAsked } from "@gridwright/contract/api-queries.ts";
import type { Decision } from "@gridwright/contract/decision.ts";
import type { JournalRecord } from "@gridwright/contract/records.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { seconds } from "@gridwright/contract/units.ts";
import type { FastifyReply } from "fastify";
import { inTime } from "../clock/in-time.ts";
import { idOf } from "../live/view.ts";
import { bytesWritten } from "../loop/process-report.ts";
import { type Access, READ } from "./access.ts";
import type { Api } from "./api.ts";
import type { JournalBack, Web } from "./options.ts";
import { sendProblem } from "./problem.ts";

const JOURNAL_DEADLINE = seconds(10);
const TECHNICIAN: Access = { least: "technician", scope: "read" };
const TOLD: ReadonlySet<JournalRecord["k"]> = new Set(TOLD_KINDS);
const DECISIONS: ReadonlySet<JournalRecord["k"]> = new Set(["decision"]);
/** A lease that goes on as it was is no news. */
const ROUTINE: ReadonlySet<string> = new Set(["renewed", "verified"]);
const LATE = "the journal did not answer; ask for less";
const NONE_HERE = "there is no journal here";

const isTold = (record: JournalRecord): record is ToldRecord =>
  TOLD.has(record.k) && !(record.k === "lease" && ROUTINE.has(record.event));

/** Whether a decision is among those that were asked for. */
const wantedOf =
  ({ assets }: SiteModel, { asset, member, act }: PastDecisionsAsked) =>
  (decision: Decision): boolean => {
    if (asset !== undefined && decision.asset !== asset) return false;
    if (act !== undefined && actOf(decision) !== act) return false;
    if (member === undefined) return true;
    const spec = assets[decision.asset]?.spec;
    return spec !== undefined && "member" in spec && spec.member === member;
  };

const decisionIn = (record: JournalRecord): Decision | undefined =>
  record.k === "decision" ? record.decision : undefined;

interface Asking {
  readonly web: Web;
  readonly reply: FastifyReply;
}

/** Asks the journal in time and sends what is made of it, or why there is nothing. */
async function fromJournal(
  { web, reply }: Asking,
  asked: Parameters<JournalBack>[0],
  answer: (found: Awaited<ReturnType<JournalBack>>) => object,
): Promise<FastifyReply> {
  if (web.journal === undefined) return sendProblem(reply, 503, NONE_HERE);
  const found = await inTime(web.io, JOURNAL_DEADLINE, web.journal(asked));
  return found === undefined ? sendProblem(reply, 504, LATE) : reply.send(answer(found));
}

function addDecisions(app: Api, web: Web): void {
  app.get(
    "/api/v1/history/decisions",
    {
      config: { access: READ },
      schema: {
        summary: "Older decisions, newest first, as far back as the journal reaches",
        tags: ["past"],
        querystring: PastDecisionsAsked,
        response: { 200: PastDecisionsAnswer, 400: Problem, 503: Problem, 504: Problem },
      },
    },
    ({ query }, reply) => {
      const { from, before, limit } = query;
      const isWanted = wantedOf(web.model, query);
      const wanted = (record: JournalRecord): boolean => {
        const decision = decisionIn(record);
        return decision !== undefined && isWanted(decision);
      };
      return fromJournal(
        { web, reply },
        { from, before, limit, wanted, kinds: DECISIONS },
        ({ records, reachedTo }) => ({
          decisions: records
            .flatMap((record) => decisionIn(record) ?? [])
            .map((decision) => ({ ...decision, id: idOf(decision) })),
          reachedTo,
        }),
      );
    },
  );
}

function addJournal(app: Api, web: Web): void {
  app.get(
    "/api/v1/journal",
    {
      config: { access: TECHNICIAN },
      schema: {
        summary: "The newest records of the journal, without readings",
        tags: ["past"],
        querystring: JournalAsked,
        response: { 200: JournalAnswer, 400: Problem, 503: Problem, 504: Problem },
      },
    },
    ({ query: { limit } }, reply) =>
      fromJournal(
        { web, reply },
        { from: 0, before: Number.POSITIVE_INFINITY, limit, wanted: isTold, kinds: TOLD },
        ({ records }) => ({ records }),
      ),
  );
}

/** Adds the routes to `app`. */
export function addPast(app: Api, web: Web): void {
  addDecisions(app, web);
  addJournal(app, web);
  app.get(
    "/api/v1/processes",
    {
      config: { access: TECHNICIAN },
      schema: {
        summary: "How control and services do, and what they write to the card",
        tags: ["live"],
        response: { 200: ProcessesAnswer },
      },
    },
    () => ({
      control: web.view.process ?? null,
      services: { memoryBytes: process.memoryUsage.rss(), diskWrittenBytes: bytesWritten() },
      writtenPerDay: web.wears.perDay(),
    }),
  );
}
