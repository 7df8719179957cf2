// The energy of a counter per bucket, from its minutes: resets, overruns and swapped meters cost a part of a bucket, which
// then says so, and never make energy of nothing. Pure.
import { type Counted, energyBetween, type IntervalEnergy } from "@gridwright/contract/interval-energy.ts";
import { parsePointName } from "@gridwright/contract/points.ts";
import type { HistoryRow } from "@gridwright/contract/ports.ts";
import type { Bucket } from "./buckets.ts";

interface Widths {
  readonly minuteMs: number;
  /** Begin of the bucket to which a minute counts. */
  readonly startOf: (t: number) => number;
}

export const isCounter = (channel: string): boolean =>
  parsePointName(channel.split("/")[1] ?? "")?.kind.counter === true;

/** Bucket start → its energy. A silence is counted where the counter was read again, and marks that bucket. */
export function energiesOf(
  minutes: Iterable<Bucket>,
  { minuteMs, startOf }: Widths,
): ReadonlyMap<number, IntervalEnergy> {
  const energies = new Map<number, IntervalEnergy>();
  let before: Counted | undefined;
  for (const { t, min, max, heldMs } of [...minutes].sort((a, b) => a.t - b.t)) {
    const last: Counted = { wh: max, t: t + minuteMs };
    const step = energyBetween(before ?? { wh: min, t }, last);
    const start = startOf(t);
    const seen = heldMs >= minuteMs && t === (before?.t ?? start);
    const sum = energies.get(start) ?? { wh: 0, whole: true };
    energies.set(start, { wh: sum.wh + step.wh, whole: sum.whole && step.whole && seen });
    before = last;
  }
  return energies;
}

/** Rows with the energy of the counter whose minutes these are; without minutes they stay as they are. */
export function withEnergies(
  rows: readonly HistoryRow[],
  minutes: Iterable<Bucket>,
  widths: Widths,
): readonly HistoryRow[] {
  const energies = energiesOf(minutes, widths);
  return rows.map((row) => {
    const energy = energies.get(row.t);
    return energy === undefined ? row : { ...row, energy };
  });
}
