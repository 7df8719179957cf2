// What the queue tells the journal: the use of each machine, and a job's totals when it has ended. Pure. An end that was not
// written down yet is kept with the queue, so that no restart loses it.
import { isOver, type Job } from "@gridwright/contract/jobs.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { type EndedJob, JOB_OUTCOMES, type MachineUse } from "@gridwright/contract/workshop-use.ts";
import { careShares } from "./machine.ts";
import { machineOf } from "./power.ts";
import type { Queue } from "./queue.ts";

/** Ends that are kept for the journal at most; the oldest go first. */
const UNTOLD_MAX = 100;

const hasTotals = ({ state, ranFrom }: Job): boolean => ranFrom !== null || state === "never-started";

/** `after` with the ids of the jobs that ended between the two; one given up before it ran has nothing to tell. */
export function withEnds(before: Queue, after: Queue): Queue {
  const open = new Set(before.jobs.filter((job) => !isOver(job)).map(({ id }) => id));
  const ends = after.jobs.filter((job) => isOver(job) && open.has(job.id) && hasTotals(job));
  if (ends.length === 0) return after;
  return { ...after, untold: [...after.untold, ...ends.map(({ id }) => id)].slice(-UNTOLD_MAX) };
}

/** The queue once a job's end is in the journal. */
export const withoutUntold = (queue: Queue, id: string): Queue => ({
  ...queue,
  untold: queue.untold.filter((one) => one !== id),
});

function endedJob({ id, member, state, endedAt, energyWh, sunWh, workedMs }: Job): EndedJob | undefined {
  const outcome = JOB_OUTCOMES.find((name) => name === state);
  if (outcome === undefined || endedAt === null) return undefined;
  return { id, member, outcome, endedAt, energyWh, sunWh, workedMs };
}

/** A machine's use as it is told; undefined: it was never seen. */
export function useOf(queue: Queue, model: SiteModel, machine: string): MachineUse | undefined {
  const spec = machineOf(model, machine);
  const use = queue.machines[machine];
  if (spec === undefined || use === undefined) return undefined;
  const care = careShares(spec, use);
  return { kind: "use", machine, runMs: Math.round(use.runMs), starts: use.starts, care };
}

/** The ends that wait for the journal, oldest first. */
export const endsOf = (queue: Queue, model: SiteModel): readonly MachineUse[] =>
  queue.untold.flatMap((id) => {
    const job = queue.jobs.find((one) => one.id === id);
    const use = job && useOf(queue, model, job.machine);
    const ended = job && endedJob(job);
    return use === undefined || ended === undefined ? [] : [{ ...use, job: ended }];
  });
