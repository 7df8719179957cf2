// Whether what a device measures still moves. A meter that has shown how often it moves and then stands still to the
// last digit for far longer is stuck; one that never moved, or through which nothing flows, is never called so.
// It also remembers when a device last said something impossible: for a while nothing of it is believed.
import type { PointBase } from "@gridwright/contract/points.ts";
import type { Mono } from "@gridwright/contract/units.ts";

/** What is known of the standing still of one poll group; times in plant ms. */
export interface Standing {
  /** Of all live values in their last answer. */
  readonly print: number;
  /** Since when they are the same. */
  readonly since: Mono;
  /** The longest that they stood still before they moved again, fading. */
  readonly longest: number;
  readonly moves: number;
  readonly stuck: boolean;
  /** When it last said what cannot be; null: not lately. */
  readonly liedAt: Mono | null;
}

/** How a point takes part: `still` says nothing, `live` moves while the device works, `flow` also says that power flows. */
export type Part = "still" | "live" | "flow";

const FLOWS: ReadonlySet<PointBase> = new Set([
  "power",
  "apparent_power",
  "reactive_power",
  "current",
  "battery_current",
  "battery_power",
  "grid_power",
  "load_power",
  "pv_power",
]);
const LIVE: ReadonlySet<PointBase> = new Set(["voltage", "battery_voltage", "frequency", "dc_voltage"]);
export const partOf = (base: PointBase): Part =>
  FLOWS.has(base) ? "flow" : LIVE.has(base) ? "live" : "still";

/** Nothing is called stuck before this, nor before so many periods, nor before so often the longest that is known. */
const LEAST_MS = 60_000;
const PERIODS = 20;
const TIMES_LONGEST = 10;
/** So often it must have moved before its standing still means anything. */
const MOVES_KNOWN = 10;
/** The longest standstill fades by this share with each move, so that one quiet hour does not blind us for ever. */
const FADE = 0.98;
/** After something impossible a device must be sensible for so long. */
const DISTRUST_MS = 10_000;

/** FNV over the values in 1/4096 of their unit: the same answer gives the same print. */
export const printed = (before: number, value: number): number =>
  Math.imul(before ^ (value * 4_096), 16_777_619);

/** One answer of a group. */
export interface Answer {
  readonly at: Mono;
  readonly periodMs: number;
  readonly print: number;
  /** At least two live values of which one says that power flows: only then is standing still strange. */
  readonly flowing: boolean;
  /** It was already taken for stuck, with these very values, before a restart. */
  readonly wasStuck: boolean;
}

const patience = ({ longest }: Standing, periodMs: number): number =>
  Math.max(LEAST_MS, PERIODS * periodMs, TIMES_LONGEST * longest);

function moved(before: Standing, { at, print, periodMs }: Answer): Standing {
  const stood = at - before.since;
  // Taken for stuck and not so: from now on twice the patience.
  const longest = before.stuck ? (2 * patience(before, periodMs)) / TIMES_LONGEST : stood;
  return {
    ...before,
    print,
    since: at,
    longest: Math.max(longest, before.longest * FADE),
    moves: Math.min(MOVES_KNOWN, before.moves + 1),
    stuck: false,
  };
}

/** What is known of a group after its next answer. */
export function standingAfter(before: Standing | undefined, answer: Answer): Standing {
  const { at, print, wasStuck } = answer;
  if (before === undefined)
    return {
      print,
      since: at,
      longest: 0,
      moves: wasStuck ? MOVES_KNOWN : 0,
      stuck: wasStuck,
      liedAt: null,
    };
  if (print !== before.print) return moved(before, answer);
  const known = before.moves >= MOVES_KNOWN && answer.flowing;
  const stuck = before.stuck || (known && at - before.since >= patience(before, answer.periodMs));
  return stuck === before.stuck ? before : { ...before, stuck };
}

/** Whether a group said something impossible a moment ago. */
export const isDistrusted = ({ liedAt }: Standing, at: Mono): boolean =>
  liedAt !== null && at - liedAt < DISTRUST_MS;

/** A voltage or frequency that cannot be: who says so is not to be believed in what else it says. */
export const testifies = (base: PointBase): boolean => LIVE.has(base) && base !== "dc_voltage";
