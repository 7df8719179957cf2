// What each feeder's meter saw and the meters below it did not: losses of wires are a few per cent, loads without a meter are
// known by rating and duty, and what is more than both is a wrong meter, a wrong wiring or somebody who takes. It names the
// feeder and the figure, never a person. Pure.
import { PLANT } from "@gridwright/contract/ledger.ts";
import { isOpen, NOTHING_TOLD } from "./entries.ts";
import type { Counted } from "./settle.ts";
import { residuals } from "./settle.ts";

/** Of loads without a meter under a feeder, W: by their usual duty, and all at once. */
export interface Unmetered {
  readonly usualW: number;
  readonly mostW: number;
}

export interface FeederReport {
  readonly feeder: string;
  /** What its meter saw go down, Wh. */
  readonly through: number;
  /** What the meters below did not see, Wh. */
  readonly missing: number;
  /** Of it: what wires may lose and loads without a meter usually take, Wh. */
  readonly explained: number;
  /** fits; doubtful: more than usual, but loads without a meter could take it; unexplained: more than that; excess: meters below count more. */
  readonly verdict: "fits" | "doubtful" | "unexplained" | "excess";
  /** Slots in which some meter under it told nothing or only a part; they are left out. */
  readonly leftOut: number;
}

export interface MismatchAsked {
  readonly slots: readonly Counted[];
  readonly slotHours: number;
  /** Share of what goes through that wires and meters may lose, 0..1. */
  readonly lossesMost: number;
  readonly unmetered: ReadonlyMap<string | null, Unmetered>;
}

/** Below this nothing is said, Wh: counters count in steps. */
const SMALL_WH = 100;

function throughOf({ rules, entries }: Counted, feeder: string): number {
  const place = rules.meters.findIndex(({ id }) => id === feeder);
  const [wIn, out] = entries[place] ?? [0, 0];
  return wIn - out;
}

/** Every meter that counts for the feeder told all of the slot. */
const isWhole = ({ rules, entries }: Counted, feeder: string): boolean =>
  rules.meters.every(
    ({ id, under }, place) => (id !== feeder && under !== feeder) || !isOpen(entries[place] ?? NOTHING_TOLD),
  );

function verdictOf(missing: number, explained: number, bearable: number): FeederReport["verdict"] {
  if (Math.abs(missing) < SMALL_WH) return "fits";
  if (missing < -bearable) return "excess";
  if (missing <= explained) return "fits";
  return missing <= bearable ? "doubtful" : "unexplained";
}

/** One line per feeder that has a meter, over the slots given. */
export function mismatches({
  slots,
  slotHours,
  lossesMost,
  unmetered,
}: MismatchAsked): readonly FeederReport[] {
  const feeders = new Set(
    slots.flatMap(({ rules }) => rules.meters.flatMap(({ id, role }) => (role === "feeder" ? [id] : []))),
  );
  return [...feeders].sort().map((feeder) => {
    const whole = slots.filter((slot) => isWhole(slot, feeder));
    let [through, missing] = [0, 0];
    for (const slot of whole) {
      through += throughOf(slot, feeder);
      missing += residuals(slot).get(feeder) ?? 0;
    }
    const { usualW, mostW } = unmetered.get(feeder === PLANT ? null : feeder) ?? { usualW: 0, mostW: 0 };
    const wires = Math.max(0, through) * lossesMost;
    const hours = whole.length * slotHours;
    const explained = wires + usualW * hours;
    const verdict = verdictOf(missing, explained, wires + mostW * hours);
    return {
      feeder,
      through,
      missing,
      explained: Math.round(explained),
      verdict,
      leftOut: slots.length - whole.length,
    };
  });
}
