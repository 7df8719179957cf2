// Technicians' flows over HTTP: what a flow asks and is answered, the sign of life of their process, and what people are
// told of it. A flow only ever asks: each request has a reason and ends by itself.
import { z } from "zod";
import { RequestAnswer } from "./api-answers.ts";
import { JOB_MINUTES_MAX } from "./jobs.ts";
import { FlowBody, FlowsFailed, REQUEST_TTL_MAX_MS } from "./request.ts";

const FLOW_TTL_MIN_MS = 1_000;

export const FlowAsk = z.strictObject({
  ttlMs: z
    .int()
    .min(FLOW_TTL_MIN_MS)
    .max(REQUEST_TTL_MAX_MS)
    .describe("how long it holds at most; counted from receipt, in plant time"),
  body: FlowBody,
});

const Said = z.strictObject({ en: z.string(), es: z.string() });
export const FlowAnswer = RequestAnswer.extend({ said: Said.describe("the reason in words") });

/** Each time the process of the flows starts it names itself anew; a new name is a new life. */
export const FlowsBeat = z.strictObject({
  run: z.string().min(4).max(40),
  safe: z.boolean().describe("no flow runs in it, for what is deployed failed"),
});
export type FlowsBeat = z.output<typeof FlowsBeat>;

const VERSION_MAX = 1_000_000;
/** One accepted deploy. */
export const FlowsVersion = z.strictObject({
  n: z.int().min(1).max(VERSION_MAX),
  at: z.number().describe("wall time, ms"),
  by: z.string().max(100),
  message: z.string().max(300),
  nodes: z.int().min(0),
});
export type FlowsVersion = z.output<typeof FlowsVersion>;

export const FlowsAnswer = z.strictObject({
  state: z.enum(["none", "starting", "running", "safe", "lost"]),
  since: z.number().nullable().describe("wall time of that state, ms"),
  asked: z
    .strictObject({ accepted: z.int(), clipped: z.int(), refused: z.int() })
    .describe("since services run"),
  versions: z.array(FlowsVersion).describe("newest first"),
  watch: z
    .strictObject({ version: z.int(), leftMs: z.int().min(0).describe("real time") })
    .nullable()
    .describe("the version that is watched after its deploy; null: none is"),
  good: z
    .int()
    .nullable()
    .describe("the last version that proved itself; it comes back when a later one fails"),
  failed: FlowsFailed.extend({ at: z.number().describe("wall time, ms") })
    .nullable()
    .describe("what was taken back last, until something else proved itself or was deployed by a person"),
});
export type FlowsAnswer = z.output<typeof FlowsAnswer>;

export const FlowsVersionNamed = z.strictObject({ n: z.coerce.number().int().min(1).max(VERSION_MAX) });
export const FlowsCompareWith = z.strictObject({
  with: z.coerce.number().int().min(1).max(VERSION_MAX).describe("the version from which changes are told"),
});

export const FlowsRestore = z.strictObject({ n: z.int().min(1).max(VERSION_MAX) });

const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);

/** A job that a flow asks of the workshop's queue, for a machine that nobody must answer for. */
export const FlowJob = z.strictObject({
  machine: slug,
  minutes: z.number().min(1).max(JOB_MINUTES_MAX),
  withinMinutes: z
    .number()
    .min(1)
    .max(2 * JOB_MINUTES_MAX)
    .optional()
    .describe("it has ended by then; missing: two days"),
  what: z.string().trim().min(1).max(80).describe("what it is and why, for people"),
});

/** A line beside the energy accounts: what happened that a figure alone does not tell. */
export const FlowNote = z.strictObject({ text: z.string().trim().min(1).max(200) });
