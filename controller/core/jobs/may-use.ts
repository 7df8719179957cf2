// Who may use a machine: how long the training of who asked for it holds, and who must be there beside at which hour. A person
// is trained, not a house. Pure; who trains and who confirms is checked by whoever lets people in.
import type { Reason } from "@gridwright/contract/decision.ts";
import type { Confirm, Job } from "@gridwright/contract/jobs.ts";
import type { AssetOf } from "@gridwright/contract/site/assets.ts";
import type { Presence } from "@gridwright/contract/site/machine-use.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { type Epoch, minutes } from "@gridwright/contract/units.ts";
import { reason } from "../tick.ts";
import { isWithin } from "./calendar.ts";
import { machineOf } from "./power.ts";

/** A training that somebody has. */
export interface Trained {
  readonly person: string;
  readonly machine: string;
  readonly expiresAt: number;
}

/** A word to be there counts for so long until the start. */
const CONFIRM_LASTS = minutes(60);
/** It may be given so long before the promised start. */
export const CONFIRM_BEFORE = minutes(30);

export type Whose = Pick<Job, "machine" | "person" | "vouched">;

/** Until when who asked may use the machine, ms since 1970: without end where nobody need be trained, 0 for who is not. */
export function mayUseUntil(model: SiteModel, trainings: readonly Trained[], whose: Whose): number {
  if (machineOf(model, whose.machine)?.training === undefined || whose.vouched)
    return Number.POSITIVE_INFINITY;
  return Math.max(
    0,
    ...trainings
      .filter(({ person, machine }) => person === whose.person && machine === whose.machine)
      .map(({ expiresAt }) => expiresAt),
  );
}

/** Names who may train: technicians, and the members whom the site file names. */
export function untrained({ site, assets }: SiteModel, machine: string): Reason {
  const spec = assets[machine]?.spec;
  const supervisors = spec?.kind === "machine" ? spec.supervisors : [];
  const names = supervisors.map((id) => site.members[id]?.name ?? id).join(", ");
  return names === "" ? reason("job-untrained", { machine }) : reason("job-untrained-by", { machine, names });
}

/** Codes of `trainingRefusal`. */
export const TRAINING_REFUSALS: ReadonlySet<string> = new Set([
  "job-untrained",
  "job-untrained-by",
  "job-training-ends",
]);

/** Why a use until `until` is not to be; undefined: it may be. */
export function trainingRefusal(
  model: SiteModel,
  { trainings, whose }: { readonly trainings: readonly Trained[]; readonly whose: Whose },
  until: number,
): Reason | undefined {
  const mayUntil = mayUseUntil(model, trainings, whose);
  if (until <= mayUntil) return undefined;
  return mayUntil === 0
    ? untrained(model, whose.machine)
    : reason("job-training-ends", { machine: whose.machine });
}

/** Who must be there beside at this instant; a supervisor counts as a buddy. undefined: nobody. */
function needed(spec: AssetOf<"machine">, whose: Whose, at: { model: SiteModel; now: Epoch }) {
  const now = spec.present.filter(({ hours }) => isWithin(hours, at.model.zone, at.now));
  const supervises = whose.vouched && whose.person !== null;
  const who = now.filter((one) => one.who === "buddy" || !supervises).map((one) => one.who);
  return who.includes("supervisor") ? "supervisor" : who[0];
}

const counts = (who: Presence, now: Epoch) => (confirm: Confirm) =>
  (who === "buddy" || confirm.supervises) && now - confirm.at <= CONFIRM_LASTS;

/** Who must still say to be there for a start at `now`; undefined: nobody. */
export function missingAt(model: SiteModel, job: Whose & Pick<Job, "confirms">, now: Epoch) {
  const spec = machineOf(model, job.machine);
  const who = spec && needed(spec, job, { model, now });
  return who === undefined || job.confirms.some(counts(who, now)) ? undefined : who;
}

/** Why a job gets no start permit at this instant; undefined: it may have one. */
export function barredAt(
  job: Job,
  { model, trainings, now }: { model: SiteModel; trainings: readonly Trained[]; now: Epoch },
): Reason | undefined {
  const untaught = trainingRefusal(model, { trainings, whose: job }, now);
  if (untaught !== undefined) return untaught;
  const who = missingAt(model, job, now);
  return who === undefined ? undefined : reason(`job-needs-${who}`, { machine: job.machine });
}
