// What /api/v1/plan answers, as a schema for its description; the shapes are those of plan/site-plan.ts.
import { z } from "zod";
import { Reason } from "./api-answers.ts";
import { STORE_KNOWN } from "./plan/site-plan.ts";

const time = z.number().describe("ms since 1970 UTC, plant time");
const Band = z
  .strictObject({ low: z.number(), mid: z.number(), high: z.number() })
  .meta({ id: "Band", description: "W: expected, and what one outcome in ten lies below or above." });
const ForecastError = z
  .strictObject({
    count: z.number(),
    mae: z.number().describe("mean distance, W"),
    bias: z.number().describe("real less expected, W"),
    coverage: z.number().describe("share of outcomes within the bounds; 0.8 is right"),
  })
  .meta({ id: "ForecastError" });
const ChanceError = z
  .strictObject({
    count: z.number(),
    hits: z.number().describe("share of hours in which the likelier came"),
    brier: z.number().describe("mean square of the distance; a coin gets 0.25"),
    bias: z.number().describe("real less foretold, shares of an hour"),
  })
  .meta({ id: "ChanceError" });

export const PlanAnswer = z.strictObject({
  state: z.enum(["fresh", "expired", "waiting"]),
  tookMs: z.number().optional(),
  trouble: z.string().optional().describe("why the last attempt brought no plan"),
  errors: z.strictObject({
    sun: ForecastError.optional(),
    load: ForecastError.optional(),
    grid: ChanceError.optional().describe("of the grid's being there"),
  }),
  weather: z
    .strictObject({ at: z.number().nullable(), trouble: z.string().optional() })
    .optional()
    .describe("when the weather service that the site names told something last, and why it does not now"),
  plan: z
    .strictObject({
      madeAt: time,
      why: Reason.optional().describe("why it was made then"),
      stepMs: z.number(),
      historyDays: z.number().describe("with fewer than three it asks for nothing"),
      status: z.enum(["optimal", "feasible", "infeasible"]),
      gap: z.number(),
      relaxed: z.array(z.looseObject({ limit: z.string(), id: z.string(), by: z.number() })),
      steps: z.array(
        z.strictObject({
          at: time,
          sun: Band,
          load: Band,
          gridChance: z.number().nullable(),
          soc: z.number().nullable().describe("charge at its end"),
          generatorW: z.number(),
          importW: z.number(),
          jobW: z.number().describe("what jobs of the workshop take"),
          spareW: z.number().describe("sun that nobody uses"),
          unservedW: z.record(z.string(), z.number()).describe("what would be left off, by tier"),
        }),
      ),
      wishes: z.array(z.strictObject({ asset: z.string(), on: z.boolean(), until: time.optional() })),
      jobs: z.array(z.strictObject({ id: z.string(), at: time.nullable() })),
      stores: z
        .array(
          z.strictObject({
            asset: z.string(),
            known: z.enum(STORE_KNOWN).describe("how its charge or heat is known; unknown counts as empty"),
            powerW: z.array(z.number()).describe("W that it takes in each step, beside load"),
            missingWh: z.number().describe("what it will lack when it leaves or heat is drawn"),
            missingAt: time.optional().describe("when first"),
          }),
        )
        .optional()
        .describe("vehicles with departures and water heaters with tanks"),
      windows: z.array(z.strictObject({ from: time, to: time, powerW: z.number() })),
    })
    .optional(),
});
