// What /api/v1/jobs and /api/v1/machines answer, as schemas for their description; the shapes are those of jobs.ts.
import { z } from "zod";
import { Reason } from "./api-answers.ts";
import { JOB_STATES, MACHINE_STATES } from "./jobs.ts";
import { PRESENT } from "./site/machine-use.ts";
import { OwnTraining } from "./training.ts";

const time = z.number().describe("ms since 1970 UTC, plant time");
const shareOf = (what: string) => z.number().nullable().describe(`share from ${what}; null: nobody plans`);

const JobOffer = z
  .strictObject({
    at: time,
    endsAt: time,
    energyWh: z.number(),
    sun: shareOf("sun that nobody else needs"),
    battery: shareOf("the battery"),
    other: shareOf("grid or set"),
  })
  .meta({ id: "JobOffer" });

export const JobAnswer = z
  .strictObject({
    id: z.string(),
    machine: z.string(),
    member: z.string().nullable().describe("whose it is; null also where that is not the asker's to know"),
    mine: z.boolean().describe("the asker may cancel it"),
    what: z.string().optional(),
    askedAt: time,
    minutes: z.number(),
    profile: z.array(z.strictObject({ minutes: z.number(), powerW: z.number() })).optional(),
    earliest: time,
    deadline: time,
    interruptible: z.boolean(),
    needs: z
      .enum(PRESENT)
      .nullable()
      .describe("who else must say to be there before it starts; null: nobody, or it was said"),
    mayConfirm: z.boolean().describe("the asker may say so, and it is time"),
    state: z.enum(JOB_STATES),
    since: time,
    why: Reason.describe("why it stands so"),
    promise: JobOffer.nullable().describe("its start; nobody moves it but its member"),
    alternative: JobOffer.nullable(),
    news: z.array(z.strictObject({ at: time, reason: Reason })),
    permit: z
      .strictObject({ at: time, given: z.boolean(), reason: Reason })
      .nullable()
      .describe("the controller's last word"),
    ranFrom: time.nullable(),
    endedAt: time.nullable(),
    workedMs: z.number(),
    energyWh: z.number(),
    sunWh: z.number().nullable(),
  })
  .meta({ id: "Job" });

const Machine = z
  .strictObject({
    id: z.string(),
    state: z.enum(MACHINE_STATES),
    since: time,
    powerW: z.number().nullable(),
    supply: z.boolean().nullable(),
    locked: Reason.nullable().describe("why it has no supply"),
    byPermit: z.boolean().describe("it has supply only for a job of the queue"),
    job: z.string().nullable().describe("the job that is on it"),
    runMs: z.number().describe("true running time"),
    starts: z.number(),
    care: z.array(
      z.strictObject({ name: z.string(), leftMs: z.number().optional(), leftStarts: z.number().optional() }),
    ),
  })
  .meta({ id: "Machine" });

export const JobsAnswer = z.strictObject({
  t: time.nullable(),
  jobs: z.array(JobAnswer).describe("open ones by their time, then those that are over, newest first"),
  machines: z.array(Machine),
  held: z
    .record(
      z.string(),
      z.strictObject({
        why: z.string(),
        at: time,
        taken: z.boolean().describe("the controller holds it; false: it is let finish first"),
        mayRelease: z.boolean().describe("the asker may say that it is safe again"),
      }),
    )
    .describe("machines that a member held: they get no start until they are released"),
  training: z.record(z.string(), OwnTraining).describe("machines whose users must be trained, for the asker"),
});

export const OopsAsked = z.strictObject({
  why: z.string().trim().min(1).max(200).describe("what is wrong, as all will read it"),
});

export const CaredFor = z.strictObject({
  care: z.string().min(1).max(60).describe("its name in the site file"),
});
