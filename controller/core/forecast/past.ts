// What a forecast looks back on: means of equal steps, with gaps, and small sums over the same time of earlier days.
// Never anything after `now`.

export interface Past {
  /** W by step; undefined: not measured, or not what would have been (a limited array, a load that was off). */
  readonly values: readonly (number | undefined)[];
  /** The newest step that is known; −1: none. */
  readonly now: number;
  readonly perDay: number;
}

export interface Weighted {
  readonly value: number;
  readonly weight: number;
}

/** Older days than this tell nothing of tomorrow. */
export const DAYS_MAX = 30;

/** Earlier steps at the same time of day as `step`, newest first, as far as they are known; `age` in days from 1. */
export function sameTime(
  { values, now, perDay }: Past,
  step: number,
): { age: number; at: number; value: number }[] {
  const found: { age: number; at: number; value: number }[] = [];
  const newest = Math.max(1, Math.ceil((step - now) / perDay));
  for (let age = newest; age < newest + DAYS_MAX; age += 1) {
    const at = step - age * perDay;
    if (at < 0) break;
    const value = values[at];
    if (value !== undefined) found.push({ age: age - newest + 1, at, value });
  }
  return found;
}

export const dayOf = ({ perDay }: Past, step: number): number => Math.floor(step / perDay);

/** Weighted mean; undefined without weight. */
export function meanOf(all: readonly Weighted[]): number | undefined {
  const weights = all.reduce((sum, { weight }) => sum + weight, 0);
  return weights > 0 ? all.reduce((sum, { value, weight }) => sum + value * weight, 0) / weights : undefined;
}

/** The value below which a share of the weight lies, interpolated between neighbours; undefined without values. */
export function quantileOf(all: readonly Weighted[], share: number): number | undefined {
  const sorted = [...all].filter(({ weight }) => weight > 0).sort((a, b) => a.value - b.value);
  const total = sorted.reduce((sum, { weight }) => sum + weight, 0);
  let below = 0;
  let before: { value: number; place: number } | undefined;
  for (const { value, weight } of sorted) {
    const place = (below + weight / 2) / total;
    if (place >= share)
      return before === undefined
        ? value
        : before.value + ((value - before.value) * (share - before.place)) / (place - before.place);
    before = { value, place };
    below += weight;
  }
  return before?.value;
}
