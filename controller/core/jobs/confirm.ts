// A second person's word to be at the machine, where its site file asks for one. It opens the way to the start permit; it
// starts nothing.
import type { Reason } from "@gridwright/contract/decision.ts";
import { type Confirm, isOver, type Job } from "@gridwright/contract/jobs.ts";
import { type Epoch, epoch } from "@gridwright/contract/units.ts";
import { reason } from "../tick.ts";
import { isOn } from "./course.ts";
import { CONFIRM_BEFORE, missingAt } from "./may-use.ts";
import { type Asked, type Beside, type Queue, replaced } from "./queue.ts";

/** The instant for which a word is asked: the promised start, or now once that has come. */
export const startOf = ({ promise }: Job, now: Epoch): Epoch => epoch(Math.max(now, promise?.at ?? now));

/** Why this word to be there is not taken; undefined: it would be. */
export function confirmRefusal(
  job: Job,
  { person, supervises }: Omit<Confirm, "at">,
  { model, now }: Pick<Beside, "model" | "now">,
): Reason | undefined {
  const { machine, promise } = job;
  if (isOver(job) || isOn(job)) return reason("job-over");
  if (promise === null || now < promise.at - CONFIRM_BEFORE) return reason("job-confirm-soon");
  const who = missingAt(model, job, startOf(job, now));
  if (who === undefined) return reason("job-confirm-none");
  if (person === job.person) return reason("job-confirm-own");
  return who === "supervisor" && !supervises ? reason("job-needs-supervisor", { machine }) : undefined;
}

/** Takes the word of `confirm.person`; refused where it is not needed, too early, or not theirs to give. */
export function confirmJob(
  queue: Queue,
  { job, confirm }: { readonly job: Job; readonly confirm: Confirm },
  beside: Beside,
): Asked {
  const why = confirmRefusal(job, confirm, beside);
  if (why !== undefined) return { ok: false, why };
  const next = {
    ...job,
    confirms: [...job.confirms.filter(({ person }) => person !== confirm.person), confirm],
  };
  return { ok: true, queue: replaced(queue, next), job: next };
}
