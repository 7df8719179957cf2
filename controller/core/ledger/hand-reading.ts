// A meter read by a person: does it fit what is known, and which slots does it fill? What cannot be is refused with the
// reason, and where one wrong digit would explain it, with the reading that was perhaps meant. Pure.
import { type MeterEntry, SLOT_MS } from "@gridwright/contract/ledger.ts";
import { isOpen } from "./entries.ts";
import { byRemainder } from "./share-out.ts";

export interface KnownSlot {
  readonly t: number;
  readonly entry: MeterEntry;
}

export interface HandReading {
  /** ms since 1970 UTC. */
  readonly at: number;
  readonly wh: number;
}

export interface ReadingAsked {
  readonly reading: HandReading;
  /** The reading by hand before it. */
  readonly before?: HandReading;
  /** Settled slots of the meter, oldest first. */
  readonly slots: readonly KnownSlot[];
  /** Most that the meter's breaker lets through, W. */
  readonly mostW: number;
}

export type ReadingVerdict =
  | { readonly ok: true; readonly fills: readonly KnownSlot[] }
  | {
      readonly ok: false;
      readonly why: "backwards" | "too-much" | "less-than-counted" | "no-gap";
      /** With one digit changed it would fit, Wh. */
      readonly perhaps?: number;
    };

/** Displays show whole kWh at the worst. */
const STEP_WH = 1_000;
const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

function baseOf({ reading, before, slots }: ReadingAsked): HandReading | undefined {
  const told = slots.findLast(({ t, entry }) => t + SLOT_MS <= reading.at && entry[3] !== null);
  const counted = told && { at: told.t + SLOT_MS, wh: told.entry[3] ?? 0 };
  if (before === undefined || before.at >= reading.at) return counted;
  return counted === undefined || before.at > counted.at ? before : counted;
}

function misfit({ reading, mostW }: ReadingAsked, base: HandReading, counted: number) {
  const rise = reading.wh - base.wh;
  if (rise < 0) return "backwards";
  if (rise > STEP_WH + (mostW * (reading.at - base.at)) / 3_600_000) return "too-much";
  return rise < counted - STEP_WH ? "less-than-counted" : undefined;
}

/** The reading with one digit of its kWh changed that is nearest to what was to be expected. */
function oneDigitOff(asked: ReadingAsked, base: HandReading, counted: number): number | undefined {
  const digits = String(Math.floor(asked.reading.wh / 1_000));
  const rest = asked.reading.wh % 1_000;
  const expected = base.wh + counted;
  const others = [...digits].flatMap((digit, place) =>
    [..."0123456789"]
      .filter((other) => other !== digit)
      .map((other) => Number(digits.slice(0, place) + other + digits.slice(place + 1)) * 1_000 + rest),
  );
  return others
    .filter((wh) => misfit({ ...asked, reading: { ...asked.reading, wh } }, base, counted) === undefined)
    .sort((a, b) => Math.abs(a - expected) - Math.abs(b - expected))[0];
}

/** What is missing spread evenly over the slots that told nothing or a part. */
function filled(open: readonly KnownSlot[], missing: number): readonly KnownSlot[] {
  const parts = byRemainder(
    Math.max(0, missing),
    open.map(() => 1),
  );
  return open.map(({ t, entry: [wIn, out, , reading] }, place) => ({
    t,
    entry: [wIn + (parts[place] ?? 0), out, "hand", reading],
  }));
}

/** Judges a reading. The first one of a meter that never told anything is a beginning: it fits and fills nothing. */
export function judgeReading(asked: ReadingAsked): ReadingVerdict {
  const base = baseOf(asked);
  if (base === undefined) return { ok: true, fills: [] };
  const { reading, slots } = asked;
  const since = slots.filter(({ t }) => t >= base.at && t + SLOT_MS <= reading.at);
  const counted = sum(since.map(({ entry }) => entry[0]));
  const why = misfit(asked, base, counted);
  if (why !== undefined) {
    const perhaps = oneDigitOff(asked, base, counted);
    return { ok: false, why, ...(perhaps !== undefined && { perhaps }) };
  }
  const missing = reading.wh - base.wh - counted;
  const open = since.filter(({ entry }) => isOpen(entry));
  if (open.length > 0) return { ok: true, fills: filled(open, missing) };
  return missing > STEP_WH ? { ok: false, why: "no-gap" } : { ok: true, fills: [] };
}
