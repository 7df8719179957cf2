// The workshop's jobs in a site's horizon. What is promised or runs stands where it stands; what has no time yet may be put
// into any hour in which its machine is open and free, or be left out. Means over whole hours: the queue knows the minute.
import type { PlanJob } from "@gridwright/contract/plan/case.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { isOpen } from "../../jobs/calendar.ts";
import { energyBetween, lengthOf, machineOf } from "../../jobs/power.ts";
import type { Horizon, JobState } from "../horizon.ts";
import { beginOf, type KnownJob, type KnownSite, STEP_MS, STEPS } from "./known.ts";
import { VALUES } from "./values.ts";

const hourOf = (site: KnownSite, step: number) => {
  const from = beginOf(site) + step * STEP_MS;
  return { from, to: from + STEP_MS };
};

/** Mean W of each hour that a start at `from` touches, from its first hour within the horizon on. */
function hourly({ parts }: KnownJob, from: number, begin: number): { first: number; powerW: number[] } {
  const first = Math.max(0, Math.floor((from - begin) / STEP_MS));
  const last = Math.ceil((from + lengthOf(parts) - begin) / STEP_MS);
  const powerW = Array.from({ length: Math.max(0, Math.min(STEPS, last) - first) }, (_, at) => {
    const hour = begin + (first + at) * STEP_MS;
    return energyBetween(parts, hour - from, hour + STEP_MS - from);
  });
  return { first, powerW };
}

/** Each job has a machine of its own: what is promised may share an hour with the job before it. */
const jobSpec = (job: KnownJob, powerW: number[], required: boolean): PlanJob => ({
  ...{ id: job.id, machine: job.id, powerW, earliestStep: 0, interruptible: false, required },
});

function standing(site: KnownSite, job: KnownJob, from: number): JobState[] {
  const { first, powerW } = hourly(job, from, beginOf(site));
  if (powerW.length === 0 || first >= STEPS) return [];
  const spec = jobSpec(job, powerW, true);
  return [{ spec, earliest: first, latestEnd: first + powerW.length, done: 0, promised: first }];
}

function free(site: KnownSite, job: KnownJob): JobState[] {
  const begin = beginOf(site);
  const { powerW } = hourly(job, begin, begin);
  const earliest = Math.max(0, Math.ceil((job.earliest - begin) / STEP_MS));
  const latestEnd = Math.floor((job.deadline - begin) / STEP_MS);
  if (powerW.length === 0 || latestEnd - earliest < powerW.length) return [];
  const tier = machineOf(site.model, job.machine)?.tier ?? 4;
  const worth = ((VALUES[tier] ?? 0) * energyBetween(job.parts, 0, lengthOf(job.parts))) / 1_000;
  return [{ spec: jobSpec(job, powerW, false), earliest, latestEnd, done: 0, promised: undefined, worth }];
}

/** Hours in which its machine is open and nobody else's job touches it. */
function openFor(site: KnownSite, job: KnownJob): boolean[] {
  const spec = machineOf(site.model, job.machine);
  const others = site.jobs.filter(
    (one) => one.id !== job.id && one.machine === job.machine && one.from !== null,
  );
  return Array.from({ length: STEPS }, (_, step) => {
    const hour = hourOf(site, step);
    const isTaken = others.some(({ from, parts }) => {
      const begins = epoch(from ?? 0);
      return begins < hour.to && hour.from < begins + lengthOf(parts);
    });
    return spec !== undefined && !isTaken && isOpen(spec, site.model.zone, hour);
  });
}

export function jobsOf(site: KnownSite): Pick<Horizon, "jobs" | "open"> {
  const waiting = site.jobs.filter(({ from }) => from === null);
  return {
    jobs: site.jobs.flatMap((job) => (job.from === null ? free(site, job) : standing(site, job, job.from))),
    open: new Map(waiting.map((job) => [job.id, openFor(site, job)])),
  };
}
