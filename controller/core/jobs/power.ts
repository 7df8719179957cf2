// What a job takes over its run: as its asker says, else as past jobs on the machine were, else as the site file says, else
// four fifths of the rating; with the machines that run with it. W over ms since its start.
import type { Job } from "@gridwright/contract/jobs.ts";
import type { AssetOf } from "@gridwright/contract/site/assets.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";

/** Mean W in each tenth of past jobs, and how many they were. */
export interface Learnt {
  readonly count: number;
  readonly watts: readonly number[];
}

export interface Part {
  readonly ms: number;
  readonly watts: number;
}

const TENTHS = 10;
const USUAL = 0.8;
/** A new job counts for at least so much of what is learnt. */
const NEWEST = 0.25;

export const machineOf = (model: SiteModel, id: string): AssetOf<"machine"> | undefined => {
  const spec = model.assets[id]?.spec;
  return spec?.kind === "machine" ? spec : undefined;
};

function ownParts(spec: AssetOf<"machine">, job: Pick<Job, "minutes" | "profile">, learnt?: Learnt): Part[] {
  const ms = job.minutes * 60_000;
  if (job.profile !== undefined)
    return job.profile.map(({ minutes, powerW }) => ({ ms: minutes * 60_000, watts: powerW }));
  if (learnt !== undefined) return learnt.watts.map((watts) => ({ ms: ms / TENTHS, watts }));
  const long = spec.profile.reduce((sum, part) => sum + part.for, 0);
  return long > 0
    ? spec.profile.map((part) => ({ ms: (part.for / long) * ms, watts: part.power }))
    : [{ ms, watts: USUAL * spec.rating }];
}

/** All of a job's run, its partners counted in. */
export function partsOf(
  model: SiteModel,
  job: Pick<Job, "machine" | "minutes" | "profile">,
  learnt?: Learnt,
): readonly Part[] {
  const spec = machineOf(model, job.machine);
  if (spec === undefined) return [];
  const beside = spec.with.reduce((sum, id) => sum + USUAL * (machineOf(model, id)?.rating ?? 0), 0);
  return ownParts(spec, job, learnt).map(({ ms, watts }) => ({ ms, watts: watts + beside }));
}

/** Wh between two times since the start, ms. */
export function energyBetween(parts: readonly Part[], from: number, to: number): number {
  let at = 0;
  let wattMs = 0;
  for (const { ms, watts } of parts) {
    wattMs += watts * Math.max(0, Math.min(to, at + ms) - Math.max(from, at));
    at += ms;
  }
  return wattMs / 3_600_000;
}

export const lengthOf = (parts: readonly Part[]): number => parts.reduce((sum, { ms }) => sum + ms, 0);
export const peakOf = (parts: readonly Part[]): number => Math.max(0, ...parts.map(({ watts }) => watts));

/** What is known after one more job, of which `course` has the Wh of equal stretches of `stretchMs`, `workedMs` long. */
export function learn(
  before: Learnt | undefined,
  { course, stretchMs, workedMs }: { course: readonly number[]; stretchMs: number; workedMs: number },
): Learnt | undefined {
  if (workedMs < stretchMs || course.length === 0) return before;
  const parts = course.map((wh, at): Part => {
    const ms = Math.min(stretchMs, Math.max(1, workedMs - at * stretchMs));
    return { ms, watts: (wh * 3_600_000) / ms };
  });
  const tenth = lengthOf(parts) / TENTHS;
  const fresh = Array.from(
    { length: TENTHS },
    (_, at) => (energyBetween(parts, at * tenth, (at + 1) * tenth) * 3_600_000) / tenth,
  );
  const count = (before?.count ?? 0) + 1;
  const weight = Math.max(NEWEST, 1 / count);
  return {
    count,
    watts: fresh.map((watts, at) => {
      const known = before?.watts[at] ?? watts;
      return known + weight * (watts - known);
    }),
  };
}
