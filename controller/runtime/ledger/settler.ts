// Settles each slot once the history has left it, in order; then mends slots that are now known better: what a silent counter
// tells when it speaks again, and what came late into the history. Everything it books is a record that the book has judged;
// what was booked stays.
import {
  type JobEntry,
  type LedgerBody,
  type LedgerRules,
  type MeterEntry,
  SLOT_MS,
} from "@gridwright/contract/ledger.ts";
import type { History } from "@gridwright/contract/ports.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { correcting } from "@gridwright/core/ledger/book.ts";
import { bridged, entryOf, isNews, NOTHING_TOLD } from "@gridwright/core/ledger/entries.ts";
import { rulesAt } from "@gridwright/core/ledger/rules.ts";
import { settle } from "@gridwright/core/ledger/settle.ts";
import { historyRows, type RowsBySlot } from "./history-rows.ts";
import type { KeptLedger } from "./kept-ledger.ts";

/** Slots of one round; a long absence takes several. */
const ROUND_SLOTS = 96;
/** How far back what came late is looked for. */
const LATE_MS = 3 * 86_400_000;
/** A ledger begins with what is known of the last so long. */
const BEGIN_MS = 2 * 86_400_000;
/** After a longer absence the slots of it are left out instead of being booked as gaps. */
const ABSENT_MS = 40 * 86_400_000;
const DAY_MS = 86_400_000;

/** A job of the workshop that is over; whole Wh, times in ms. */
export interface EndedJob {
  readonly id: string;
  readonly machine: string;
  readonly member: string | null;
  readonly wh: number;
  readonly endedAt: number;
}

export interface SettleOptions {
  readonly kept: KeptLedger;
  readonly model: SiteModel;
  readonly history: History;
  readonly jobs: () => readonly EndedJob[];
  /** The wall clock, ms. */
  readonly wall: () => number;
}

const slotOf = (t: number): number => t - (t % SLOT_MS);

/** Where to begin or go on, and until when something is known; undefined: nothing new is. */
async function nextSpan({ kept, model, history, wall }: SettleOptions) {
  const { newest } = kept.book;
  const from = newest === undefined ? slotOf(wall() - BEGIN_MS) : newest + SLOT_MS;
  const rules = rulesAt(model, from);
  if (rules === undefined) return undefined;
  const most = from + ROUND_SLOTS * SLOT_MS;
  const near = await historyRows(history, rules.meters, { from, to: most });
  const far = { from, to: Math.min(wall(), from + ABSENT_MS) + DAY_MS };
  const isLongAgo = near.oldest === undefined && wall() > most;
  const { oldest, newest: known } = isLongAgo ? await historyRows(history, rules.meters, far) : near;
  if (oldest === undefined || known === undefined) return undefined;
  if (newest === undefined) return { from: oldest, to: known };
  return { from, to: near.oldest === undefined ? Math.min(oldest, most) : known };
}

function jobsIn({ kept: { book }, jobs }: SettleOptions, t: number): readonly JobEntry[] {
  const since = book.newest === undefined ? t : t - DAY_MS;
  return jobs()
    .filter(
      ({ id, wh, endedAt }) => wh > 0 && endedAt >= since && endedAt < t + SLOT_MS && !book.jobs.has(id),
    )
    .map(({ id, machine, member, wh }) => [id, machine, member, wh] as const);
}

/** The records before the first slot, and new rules where they changed. */
function opening({ kept, model }: SettleOptions, t: number, rules: LedgerRules): readonly LedgerBody[] {
  const { book, publicKey } = kept;
  const begin: LedgerBody = { k: "begin", site: model.site.site.id, format: 1, publicKey };
  const isNew = JSON.stringify(book.rules?.rules) !== JSON.stringify(rules);
  return [...(book.last === 0 ? [begin] : []), ...(isNew ? [{ k: "rules", from: t, rules } as const] : [])];
}

const toldBefore = ({ kept: { book } }: SettleOptions, t: number, meter: string): boolean => {
  const before = book.slots.get(t - SLOT_MS);
  const place = before?.rules.meters.findIndex(({ id }) => id === meter) ?? -1;
  return (before?.entries[place]?.[2] ?? "none") !== "none";
};

const entriesAt = (
  options: SettleOptions,
  rules: LedgerRules,
  { rows, t }: { rows: RowsBySlot; t: number },
): readonly MeterEntry[] =>
  rules.meters.map((meter, place) => entryOf(meter, rows.at(place, t), !toldBefore(options, t, meter.id)));

/** Books what changed of settled slots: slot → place of the meter → its entry now. */
export async function correct(
  { kept }: SettleOptions,
  changes: ReadonlyMap<number, ReadonlyMap<number, MeterEntry>>,
  why: "late" | "hand",
): Promise<void> {
  for (const [t, changed] of [...changes].sort(([a], [b]) => a - b)) {
    const before = kept.book.slots.get(t);
    if (before === undefined) continue;
    const entries = before.entries.map((entry, place) => changed.get(place) ?? entry);
    const body = { k: "correction", t, why, entries, transfers: correcting(before, entries) } as const;
    await kept.write([body], kept.book.newest ?? t);
  }
}

/** Silent slots of a meter before `t`, newest first, and its last reading before them; undefined: it was never read. */
function silenceBefore({ kept: { book } }: SettleOptions, t: number, meter: string) {
  const silent: number[] = [];
  for (let at = t - SLOT_MS; ; at -= SLOT_MS) {
    const slot = book.slots.get(at);
    const place = slot?.rules.meters.findIndex(({ id }) => id === meter) ?? -1;
    const entry = slot?.entries[place];
    if (entry === undefined) return undefined;
    if (entry[2] !== "none")
      return entry[3] === null ? undefined : { silent, place, at: at + SLOT_MS, reading: entry[3] };
    silent.push(at);
  }
}

/** What counters that were silent tell of the time between. */
async function bridge(
  options: SettleOptions,
  rules: LedgerRules,
  { rows, t }: { rows: RowsBySlot; t: number },
): Promise<void> {
  const changes = new Map<number, Map<number, MeterEntry>>();
  for (const [place, { id, channels }] of rules.meters.entries()) {
    const first = rows.at(place, t).in;
    if (channels.in === null || first === undefined || toldBefore(options, t, id)) continue;
    const silence = silenceBefore(options, t, id);
    if (silence === undefined) continue;
    const parts = bridged(silence, first, silence.silent.length);
    for (const [index, at] of silence.silent.entries()) {
      if (parts[index] === undefined) continue;
      const slot = changes.get(at) ?? new Map<number, MeterEntry>();
      changes.set(at, slot.set(silence.place, [parts[index], 0, "part", null]));
    }
  }
  await correct(options, changes, "late");
}

/** Settles what the history has left behind; gives how many slots. Rejects where card or history refuse. */
export async function settleNow(options: SettleOptions): Promise<number> {
  const span = await nextSpan(options);
  if (span === undefined || span.from >= span.to) return 0;
  const { kept, model, history } = options;
  let settled = 0;
  let rows: RowsBySlot | undefined;
  for (let t = span.from; t < span.to; t += SLOT_MS) {
    const rules = rulesAt(model, t);
    if (rules === undefined) break;
    rows ??= await historyRows(history, rules.meters, span);
    const entries = entriesAt(options, rules, { rows, t });
    const jobs = jobsIn(options, t);
    const slot: LedgerBody = {
      k: "slot",
      t,
      rules: 0,
      entries,
      jobs,
      transfers: settle({ rules, entries, jobs }),
    };
    await bridge(options, rules, { rows, t });
    await kept.write([...opening(options, t, rules), slot], t);
    settled += 1;
  }
  return settled;
}

/** Books what came into the history after its slot was settled; gives how many slots were corrected. */
export async function mendLate(options: SettleOptions): Promise<number> {
  const { kept, model, history } = options;
  const { newest } = kept.book;
  const rules = newest === undefined ? undefined : rulesAt(model, newest);
  if (newest === undefined || rules === undefined) return 0;
  const from = newest - LATE_MS;
  const rows = await historyRows(history, rules.meters, { from, to: newest + SLOT_MS });
  const changes = new Map<number, Map<number, MeterEntry>>();
  for (const [t, { rules: then, entries }] of kept.book.slots) {
    if (t < from || JSON.stringify(then.meters) !== JSON.stringify(rules.meters)) continue;
    for (const [place, meter] of rules.meters.entries()) {
      const now = entryOf(meter, rows.at(place, t), rows.at(place, t - SLOT_MS).in === undefined);
      if (!isNews(entries[place] ?? NOTHING_TOLD, now)) continue;
      changes.set(t, (changes.get(t) ?? new Map<number, MeterEntry>()).set(place, now));
    }
  }
  await correct(options, changes, "late");
  return changes.size;
}
