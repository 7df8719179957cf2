// What the workshop's queue must know of a machine: when it may run and who must be there, what runs with it, what it
// takes over a job, from which power on it works, and when it is due for care. Spread into machines (assets.ts).
import { z } from "zod";
import { duration, power, slug } from "./fields.ts";
import { timeOfDay } from "./sources.ts";

export const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

export const daysOfWeek = z
  .array(z.enum(WEEKDAYS))
  .min(1)
  .max(7)
  .default([...WEEKDAYS])
  .describe("days of the week");

export const Hours = z.strictObject({
  days: daysOfWeek,
  from: timeOfDay.describe("local time"),
  to: timeOfDay.describe("local time; 00:00, or earlier than from: over midnight"),
});
export type OpenHours = z.infer<typeof Hours>;

const Care = z.strictObject({
  name: z.string().min(1).max(60).describe("what is to be done: change the filter"),
  hours: duration("after so much true running").optional(),
  starts: z.int().min(1).max(10_000_000).optional().describe("after so many starts"),
});

export const machineKeys = {
  stopClass: z
    .enum(["deny-new", "finish-job", "controlled-stop", "hard-cut"])
    .default("finish-job")
    .describe("what is done to a job under way by comfort and energy rules"),
  finishWithin: duration("finish-job: longest that it is let go on when its permit ends").prefault("30 min"),
  opens: z.array(Hours).max(21).default([]).describe("when it may run; none: always"),
  attended: z
    .array(Hours)
    .max(21)
    .default([])
    .describe("when somebody is there whom it needs; none: it needs nobody"),
  with: z.array(slug).max(8).default([]).describe("machines that run with it, as an extractor does"),
  runOn: duration("those run on for so long after it").prefault("0 s"),
  profile: z
    .array(z.strictObject({ for: duration("how long"), power: power("what it takes then") }))
    .max(48)
    .default([])
    .describe("what a job takes, part by part, until past jobs tell; stretched to the job's length"),
  worksFrom: power("it works from this power on; none: a tenth of its rating").optional(),
  keeper: slug.optional().describe("member who looks after it: may release it when somebody held it"),
  maintenance: z.array(Care).max(12).default([]).describe("care that is due by true use"),
};
