// What /api/v1/agreements takes and answers.
import { z } from "zod";
import { EMERGENCY_MAX_MS, Proposal } from "./agreement.ts";

const HOUR_MS = 3_600_000;

/** One named role declares it, at once. */
export const EmergencyAsked = z.strictObject({
  title: Proposal.shape.title,
  hours: z
    .number()
    .min(0.25)
    .max(EMERGENCY_MAX_MS / HOUR_MS),
  tiers: Proposal.shape.tiers.refine((tiers) => Object.keys(tiers).length > 0, "say at least one tier"),
});
export type EmergencyAsked = z.output<typeof EmergencyAsked>;

export const AGREEMENT_STATES = ["open", "agreed", "ended", "refused", "withdrawn"] as const;

export const AgreementAnswer = z
  .strictObject({
    id: z.string(),
    state: z.enum(AGREEMENT_STATES).describe("open: waits for a second person"),
    emergency: z.boolean(),
    ...Proposal.shape,
    holds: z.boolean().describe("the controller goes by it now"),
    by: z.array(z.string()).describe("names of who stands behind it"),
    mine: z.boolean().describe("the asker proposed it, and cannot be the second"),
    endAsked: z.boolean().describe("somebody proposed its end; a second person must consent"),
    endMine: z.boolean(),
    at: z.number(),
    why: z.string().optional().describe("why the controller refused it"),
  })
  .meta({ id: "Agreement" });
export const AgreementsAnswer = z.strictObject({
  now: z.number().describe("plant time, ms since 1970 UTC"),
  mayDeclare: z.boolean().describe("the asker may declare an emergency rule"),
  agreements: z.array(AgreementAnswer),
});
export type AgreementAnswer = z.output<typeof AgreementAnswer>;
export type AgreementsAnswer = z.output<typeof AgreementsAnswer>;
