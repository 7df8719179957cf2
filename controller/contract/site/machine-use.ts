// Who may use a machine: trained at it, and with whom beside. Spread into machines (assets.ts); kept by the workshop's queue,
// so these keys need `runs: permit`.
import { z } from "zod";
import { duration, slug } from "./fields.ts";
import { Hours } from "./workshop.ts";

export const PRESENT = ["buddy", "supervisor"] as const;
export type Presence = (typeof PRESENT)[number];

export const useKeys = {
  training: duration("who uses it must have been trained at it; how long that holds").optional(),
  supervisors: z
    .array(slug)
    .max(8)
    .default([])
    .describe("members who train and supervise at it, besides technicians"),
  present: z
    .array(
      z.strictObject({
        who: z
          .enum(PRESENT)
          .describe("buddy: any other member; supervisor: a technician or one of supervisors"),
        hours: z.array(Hours).max(21).default([]).describe("when; none: always"),
      }),
    )
    .max(4)
    .default([])
    .describe("who else must be there and confirm on the page before it starts, as after closing time"),
};
