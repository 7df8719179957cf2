// The local history by slots, as the ledger's entries are made of it: counters in buckets of a slot, power in minutes.
import { type LedgerMeter, SLOT_MS } from "@gridwright/contract/ledger.ts";
import type { History, HistoryRow } from "@gridwright/contract/ports.ts";
import { epoch, millis } from "@gridwright/contract/units.ts";
import { MINUTE_MS, type SlotRows } from "@gridwright/core/ledger/entries.ts";

export interface Span {
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

export interface RowsBySlot {
  /** Rows of a meter (by its place) in a slot. */
  at(place: number, slot: number): SlotRows;
  /** Begin of the newest slot of which anything is known; undefined: nothing is. */
  readonly newest: number | undefined;
  readonly oldest: number | undefined;
}

const slotOf = (t: number): number => t - (t % SLOT_MS);

async function rowsOf(
  history: History,
  channel: string | null,
  of: Span & { readonly width: number },
): Promise<ReadonlyMap<number, readonly HistoryRow[]>> {
  if (channel === null) return new Map();
  const { from, to, width } = of;
  const rows = await history.query({ channel, from: epoch(from), to: epoch(to), bucketMs: millis(width) });
  return Map.groupBy(rows, ({ t }) => slotOf(t));
}

/** What the history knows of the meters in a span; the slot before it is asked too, so that counters have where they began. */
export async function historyRows(
  history: History,
  meters: readonly LedgerMeter[],
  span: Span,
): Promise<RowsBySlot> {
  const counters = { from: span.from - SLOT_MS, to: span.to, width: SLOT_MS };
  const found: {
    in: ReadonlyMap<number, readonly HistoryRow[]>;
    out: ReadonlyMap<number, readonly HistoryRow[]>;
    power: ReadonlyMap<number, readonly HistoryRow[]>;
  }[] = [];
  for (const { channels } of meters)
    found.push({
      in: await rowsOf(history, channels.in, counters),
      out: await rowsOf(history, channels.out, counters),
      power: await rowsOf(history, channels.in === null ? channels.power : null, {
        ...span,
        width: MINUTE_MS,
      }),
    });
  const slots = found
    .flatMap(({ in: counted, power }) => [...counted.keys(), ...power.keys()])
    .filter((t) => t >= span.from);
  return {
    at: (place, slot) => ({
      in: found[place]?.in.get(slot)?.[0],
      out: found[place]?.out.get(slot)?.[0],
      power: found[place]?.power.get(slot) ?? [],
    }),
    newest: slots.length === 0 ? undefined : slots.reduce((a, b) => Math.max(a, b)),
    oldest: slots.length === 0 ? undefined : slots.reduce((a, b) => Math.min(a, b)),
  };
}
