// What /api/v1/doctor answers; its words are in doctor-words.ts.
import { z } from "zod";
import { CHECKS, FINDING_SEVERITIES } from "./doctor-words.ts";

const Finding = z
  .strictObject({
    check: z.enum(CHECKS),
    severity: z.enum(FINDING_SEVERITIES),
    code: z.string().describe("names the sentence and its cure"),
    params: z.record(z.string(), z.union([z.string(), z.number()])),
  })
  .meta({ id: "Finding" });

export const DoctorAnswer = z
  .strictObject({ at: z.number().describe("ms since 1970 UTC"), findings: z.array(Finding) })
  .meta({ id: "DoctorAnswer" });
