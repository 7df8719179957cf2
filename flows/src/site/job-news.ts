// What became of the workshop's jobs between two looks: which began to run, which are over. Pure. What ran or was over when it
// was first seen is no news.
import { isOver, type JobState } from "@gridwright/contract/jobs.ts";

export interface SeenJob {
  readonly id: string;
  readonly machine: string;
  readonly state: JobState;
  readonly what?: string;
  readonly energyWh: number;
  /** Of it, from the sun; null where nothing tells. */
  readonly sunWh: number | null;
  readonly workedMs: number;
}

export interface JobNews {
  readonly event: "start" | "end";
  readonly job: SeenJob;
}

const RUNS: ReadonlySet<JobState> = new Set(["running", "overrun"]);
type Course = "ahead" | "runs" | "over";
const courseOf = (job: SeenJob): Course => (isOver(job) ? "over" : RUNS.has(job.state) ? "runs" : "ahead");

/** `before`: undefined at the first look. A job that came and went between two looks gives both. */
export function jobNews(before: readonly SeenJob[] | undefined, now: readonly SeenJob[]): readonly JobNews[] {
  if (before === undefined) return [];
  const then = new Map(before.map((job) => [job.id, courseOf(job)]));
  return now.flatMap((job): JobNews[] => {
    const [was, is] = [then.get(job.id) ?? "ahead", courseOf(job)];
    if (was === is || is === "ahead") return [];
    const began: JobNews[] =
      was === "ahead" && (is === "runs" || job.workedMs > 0) ? [{ event: "start", job }] : [];
    return is === "over" ? [...began, { event: "end", job }] : began;
  });
}
