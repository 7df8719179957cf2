// What /api/v1/alerts answers: the channels of a site, and why a try on one did not arrive.
import { z } from "zod";
import { Problem } from "./api-answers.ts";

export const AlertChannels = z.strictObject({
  channels: z
    .record(z.string(), z.enum(["webhook", "ntfy", "email", "push", "output"]))
    .describe("id in the site file → kind"),
});
export type AlertChannels = z.output<typeof AlertChannels>;

const Failure = z.strictObject({
  why: z
    .enum(["answered", "nobody", "silent", "secret", "no-browser", "refused", "unknown"])
    .describe(
      "it said no, nobody is there, nothing came back, its secret's file cannot be read, who tries it has no browser that is told, control does not switch it",
    ),
  answered: z.number().optional().describe("what it answered, of HTTP or SMTP"),
});
export type AlertFailure = z.output<typeof Failure>;

export const AlertNotSent = Problem.extend(Failure.partial().shape).meta({ id: "AlertNotSent" });
export type AlertNotSent = z.output<typeof AlertNotSent>;
