// Trainings at machines, kept with the accounts so that they go with them: given by who trains at the machine, withdrawn by
// the same. Whoever is trained twice has the later one. Every deed is in the audit, which members read.
import type { Person } from "@gridwright/contract/people.ts";
import { mayAs, PERSON_ROLES } from "@gridwright/contract/roles.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import type { NewTraining, Training } from "@gridwright/contract/training.ts";
import { machineOf } from "@gridwright/core/jobs/power.ts";
import { type Desk, newId, type Refusal } from "./people.ts";

const DAY_MS = 86_400_000;
const TRAININGS_MAX = 2_000;

/** A technician, or who belongs to a house that the site file names. */
export function trainsAt({ role, member }: Person, machine: string, model: SiteModel): boolean {
  const supervisors = machineOf(model, machine)?.supervisors ?? [];
  const named = member !== undefined && supervisors.includes(member);
  return mayAs(role, "technician") || (mayAs(role, "member") && named);
}

interface Place {
  readonly model: SiteModel;
  readonly demo: boolean;
  /** Plant time, ms since 1970. */
  readonly now: number;
}

/** Who may be trained: everybody with an account; in the demo its roles. */
export const trainees = ({ kept }: Desk, demo: boolean): readonly { id: string; name: string }[] =>
  demo
    ? PERSON_ROLES.map((role) => ({ id: `demo-${role}`, name: role }))
    : kept.now().accounts.map(({ id, name }) => ({ id, name }));

/** Why it was not given; undefined: it is kept, and an earlier one of the same is gone. */
export async function giveTraining(
  desk: Desk,
  { by, given, place }: { readonly by: Person; readonly given: NewTraining; readonly place: Place },
): Promise<Refusal | undefined> {
  const { person, machine, days } = given;
  const { model, demo, now } = place;
  const lasts = machineOf(model, machine)?.training;
  if (lasts === undefined || trainees(desk, demo).every(({ id }) => id !== person)) return { no: "gone" };
  const one: Training = {
    ...{ id: newId(desk, "training"), person, machine, by: by.id, givenAt: now },
    expiresAt: now + (days === undefined ? lasts : days * DAY_MS),
  };
  if (desk.kept.now().trainings.length >= TRAININGS_MAX) return { no: "full" };
  await desk.audit.note({ who: by.id, did: "training-given", about: { account: person, machine } });
  await desk.kept.change((book) => ({
    ...book,
    trainings: [...book.trainings.filter((old) => old.person !== person || old.machine !== machine), one],
  }));
  return undefined;
}

export async function withdrawTraining(desk: Desk, by: string, id: string): Promise<void> {
  const one = desk.kept.now().trainings.find((training) => training.id === id);
  if (one === undefined) return;
  const about = { account: one.person, machine: one.machine };
  await desk.audit.note({ who: by, did: "training-withdrawn", about });
  await desk.kept.change((book) => ({
    ...book,
    trainings: book.trainings.filter((training) => training.id !== id),
  }));
}
