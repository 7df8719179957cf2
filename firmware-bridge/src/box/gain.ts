// What one count of a box's converter is, reckoned from what the box said and what an instrument said meanwhile. Pure. What would
// make the box measure wrongly is refused: too little on the clamp, something that wavers, a clamp of another kind.
import { type BoxGains, GAIN_FACTOR } from "@gridwright/contract/request.ts";

export type Quantity = "voltage" | "current";
export const QUANTITIES: readonly Quantity[] = ["voltage", "current"];
export const UNITS = { voltage: "V", current: "A" } as const;
const GAIN_OF = { voltage: "voltsPerCount", current: "ampsPerCount" } as const;

/** Below it the converter's own steps count too much. */
const COUNTS_LEAST = 20;
/** Control tells a current in steps of 0.05 A: of this one that is 1.25 %. */
const AMPS_LEAST = 4;
/** Of the nominal voltage. */
const VOLTS_LEAST_SHARE = 0.5;
/** Between the least and the greatest, as a share of their mean. */
const WAVER_MOST = 0.03;

export interface Readings {
  readonly quantity: Quantity;
  /** What the box said, in V or A. */
  readonly box: readonly number[];
  /** What the instrument said meanwhile: one that was typed in, or a meter's readings. */
  readonly instrument: readonly number[];
  /** As the box counts now, and as the site file says. */
  readonly now: BoxGains;
  readonly site: BoxGains;
  readonly nominalV: number;
}

export type Reckoned =
  | { readonly ok: true; readonly gains: BoxGains; readonly before: number; readonly reference: number }
  | { readonly ok: false; readonly why: string };

const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;
const wavers = (values: readonly number[]): boolean =>
  Math.max(...values) - Math.min(...values) > WAVER_MOST * mean(values);
const text = (value: number, quantity: Quantity): string =>
  `${value.toFixed(quantity === "voltage" ? 1 : 2)} ${UNITS[quantity]}`;

function leastOf({ quantity, now, nominalV }: Readings): number {
  return quantity === "voltage"
    ? nominalV * VOLTS_LEAST_SHARE
    : Math.max(AMPS_LEAST, COUNTS_LEAST * now.ampsPerCount);
}

export function reckonGains(readings: Readings): Reckoned {
  const { quantity, box, instrument, now, site } = readings;
  const refuse = (why: string): Reckoned => ({ ok: false, why });
  const [before, reference] = [mean(box), mean(instrument)];
  const least = leastOf(readings);
  if (!(reference >= least))
    return refuse(
      `${text(reference, quantity)} is too little to calibrate by: at least ${text(least, quantity)}. Let more flow through the clamp (a heater, all its turns through it).`,
    );
  if (wavers(box) || wavers(instrument))
    return refuse(
      `The ${quantity} wavers by more than ${WAVER_MOST * 100} %: let one steady load run alone, then try again.`,
    );
  const key = GAIN_OF[quantity];
  const gain = (now[key] * reference) / before;
  const factor = gain / site[key];
  if (!(factor >= GAIN_FACTOR.least && factor <= GAIN_FACTOR.most))
    return refuse(
      `The box says ${text(before, quantity)}, the instrument ${text(reference, quantity)}: one count would be ${factor.toFixed(2)} times what the site file says. Look at clamp, burden and divider, or correct ${key} in the site file.`,
    );
  return { ok: true, gains: { ...now, [key]: Number(gain.toFixed(4)) }, before, reference };
}
