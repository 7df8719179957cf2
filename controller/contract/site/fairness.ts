// What the community agreed: who is entitled to what, how much a house may use in a day, and the bounds that no comfort
// or energy rule passes. Protection of people and equipment is not bound by any of it.
import { z } from "zod";
import { apparentPower, duration, energyAmount, share, slug } from "./fields.ts";

export const Member = z.strictObject({
  name: z.string().min(1).max(60),
  share: z
    .number()
    .min(0.1)
    .max(100)
    .default(1)
    .describe("entitlement beside the others': 2 is entitled to twice as much"),
  need: z
    .number()
    .min(0.1)
    .max(10)
    .default(1)
    .describe("weight of its need: at 2 an hour without supply counts twice, so it is cut half as often"),
  allowance: energyAmount("energy of a day, instead of the one that all have").optional(),
  powerLimit: apparentPower("most it may take at once, instead of what all may").optional(),
});

export const Fairness = z.strictObject({
  allowance: energyAmount("energy that each member may use in a day; none: it is not limited").optional(),
  powerLimit: apparentPower("most that each member may take at once; none: it is not limited").optional(),
  warn: duration("a member over its allowance or limit is warned so long before a load of it goes").prefault(
    "10 min",
  ),
  surplus: z
    .strictObject({
      above: share("energy is plenty above this charge of the battery"),
      factor: z.number().min(1).max(10).describe("allowance and limit are so many times as wide then"),
    })
    .prefault({ above: "85 %", factor: 1.5 }),
  scarcity: z
    .strictObject({
      below: share("energy is scarce below this charge of the battery"),
      factor: z.number().min(0.1).max(1).describe("allowance and limit shrink to this part then"),
    })
    .prefault({ below: "40 %", factor: 0.7 }),
});

export const Envelope = z.strictObject({
  perPass: z
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe(
      "most loads that comfort and energy rules switch off in one pass; none: a quarter of the switched loads, at least 8",
    ),
  perHour: z
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .describe(
      "most switchings off by comfort and energy rules in an hour; none: twice the number of switched loads, at least 40",
    ),
  closingsPerDay: z
    .int()
    .min(1)
    .max(200)
    .default(20)
    .describe("most closings of one relay in 24 hours by comfort and energy rules"),
  relayLife: z
    .int()
    .min(100)
    .max(100_000_000)
    .default(100_000)
    .describe("closings after which a relay is due for replacement; told as an alarm"),
  futileAfter: z
    .int()
    .min(1)
    .max(50)
    .default(3)
    .describe("so many loads in a row that were switched off and still draw: comfort and energy rules stop"),
  optOutMax: share("most that opted-out loads may be together, of the inverters' rating").prefault("20 %"),
  never: z.array(slug).default([]).describe("loads that no comfort or energy rule switches"),
  lastResortWarn: duration("tier 0 is spoken of so long before its last resort may come").prefault("6 h"),
});
