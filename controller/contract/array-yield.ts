// What arrays gave against what a clear sky would have let them give, and what takes the difference: for people who can wash,
// cut, mend or use. Means over the days that were looked at.
import { z } from "zod";
import { Reason } from "./api-answers.ts";
import type { Reason as ReasonSaid } from "./decision.ts";

export const LOSS_KINDS = ["string", "soiling", "shading", "clipping", "curtailed", "low"] as const;
export type LossKind = (typeof LOSS_KINDS)[number];

const YieldLoss = z.strictObject({
  kind: z.enum(LOSS_KINDS),
  whPerDay: z.number().describe("Wh that it costs a day, as the skies were"),
  why: Reason.describe("in words, with what to do"),
});
export interface YieldLoss {
  readonly kind: LossKind;
  readonly whPerDay: number;
  readonly why: ReasonSaid;
}

const ArrayYield = z
  .strictObject({
    asset: z.string(),
    clearDays: z.int().describe("days with hours of a clear sky; with too few nothing is said"),
    whPerDay: z.number().nullable().describe("Wh that it gave a day; null: hardly anything is known"),
    level: z
      .number()
      .nullable()
      .describe(
        "what it gives under a clear sky, as a share of what rating and plane promise; null: not known",
      ),
    losses: z.array(YieldLoss).describe("the dearest first"),
  })
  .meta({ id: "ArrayYield" });

export const YieldsAnswer = z.strictObject({
  since: z.number().describe("ms since 1970 UTC: where what was looked at begins"),
  placed: z.boolean().describe("false: the site file lacks latitude or longitude, so nothing can be judged"),
  arrays: z.array(ArrayYield),
});

export interface ArrayYield {
  readonly asset: string;
  readonly clearDays: number;
  readonly whPerDay: number | null;
  readonly level: number | null;
  readonly losses: readonly YieldLoss[];
}
export interface YieldReport {
  readonly since: number;
  readonly placed: boolean;
  readonly arrays: readonly ArrayYield[];
}
