// A decision that a member contests: what was seen, decided and why as it stood in the journal, what became of it, and the
// ruling of an admin with its correction. Times are plant time, ms since 1970 UTC.
import { z } from "zod";
import type { ApiDecision } from "./api.ts";
import { Decision, Reason as ReasonAnswer } from "./api-answers.ts";
import type { Reason } from "./decision.ts";
import type { LeaseRecord } from "./records.ts";

const OPEN_OF_ONE_MAX = 5;
export const CONTESTS_MAX = { ofOne: OPEN_OF_ONE_MAX, kept: 300 } as const;

const Slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);
const said = (what: string) => z.string().trim().min(1).max(500).describe(what);
const time = z.number().describe("ms since 1970 UTC, plant time");

export const NewContest = z.strictObject({
  decision: z
    .string()
    .regex(/^\d{1,15}-[a-z0-9-]{1,120}(\.\d{1,20})?$/)
    .describe("id of the decision, as /api/v1/decisions and /api/v1/history/decisions tell it"),
  why: said("what was wrong with it, as all will read it"),
});
export type NewContest = z.output<typeof NewContest>;

export const OUTCOMES = ["right", "wrong"] as const;
export const NewRuling = z
  .strictObject({
    outcome: z.enum(OUTCOMES).describe("right: the decision stands; wrong: it should have been otherwise"),
    why: said("as all will read it"),
    correction: said("what is done about it; goes into the record of who did what").optional(),
  })
  .refine(({ outcome, correction }) => outcome === "wrong" || correction === undefined, {
    error: "what was right is not corrected",
  });
export type NewRuling = z.output<typeof NewRuling>;

/** Taken from the journal when it was contested, and never changed after. */
const EVENTS = [
  "granted",
  "renewed",
  "released",
  "expired",
  "verified",
  "failed",
  "override",
] as const satisfies readonly LeaseRecord["event"][];

const EvidenceAnswer = z.strictObject({
  decision: Decision.describe("with what was seen, its ages, what else was considered and passed over"),
  together: z.array(Decision).describe("decided about other assets within the same minute, newest first"),
  after: z
    .array(z.strictObject({ t: time, event: z.enum(EVENTS), detail: z.string().optional() }))
    .describe("what became of its command, oldest first"),
  agreed: z.array(ReasonAnswer).describe("agreements and alarms that stood when it was contested"),
});
export interface Evidence {
  readonly decision: ApiDecision;
  readonly together: readonly ApiDecision[];
  readonly after: readonly {
    readonly t: number;
    readonly event: LeaseRecord["event"];
    readonly detail?: string;
  }[];
  readonly agreed: readonly Reason[];
}

const Ruling = z.strictObject({
  outcome: z.enum(OUTCOMES),
  why: z.string(),
  correction: z.string().optional(),
  by: z.string(),
  at: time,
});

/** As it is kept; `by` are ids of accounts. */
export const Contest = z.strictObject({
  id: Slug,
  by: z.string(),
  at: time,
  why: z.string(),
  evidence: EvidenceAnswer,
  ruling: Ruling.optional(),
});
export type Contest = Omit<z.output<typeof Contest>, "evidence"> & { readonly evidence: Evidence };

export const ContestAnswer = Contest.extend({
  by: z.string().describe("its name; — where the account is gone"),
  mine: z.boolean(),
  mayRule: z.boolean(),
}).meta({ id: "Contest" });
export const ContestsAnswer = z.strictObject({ now: time, contests: z.array(ContestAnswer) });
export type ContestAnswer = Omit<z.output<typeof ContestAnswer>, "evidence"> & {
  readonly evidence: Evidence;
};
export interface ContestsAnswer {
  readonly now: number;
  readonly contests: readonly ContestAnswer[];
}
