// What /api/v1 answers of the journal: older decisions, its newest records, and how the processes do. Schemas for
// docs/openapi.json with the types of records.ts and messages.ts beside them.
import { z } from "zod";
import type { ApiDecision } from "./api.ts";
import { DecisionsAnswer } from "./api-answers.ts";
import type { ProcessMessage } from "./messages.ts";
import type { JournalRecord } from "./records.ts";

const time = z.number().describe("ms since 1970 UTC, plant time");

/** Newest first. */
export const PastDecisionsAnswer = z.strictObject({
  decisions: DecisionsAnswer,
  reachedTo: time
    .nullable()
    .describe("older ones may be before this: ask on with `before`; null: there are none"),
});
export interface PastDecisions {
  readonly decisions: readonly ApiDecision[];
  readonly reachedTo: number | null;
}

/** What is told of the journal: everything but readings, and of commands what is not mere renewal. */
export const TOLD_KINDS = ["decision", "request", "answer", "lease", "config", "alarm"] as const;
export type ToldRecord = Extract<JournalRecord, { readonly k: (typeof TOLD_KINDS)[number] }>;

/** Newest first. */
export const JournalAnswer = z.strictObject({
  records: z.array(z.looseObject({ k: z.enum(TOLD_KINDS), t: time, m: z.number() })),
});
export interface JournalTail {
  readonly records: readonly ToldRecord[];
}

const Spread = z.strictObject({ p50: z.number(), p99: z.number(), max: z.number() });
const perDay = z
  .number()
  .nullable()
  .describe(
    "bytes written to the card in a day, by the last 24 h or what was seen of them; null: not seen for an hour",
  );

export const ProcessesAnswer = z.strictObject({
  control: z
    .strictObject({
      t: time,
      ticks: z.number(),
      latenessMs: Spread,
      tickMs: Spread,
      memoryBytes: z.number(),
      diskWrittenBytes: z.number(),
      journal: z.strictObject({
        writtenBytes: z.number(),
        queuedBytes: z.number(),
        merged: z.number(),
        refused: z.number(),
        failing: z.boolean(),
      }),
    })
    .nullable()
    .describe("null: it has not told yet"),
  services: z.strictObject({ memoryBytes: z.number(), diskWrittenBytes: z.number() }),
  writtenPerDay: z.strictObject({ control: perDay, services: perDay }),
});
export interface Processes {
  readonly control: ProcessMessage | null;
  readonly services: { readonly memoryBytes: number; readonly diskWrittenBytes: number };
  readonly writtenPerDay: { readonly control: number | null; readonly services: number | null };
}
