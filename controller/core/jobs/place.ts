// A time for a job: every quarter of an hour of its window is tried against machine, hours and the plan's sight; the one
// that takes least from battery, grid and set is offered, with another one beside it. Without a plan the first time at
// which machine and hours allow it. It never moves what was promised before.
import type { Reason } from "@gridwright/contract/decision.ts";
import type { Job, JobOffer } from "@gridwright/contract/jobs.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { reason } from "../tick.ts";
import { isOpen } from "./calendar.ts";
import { energyBetween, lengthOf, machineOf, type Part, peakOf } from "./power.ts";
import { phasesOf, type SightStep, type Taken } from "./sight.ts";

export const EVERY_MS = 900_000;
/** Between two jobs on one machine. */
const CLEAR_MS = 300_000;
/** Stored energy costs losses and wear, what is bought or burnt costs more, and waiting a little. */
const PRICE = { battery: 0.4, other: 1, hour: 0.004 } as const;
const THROUGH_BATTERY = 0.9;
/** Another time is worth telling when it is so far away from the first. */
const APART_MS = 5_400_000;
const TRIES_MAX = 960;

export interface Question {
  readonly model: SiteModel;
  readonly now: number;
  readonly job: Pick<Job, "machine" | "earliest" | "deadline">;
  readonly parts: readonly Part[];
  readonly taken: readonly Taken[];
  /** undefined: nobody plans. */
  readonly sight: readonly SightStep[] | undefined;
  /** It must have ended by then: so long who asked may use the machine. */
  readonly mayUntil: number;
}

export type Placed =
  | {
      readonly ok: true;
      readonly offer: JobOffer;
      readonly alternative: JobOffer | null;
      readonly why: Reason;
    }
  | { readonly ok: false; readonly why: Reason };

interface Try {
  readonly offer: JobOffer;
  readonly cost: number;
}

const isFree = ({ taken, job }: Question, from: number, to: number): boolean =>
  !taken.some(
    (other) => other.machine === job.machine && from < other.to + CLEAR_MS && other.from < to + CLEAR_MS,
  );

function hasRoom({ model, job, parts }: Question, step: SightStep): boolean {
  const phases = phasesOf(model, job.machine);
  return phases.every((phase) => peakOf(parts) / phases.length <= (step.room[phase] ?? 0));
}

interface Takes {
  readonly sun: number;
  readonly battery: number;
  readonly other: number;
  /** Wh that the battery has less than planned, and gets back from later sun. */
  readonly debtWh: number;
}

/** One hour more of a run of which `need` Wh fall into it; undefined: somebody would go short. */
function oneHour(before: Takes, step: SightStep, need: number): Takes | undefined {
  const sun = Math.min(need, step.spareWh);
  const rest = need - sun;
  const isShort = before.debtWh + rest / THROUGH_BATTERY > step.storedWh;
  if (isShort && !step.grid && !(rest > 0 && step.fed)) return undefined;
  const battery = step.fed || isShort ? 0 : rest;
  return {
    sun: before.sun + sun,
    battery: before.battery + battery,
    other: before.other + rest - battery,
    debtWh: Math.max(
      0,
      before.debtWh + (battery - (step.spareWh - sun) * THROUGH_BATTERY ** 2) / THROUGH_BATTERY,
    ),
  };
}

/** What a start at `from` takes from where; undefined: somebody would go short, or there is no room. */
function sources(question: Question, sight: readonly SightStep[], from: number): Takes | undefined {
  const { parts } = question;
  if (from + lengthOf(parts) > (sight.at(-1)?.to ?? 0)) return undefined;
  let takes: Takes | undefined = { sun: 0, battery: 0, other: 0, debtWh: 0 };
  for (const step of sight.filter(({ to }) => to > from)) {
    const need = energyBetween(parts, step.from - from, step.to - from);
    takes = need > 0 && !hasRoom(question, step) ? undefined : oneHour(takes, step, need);
    if (takes === undefined) return undefined;
  }
  return takes;
}

function tried(question: Question, from: number): Try | undefined {
  const { parts, sight, job, now } = question;
  const length = lengthOf(parts);
  const energyWh = energyBetween(parts, 0, length);
  const base = { at: epoch(from), endsAt: epoch(from + length), energyWh };
  if (sight === undefined) return { offer: { ...base, sun: null, battery: null, other: null }, cost: from };
  const taken = sources(question, sight, from);
  if (taken === undefined) return undefined;
  const share = (wh: number): number => (energyWh > 0 ? wh / energyWh : 0);
  const shares = { sun: share(taken.sun), battery: share(taken.battery), other: share(taken.other) };
  const wait = (from - Math.max(now, job.earliest)) / 3_600_000;
  const cost = PRICE.battery * shares.battery + PRICE.other * shares.other + PRICE.hour * wait;
  return { offer: { ...base, ...shares }, cost };
}

/** Starts within the window: its very begin, then every full quarter of an hour. */
function starts({ now, job, parts, mayUntil }: Question): number[] {
  const first = Math.max(now, job.earliest);
  const last = Math.min(job.deadline, mayUntil) - lengthOf(parts);
  const whole = Math.ceil(first / EVERY_MS) * EVERY_MS;
  const count = Math.max(0, Math.min(TRIES_MAX, Math.floor((last - whole) / EVERY_MS) + 1));
  const all = Array.from({ length: count }, (_, at) => whole + at * EVERY_MS);
  return first < whole && first <= last ? [first, ...all] : all;
}

const HOURS_IN_WORDS = 0.5;
function whyThen(question: Question, best: Try, soonest: Try): Reason {
  if (question.sight === undefined) return reason("job-blind");
  if ((best.offer.sun ?? 0) >= HOURS_IN_WORDS) return reason("job-sunny");
  return reason(best === soonest ? "job-soonest" : "job-cheapest");
}

const cheapest = (all: readonly Try[]): Try | undefined =>
  all.reduce<Try | undefined>(
    (best, one) => (best === undefined || one.cost < best.cost ? one : best),
    undefined,
  );

function refused({ model, job, parts, now, sight, mayUntil }: Question, free: number): Reason {
  const spec = machineOf(model, job.machine);
  const soonest = Math.max(now, job.earliest) + lengthOf(parts);
  if (soonest > job.deadline) return reason("job-window");
  if (soonest > mayUntil) return reason("job-training-ends", { machine: job.machine });
  if (sight !== undefined && soonest > (sight.at(-1)?.to ?? 0)) return reason("job-far");
  return spec === undefined || free > 0
    ? reason("job-no-energy")
    : reason("job-no-time", { machine: job.machine });
}

/** The best start for a job, and another one; or why there is none. */
export function place(question: Question): Placed {
  const { model, parts, job } = question;
  const spec = machineOf(model, job.machine);
  const length = lengthOf(parts);
  const free = starts(question).filter((from) => {
    const to = from + length;
    return spec !== undefined && isFree(question, from, to) && isOpen(spec, model.zone, { from, to });
  });
  const tries = free.flatMap((from) => tried(question, from) ?? []);
  const [soonest] = tries;
  const best = cheapest(tries);
  if (best === undefined || soonest === undefined) return { ok: false, why: refused(question, free.length) };
  const apart = tries.filter(({ offer }) => Math.abs(offer.at - best.offer.at) >= APART_MS);
  const other = soonest.offer.at <= best.offer.at - APART_MS ? soonest : cheapest(apart);
  return {
    ok: true,
    offer: best.offer,
    alternative: other?.offer ?? null,
    why: whyThen(question, best, soonest),
  };
}

/** What a start that somebody else found would take; its shares are unknown where the plan does not reach. */
export function offerAt(question: Question, from: number): JobOffer {
  const found = tried(question, from) ?? tried({ ...question, sight: undefined }, from);
  return (found as Try).offer;
}
