// Water filling: what is scarce is shared so that everybody has the same level, as a multiple of their weight, and
// nobody more than they can take. The one solution of weighted max-min fairness.

export interface Vessel {
  readonly weight: number;
  /** What it can take at most. */
  readonly max: number;
}

/** The level at which Σ min(max, weight · level) is `total`; Infinity where all are full before. */
export function waterLevel(total: number, vessels: readonly Vessel[]): number {
  const open = vessels.filter(({ weight }) => weight > 0);
  let left = Math.max(0, total);
  let weight = open.reduce((sum, vessel) => sum + vessel.weight, 0);
  for (const vessel of open.toSorted((a, b) => a.max / a.weight - b.max / b.weight)) {
    const level = left / weight;
    if (vessel.max > level * vessel.weight) return level;
    left -= vessel.max;
    weight -= vessel.weight;
  }
  return Number.POSITIVE_INFINITY;
}

/** What each gets of `total`; what none can take is left. */
export function waterFill(total: number, vessels: readonly Vessel[]): readonly number[] {
  const level = waterLevel(total, vessels);
  return vessels.map(({ weight, max }) => (weight > 0 ? Math.min(max, weight * level) : 0));
}
