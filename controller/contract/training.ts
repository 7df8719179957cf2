// Trainings at machines over the API: who has which until when, who gave it, and who may give one. Times are plant time, as
// those of jobs.
import { z } from "zod";
import { TRAINING_DAYS_MAX } from "./roles.ts";

const Slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);
const time = z.number().describe("ms since 1970 UTC, plant time");

/** As it is kept with the accounts. */
export const Training = z.strictObject({
  id: Slug,
  /** Who was trained. */
  person: Slug,
  machine: Slug,
  /** Who gave it. */
  by: Slug,
  givenAt: z.number(),
  expiresAt: z.number(),
});
export type Training = z.output<typeof Training>;

export const NewTraining = z.strictObject({
  person: Slug.describe("who was trained"),
  machine: Slug,
  days: z
    .int()
    .min(1)
    .max(TRAINING_DAYS_MAX)
    .optional()
    .describe("how long it holds; missing: as the site file says"),
});
export type NewTraining = z.output<typeof NewTraining>;

const TrainingAnswer = z
  .strictObject({
    id: Slug,
    name: z.string().describe("who was trained"),
    mine: z.boolean(),
    machine: Slug,
    by: z.string().describe("who gave it"),
    givenAt: time,
    expiresAt: time,
    mayWithdraw: z.boolean(),
  })
  .meta({ id: "Training" });

export const TrainingsAnswer = z.strictObject({
  now: time,
  trainings: z.array(TrainingAnswer).describe("one's own; for who trains at a machine also all others at it"),
  machines: z.array(
    z.strictObject({
      id: Slug,
      days: z.number().describe("how long a training holds"),
      mayGive: z.boolean().describe("the asker trains at it"),
    }),
  ),
  people: z
    .array(z.strictObject({ id: Slug, name: z.string() }))
    .describe("who may be trained; only for who trains at some machine"),
});
export type TrainingsAnswer = z.output<typeof TrainingsAnswer>;

/** What the workshop's card tells the asker of a machine whose users must be trained. */
export const OwnTraining = z.strictObject({
  until: time.nullable().describe("null: the asker was not trained, or it is over"),
  trains: z.boolean().describe("the asker trains at it, and needs none"),
});
export type OwnTraining = z.output<typeof OwnTraining>;
