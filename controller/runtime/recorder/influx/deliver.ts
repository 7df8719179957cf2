// Brings lines to one metrics database, however long it takes: retries with growing, jittered waits, creates a
// missing database, halves what is too large or partly wrong, sets aside single lines that are never taken.

import type { Clock } from "@gridwright/contract/clock.ts";
import { messageOf } from "@gridwright/contract/errors.ts";
import type { InfluxTarget } from "@gridwright/contract/site/metrics-spec.ts";
import { type Millis, millis, minutes } from "@gridwright/contract/units.ts";
import type { Answer } from "./answers.ts";
import { post } from "./post.ts";
import { prepareDatabase } from "./prepare-database.ts";

const WAIT_FIRST_MS = 500;
const WAIT_MAX_MS = 60_000;
const DENIED_WAIT = minutes(5);
/** A database whose clock is further off calls what is new too old: then nothing is given up. */
const CLOCK_OFF_MAX = minutes(10);

export interface DeliverOptions {
  readonly target: InfluxTarget;
  readonly io: Clock;
  /** Ends all waiting; what was not delivered then is not. */
  readonly signal: AbortSignal;
  /** 0..1, to spread the waits of several writers. */
  readonly random: () => number;
  /** Why nothing is taken now; null: it is taken again. Called with each answer. */
  readonly onTrouble: (why: string | null) => void;
  readonly onDeadLetter: (line: string, why: string) => Promise<void>;
  /** So many lines were older than the database keeps. */
  readonly onExpired: (lines: number) => void;
  /** Nobody answers: true gives up, so that the caller may begin again further back. */
  readonly giveUpWhenLost: boolean;
}

export type Delivery = "delivered" | "lost" | "stopped";

/** Wait before the n-th retry (n from 0): doubles, half of it by chance. */
export const retryWait = (n: number, random: number): Millis =>
  millis(Math.round(Math.min(WAIT_MAX_MS, WAIT_FIRST_MS * 2 ** n) * (0.5 + random / 2)));

async function paused(options: DeliverOptions, duration: Millis): Promise<boolean> {
  await options.io.sleep(duration, options.signal).catch((error: unknown) => {
    if (!options.signal.aborted) throw error;
  });
  return !options.signal.aborted;
}

/** A bucket needs an organisation, a retention and a token that may make it: that is a person's work. */
async function create({ target, io, onTrouble }: DeliverOptions, why: string): Promise<void> {
  if (target.bucket !== undefined) return onTrouble(`make the bucket ${target.bucket}: ${why}`);
  try {
    await prepareDatabase(target, io);
  } catch (error) {
    onTrouble(messageOf(error));
  }
}

const isoOf = (t: number): string => new Date(t).toISOString();

/** Lines that are too old for the database are counted, unless it is its clock, or ours, that makes them so. */
function expire(
  { io, onTrouble, onExpired }: DeliverOptions,
  { lines, clock }: Extract<Answer, { kind: "expired" }>,
): "delivered" | "clocks" {
  const wall = io.wall();
  if (clock !== undefined && Math.abs(clock - wall) > CLOCK_OFF_MAX) {
    onTrouble(`it calls new values too old: its clock says ${isoOf(clock)}, ours ${isoOf(wall)}`);
    return "clocks";
  }
  onExpired(lines);
  onTrouble(null);
  return "delivered";
}

type Step = Delivery | "split" | { readonly wait: Millis };

/** One try; says what to do next. */
async function attempt(options: DeliverOptions, lines: readonly string[], tries: number): Promise<Step> {
  const answer = await post(options.target, lines, options.signal);
  const again = { wait: retryWait(tries, options.random()) };
  switch (answer.kind) {
    case "done":
      options.onTrouble(null);
      return "delivered";
    case "bad-lines":
    case "too-large": {
      const [only] = lines;
      if (lines.length > 1 || only === undefined) return "split";
      await options.onDeadLetter(only, answer.why);
      return "delivered";
    }
    case "expired":
      return expire(options, answer) === "delivered" ? "delivered" : again;
    case "no-database":
      await create(options, answer.why);
      return again;
    case "denied":
      options.onTrouble(answer.why);
      return { wait: DENIED_WAIT };
    case "again":
      if (options.signal.aborted) return "stopped";
      options.onTrouble(answer.why);
      return answer.lost && options.giveUpWhenLost ? "lost" : again;
    default:
      return answer satisfies never;
  }
}

/** Resolves "delivered" when every line is stored or set aside. */
export async function deliver(options: DeliverOptions, lines: readonly string[]): Promise<Delivery> {
  for (let tries = 0; ; tries += 1) {
    if (options.signal.aborted) return "stopped";
    const step = await attempt(options, lines, tries);
    if (step === "split") {
      const half = lines.length >> 1;
      const first = await deliver(options, lines.slice(0, half));
      return first === "delivered" ? deliver(options, lines.slice(half)) : first;
    }
    if (typeof step === "string") return step;
    if (!(await paused(options, step.wait))) return "stopped";
  }
}
