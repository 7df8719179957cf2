// What a bus does next: a command if one waits, else the poll group whose deadline passed first. Deadlines are plant
// time; a floor of real time between two reads of one group keeps a fast plant from flooding its bus. Pure: the client
// takes its turns by it, and so does the simulation.
import { elapsed, later, type Millis, type Mono, millis } from "@gridwright/contract/units.ts";

export interface Turn {
  readonly periodMs: number;
  /** Plant time at which it should be read. */
  readonly dueAt: Mono;
  /** Io time at which it was read last. */
  readonly readAt: Mono;
}

/** A poll group that waits for its turn. */
export interface PollTurn extends Turn {
  /** How often it was taken, whatever came of it. */
  readonly rounds: number;
  readonly inFlight: boolean;
  /** Reads the group and tells the listeners; never rejects for what the device did. */
  take(between: () => Promise<void>): Promise<void>;
}

/** Least real time between two reads of one group. */
export const FLOOR = millis(5);

export type Choice<T> =
  | { readonly kind: "read"; readonly turn: T }
  /** Nothing yet: plant time until the next deadline, real time until a floor ends. */
  | { readonly kind: "wait"; readonly plant: Millis; readonly io: Millis };

const LONGEST = millis(60_000);

export interface Now {
  readonly plant: Mono;
  readonly io: Mono;
}

/** The turn to take now, or how long to wait. */
export function choose<T extends Turn>(turns: readonly T[], now: Now): Choice<T> {
  const due = turns.filter((turn) => turn.dueAt <= now.plant);
  const free = due.filter((turn) => elapsed(turn.readAt, now.io) >= FLOOR);
  const [first] = free.toSorted((a, b) => a.dueAt - b.dueAt);
  if (first !== undefined) return { kind: "read", turn: first };
  const coming = turns.filter((turn) => turn.dueAt > now.plant).map((turn) => elapsed(now.plant, turn.dueAt));
  const floors = due.map((turn) => FLOOR - elapsed(turn.readAt, now.io));
  return {
    kind: "wait",
    plant: millis(Math.min(LONGEST, ...coming)),
    io: millis(Math.min(LONGEST, ...floors)),
  };
}

export type Action<T> = { readonly kind: "command" } | Choice<T>;

/** What a free bus does now: commands go ahead of all polls. */
export const nextAction = <T extends Turn>(
  { commands, turns }: { readonly commands: number; readonly turns: readonly T[] },
  now: Now,
): Action<T> => (commands > 0 ? { kind: "command" } : choose(turns, now));

/** The next deadline of a turn that is taken at `now`: no bursts to catch up. */
export const nextDue = ({ dueAt, periodMs }: Turn, now: Mono): Mono => {
  const regular = later(dueAt, millis(periodMs));
  return regular > now ? regular : now;
};

/** The next deadline of a turn that came at `now`; a device that may not be asked waits a whole period. */
export const dueAfter = (turn: Turn, { now, asked }: { now: Mono; asked: boolean }): Mono =>
  asked ? nextDue(turn, now) : later(now, millis(turn.periodMs));
