// What the workshop's queue has counted of a machine, as it travels to the journal: its use so far, what is left until each
// care is due, and the job that ended on it. It goes the way of requests, since control alone writes the journal; it is
// written down and changes nothing. Wh, ms; times are plant time since 1970.
import { z } from "zod";

const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);
const count = z.number().min(0).max(1e14);

export const JOB_OUTCOMES = ["done", "unfinished", "never-started", "cancelled"] as const;

/** The totals of a job at its end. */
const EndedJob = z.strictObject({
  id: slug,
  member: slug.nullable(),
  outcome: z.enum(JOB_OUTCOMES),
  endedAt: count,
  energyWh: count,
  /** Of it, what came from the sun at that instant; null where nothing told. */
  sunWh: count.nullable(),
  /** Time in which the machine worked for it, ms. */
  workedMs: count,
});
export type EndedJob = z.output<typeof EndedJob>;

export const MachineUse = z.strictObject({
  kind: z.literal("use"),
  machine: slug,
  /** True running time and starts since it is watched. */
  runMs: count,
  starts: count,
  /** What is left until it is due, as a share of its interval; below 0: overdue. */
  care: z
    .array(z.strictObject({ name: z.string().min(1).max(60), left: z.number().min(-1e6).max(1) }))
    .max(12),
  job: EndedJob.optional(),
});
export type MachineUse = z.output<typeof MachineUse>;
