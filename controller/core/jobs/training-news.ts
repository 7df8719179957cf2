// What a member must know of their own training while a job of theirs stands in the queue: told as soon as it will not hold
// until the job's end, not at the machine.
import type { Job } from "@gridwright/contract/jobs.ts";
import { reason } from "../tick.ts";
import { turned } from "./course.ts";
import { TRAINING_REFUSALS, trainingRefusal } from "./may-use.ts";
import type { Beside } from "./queue.ts";

/** A promised job, with the news that its training ends before it, or holds again. The promise stays. */
export function toldOfTraining(job: Job, { model, trainings, now }: Beside): Job {
  if (job.state !== "promised" || job.promise === null) return job;
  const why = trainingRefusal(model, { trainings, whose: job }, job.promise.endsAt);
  if (why?.code === job.why.code) return job;
  if (why !== undefined) return turned(job, "promised", { now, why });
  const { machine } = job;
  return TRAINING_REFUSALS.has(job.why.code)
    ? turned(job, "promised", { now, why: reason("job-trained", { machine }) })
    : job;
}
