// A meter that somebody read, booked: the reading as a record of its own, and corrections of the slots that it fills.
import type { LedgerMeterRead, READING_REFUSALS, ReadingTaken } from "@gridwright/contract/api-ledger.ts";
import { type ReadingBody, SLOT_MS } from "@gridwright/contract/ledger.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import type { Book } from "@gridwright/core/ledger/book.ts";
import { isOpen } from "@gridwright/core/ledger/entries.ts";
import { judgeReading, type KnownSlot, type ReadingVerdict } from "@gridwright/core/ledger/hand-reading.ts";
import { hashNamed, keepPhoto, photoName } from "./photos.ts";
import { correct, type SettleOptions } from "./settler.ts";

const NOMINAL_V = 230;
/** Where no breaker is named, A. */
const BREAKER_A = 63;

/** A reading of now lies in the quarter of an hour that is not over; what the history still holds back is as much again. */
const AHEAD_OF_SETTLED_MS = 2 * SLOT_MS;
/** A phone's clock may be so wrong, ms. */
const CLOCKS_APART_MS = 120_000;

export interface RefusedReading {
  readonly why: (typeof READING_REFUSALS)[number];
  readonly perhapsWh?: number;
  readonly settledTo?: number;
}

function mostOf({ assets }: SiteModel, meter: string): number {
  const spec = assets[meter]?.spec;
  return (spec?.breaker ?? BREAKER_A) * NOMINAL_V * (spec?.phases.length ?? 1);
}

/** Settled slots of a meter, oldest first, with the meter's place among their entries. */
function slotsOf(book: Book, meter: string): readonly (KnownSlot & { readonly place: number })[] {
  return [...book.slots.values()].flatMap(({ t, rules, entries }) => {
    const place = rules.meters.findIndex(({ id }) => id === meter);
    const entry = entries[place];
    return entry === undefined ? [] : [{ t, entry, place }];
  });
}

/** The meters of now, and what is known of each. */
export const metersRead = (book: Book): readonly LedgerMeterRead[] =>
  (book.rules?.rules.meters ?? []).map(({ id }) => {
    const slots = slotsOf(book, id);
    const told = slots.findLast(({ entry }) => entry[3] !== null);
    const [countedAt, counted] = told === undefined ? [null, null] : [told.t + SLOT_MS, told.entry[3]];
    const byHand = book.readings.get(id);
    const isNewer = byHand !== undefined && byHand.at > (countedAt ?? 0);
    return {
      meter: id,
      lastAt: isNewer ? byHand.at : countedAt,
      lastWh: isNewer ? byHand.wh : counted,
      gaps: slots.filter(({ entry }) => isOpen(entry)).length,
      photo: hashNamed(byHand?.photo) ?? null,
    };
  });

const refusal = ({ why, perhaps }: Extract<ReadingVerdict, { ok: false }>): RefusedReading => ({
  why,
  ...(perhaps !== undefined && { perhapsWh: perhaps }),
});

const takenOf = (fills: readonly (KnownSlot & { readonly was: number })[]): ReadingTaken => {
  const [first, last] = [fills[0], fills.at(-1)];
  return {
    filledWh: fills.reduce((sum, { entry, was }) => sum + entry[0] - was, 0),
    quarters: fills.length,
    from: first?.t ?? null,
    to: last === undefined ? null : last.t + SLOT_MS,
  };
};

/** Why its time cannot be; undefined: it can. */
function timeRefused({ kept, wall }: SettleOptions, at: number): RefusedReading | undefined {
  const settledTo = (kept.book.newest ?? 0) + SLOT_MS;
  if (at > wall() + CLOCKS_APART_MS) return { why: "ahead" };
  return at > settledTo + AHEAD_OF_SETTLED_MS ? { why: "not-settled", settledTo } : undefined;
}

/** Books it and gives what it filled, or why not; a photo is kept with it, before the line that names it. Rejects with the card's
 * own error. */
export async function bookReading(
  options: SettleOptions,
  given: ReadingBody,
  picture?: Uint8Array,
): Promise<ReadingTaken | RefusedReading> {
  const reading = picture === undefined ? given : { ...given, photo: photoName(picture) };
  const { kept, model } = options;
  const { newest, readings } = kept.book;
  const slots = slotsOf(kept.book, reading.meter);
  if (newest === undefined || slots.length === 0) return { why: "unknown-meter" };
  const untimely = timeRefused(options, reading.at);
  if (untimely !== undefined) return untimely;
  const before = readings.get(reading.meter);
  const verdict = judgeReading({
    reading,
    slots,
    mostW: mostOf(model, reading.meter),
    ...(before !== undefined && { before }),
  });
  if (!verdict.ok) return refusal(verdict);
  if (picture !== undefined) await keepPhoto(kept.folder, picture);
  await kept.write([reading], newest);
  const known = new Map(slots.map(({ t, place, entry }) => [t, { place, was: entry[0] }]));
  const fills = verdict.fills.map((fill) => ({ ...fill, ...(known.get(fill.t) ?? { place: 0, was: 0 }) }));
  await correct(options, new Map(fills.map(({ t, place, entry }) => [t, new Map([[place, entry]])])), "hand");
  return takenOf(fills);
}
