// What a meter counted in a slot, from the rows of the local history: its counter's energy, else the sum of its power. A
// silence of a counter is found when it speaks again: what flowed meanwhile is spread over the silent slots. Pure.
import { energyBetween } from "@gridwright/contract/interval-energy.ts";
import {
  type EntryQuality,
  type LedgerMeter,
  type MeterEntry,
  SLOT_MS,
} from "@gridwright/contract/ledger.ts";
import type { HistoryRow } from "@gridwright/contract/ports.ts";
import { byRemainder } from "./share-out.ts";

/** Rows of one slot: its counters in one bucket each, its power by minutes. */
export interface SlotRows {
  readonly in?: HistoryRow | undefined;
  readonly out?: HistoryRow | undefined;
  readonly power: readonly HistoryRow[];
}

export const NOTHING_TOLD: MeterEntry = [0, 0, "none", null];

/** Whether some of the slot is still not told; a person's reading or what comes late may fill it. */
export const isOpen = ([, , quality]: MeterEntry): boolean => quality === "none" || quality === "part";

export const MINUTE_MS = 60_000;
const MINUTES = SLOT_MS / MINUTE_MS;
/** Two accounts of one slot that are so close are the same, Wh. */
const SAME_WH = 2;

const whole = (wh: number): number => Math.max(0, Math.round(wh));

function byPower(rows: readonly HistoryRow[]): MeterEntry {
  if (rows.length === 0) return NOTHING_TOLD;
  const sum = (sign: 1 | -1): number =>
    whole(rows.reduce((wh, { mean }) => wh + Math.max(0, sign * mean), 0) / 60);
  return [sum(1), sum(-1), rows.length >= MINUTES ? "power" : "part", null];
}

/** Of a counter that was silent before, only what it counted since it speaks again. */
const sinceItSpoke = ({ min, max, t }: HistoryRow) =>
  energyBetween({ wh: min, t }, { wh: max, t: t + SLOT_MS });

/**
 * The entry of a meter for a slot; `afterSilence`: the slot before told nothing. A counter that fell, began anew or was silent
 * for a while in it makes it a part.
 */
export function entryOf(
  { channels }: LedgerMeter,
  { in: counted, out, power }: SlotRows,
  afterSilence: boolean,
): MeterEntry {
  if (channels.in === null) return byPower(power);
  if (counted?.energy === undefined) return NOTHING_TOLD;
  const [into, back] = afterSilence
    ? [sinceItSpoke(counted), out && sinceItSpoke(out)]
    : [counted.energy, out?.energy];
  const isWhole = counted.energy.whole && (out?.energy?.whole ?? true);
  return [whole(into.wh), whole(back?.wh ?? 0), isWhole ? "ok" : "part", whole(counted.max)];
}

/** Where a counter stood last before a silence. */
export interface LastTold {
  /** End of the slot, ms. */
  readonly at: number;
  readonly reading: number;
}

/** Wh for each silent slot, from the last reading before them and the first after; empty where the counter does not tell. */
export function bridged(last: LastTold, first: HistoryRow, silent: number): readonly number[] {
  const { wh, whole: isWhole } = energyBetween(
    { wh: last.reading, t: last.at },
    { wh: first.min, t: first.t },
  );
  return isWhole && silent > 0
    ? byRemainder(
        whole(wh),
        Array.from({ length: silent }, () => 1),
      )
    : [];
}

/** How much a quality is believed; what a person read is not replaced. */
const BELIEVED: Readonly<Record<EntryQuality, number>> = { none: 0, part: 1, power: 2, ok: 2, hand: 3 };

/** Whether what is known now must replace what was booked. */
export function isNews(booked: MeterEntry, now: MeterEntry): boolean {
  const gain = BELIEVED[now[2]] - BELIEVED[booked[2]];
  if (gain !== 0) return gain > 0;
  return Math.abs(now[0] - booked[0]) > SAME_WH || Math.abs(now[1] - booked[1]) > SAME_WH;
}
