// The workshop's jobs that are over, as the ledger books them: whose energy a machine's use was. Whole Wh.
import { isOver, type JobsReport } from "@gridwright/contract/jobs.ts";
import type { EndedJob } from "./settler.ts";

export const endedJobs = ({ jobs }: JobsReport): readonly EndedJob[] =>
  jobs.flatMap((job) => {
    const { id, machine, member, energyWh, endedAt } = job;
    if (!isOver(job) || endedAt === null) return [];
    return [{ id, machine, member, wh: Math.round(energyWh), endedAt }];
  });
