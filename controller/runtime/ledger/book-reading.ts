// A meter that somebody read, booked: the reading as a record of its own, and corrections of the slots that it fills.
import { type MeterEntry, type ReadingBody, SLOT_MS } from "@gridwright/contract/ledger.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { judgeReading, type KnownSlot, type ReadingVerdict } from "@gridwright/core/ledger/hand-reading.ts";
import { correct, type SettleOptions } from "./settler.ts";

const NOMINAL_V = 230;
/** Where no breaker is named, A. */
const BREAKER_A = 63;

const WORDS: Readonly<Record<Extract<ReadingVerdict, { ok: false }>["why"], string>> = {
  backwards: "it is below the last reading",
  "too-much": "more than the breaker lets through would have flowed since the last reading",
  "less-than-counted": "it is below what was counted since the last reading",
  "no-gap": "it says more than was counted, and no quarter of an hour is missing: look at the meter",
};

function mostOf({ assets }: SiteModel, meter: string): number {
  const spec = assets[meter]?.spec;
  return (spec?.breaker ?? BREAKER_A) * NOMINAL_V * (spec?.phases.length ?? 1);
}

/** Settled slots of a meter, oldest first, with the meter's place among their entries. */
function slotsOf(
  { kept: { book } }: SettleOptions,
  meter: string,
): readonly (KnownSlot & { readonly place: number })[] {
  return [...book.slots.values()].flatMap(({ t, rules, entries }) => {
    const place = rules.meters.findIndex(({ id }) => id === meter);
    const entry = entries[place];
    return entry === undefined ? [] : [{ t, entry, place }];
  });
}

const refusal = ({ why, perhaps }: Extract<ReadingVerdict, { ok: false }>): string =>
  perhaps === undefined ? WORDS[why] : `${WORDS[why]}; was it ${perhaps / 1_000} kWh?`;

/** Books it, or gives why not. Rejects with the card's own error. */
export async function bookReading(options: SettleOptions, reading: ReadingBody): Promise<string | undefined> {
  const { kept, model } = options;
  const { newest, readings } = kept.book;
  const slots = slotsOf(options, reading.meter);
  if (newest === undefined || slots.length === 0)
    return "the ledger knows no such meter, or nothing of it is settled";
  if (reading.at > newest + SLOT_MS)
    return "its time is not settled yet: give it again in a quarter of an hour";
  const before = readings.get(reading.meter);
  const verdict = judgeReading({
    reading,
    slots,
    mostW: mostOf(model, reading.meter),
    ...(before !== undefined && { before }),
  });
  if (!verdict.ok) return refusal(verdict);
  await kept.write([reading], newest);
  const places = new Map(slots.map(({ t, place }) => [t, place]));
  const fills = verdict.fills.map(({ t, entry }): [number, ReadonlyMap<number, MeterEntry>] => [
    t,
    new Map([[places.get(t) ?? 0, entry]]),
  ]);
  await correct(options, new Map(fills), "hand");
  return undefined;
}
