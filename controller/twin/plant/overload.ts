// How long an inverter bears an overload: the curve of its data sheet, integrated over time as the inverter itself
// does, per phase. At the curve's own points it trips after exactly the stated time.

import { SUBSTEP_MS } from "./phase.ts";

export interface CurvePoint {
  /** Share of the rating. */
  readonly load: number;
  /** ms. */
  readonly for: number;
}

/** From here up the used share grows; below it cools. */
const RATED = 1;
const COOL_MS = 600_000;
const COOLING = Math.exp(-SUBSTEP_MS / COOL_MS);
const SHORTEST_MS = 100;
/** Extrapolation below a curve of one point, and above any. */
const STEEP = 20;

function exponentOf(low: CurvePoint | undefined, high: CurvePoint | undefined): number {
  if (low === undefined || high === undefined) return STEEP;
  return Math.log(low.for / high.for) / Math.log(high.load / low.load);
}

/** ms until it trips at a constant `load` (share of the rating), log-log between the points of the curve. */
export function tripTime(curve: readonly CurvePoint[], load: number): number {
  if (load <= RATED) return Number.POSITIVE_INFINITY;
  const points = curve.toSorted((left, right) => left.load - right.load);
  const above = points.findIndex((point) => point.load >= load);
  const high = above < 0 ? points.length - 1 : Math.max(1, above);
  const [near, far] = [points[high - 1] ?? points[0], points[high]];
  if (near === undefined) return Number.POSITIVE_INFINITY;
  return Math.max(SHORTEST_MS, near.for * (near.load / load) ** exponentOf(near, far));
}

/** Loads at which trip times are tabled, in steps of 1 %: the curve is asked five times a plant second. */
const TABLE_MAX = 400;

export type TripTable = Float64Array;
export const tripTable = (curve: readonly CurvePoint[]): TripTable =>
  Float64Array.from({ length: TABLE_MAX }, (_, percent) => tripTime(curve, percent / 100));

/** The used share after `ms` at or below the rating. */
export const cooled = (heat: number, ms: number): number => heat * Math.exp(-ms / COOL_MS);

/** The used share after one substep at `load`; 1 and more: it trips. Below its rating it cools with COOL_MS. */
export function warm(table: TripTable, heat: number, load: number): number {
  if (load <= RATED) return heat * COOLING;
  const time = table[Math.min(TABLE_MAX - 1, Math.round(load * 100))] ?? SHORTEST_MS;
  return heat + SUBSTEP_MS / time;
}
