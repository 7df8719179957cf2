// The energy ledger's words: what was counted in a quarter of an hour, by which rules it was shared, and the transfers that
// follow. Whole Wh, double entry: a transfer takes from one account what it gives to another. Records are only ever added;
// a mistake is mended by a correction, which is a record too.

export const SLOT_MS = 900_000;
/** Corrections reach so far back; what comes later must be settled among people. */
export const CORRECTED_WITHIN_MS = 40 * 86_400_000;

export const KEY_KINDS = ["static", "priority", "pro-rata", "hybrid", "need"] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

/** How the community's own energy is shared among its members. */
export interface SharingKey {
  readonly kind: KeyKind;
  /** Member → whole number: millionths (static, hybrid), rank from 1 (priority), weight (need); 1 for pro-rata. */
  readonly weights: Readonly<Record<string, number>>;
}

/** Millionths of the site's money for a kWh. */
export interface LedgerPrices {
  readonly local: number;
  readonly bought: number;
  readonly given: number;
}

export type MeterRole = "sun" | "battery" | "grid" | "generator" | "feeder" | "member" | "shared";

/** One place where energy is counted. */
export interface LedgerMeter {
  /** The asset. */
  readonly id: string;
  readonly role: MeterRole;
  /** `member:<id>`, `vacant:<id>`, `shared:<asset>`, `losses:<feeder>`, or the source's own. */
  readonly account: string;
  /** The feeder's meter above it; null: the plant itself. */
  readonly under: string | null;
  /** Channels that count towards the site's inside (use, import, generation, discharge) and the other way; null: none. */
  readonly channels: {
    readonly in: string | null;
    readonly out: string | null;
    readonly power: string | null;
  };
}

export interface LedgerRules {
  readonly meters: readonly LedgerMeter[];
  readonly key: SharingKey;
  /** None: energy alone is accounted for. */
  readonly prices: LedgerPrices | null;
}

/** ok: whole; part: some of it is missing; none: nothing known, counted as 0; power: summed from power; hand: from a reading by hand. */
export type EntryQuality = "ok" | "part" | "none" | "power" | "hand";
/** What a meter counted in a slot, Wh; `reading` is its counter at the slot's end, where it has one. */
export type MeterEntry = readonly [
  inWh: number,
  outWh: number,
  quality: EntryQuality,
  reading: number | null,
];
/** A job of the workshop that ended in the slot; member null: nobody's. */
export type JobEntry = readonly [id: string, machine: string, member: string | null, wh: number];

/** flow: between plant and pool; local, bought: used; given: by a member's own roof; loss; job: from a machine to a member. */
export type TransferKind = "flow" | "local" | "bought" | "given" | "loss" | "job";
/** Wh is positive. */
export type Transfer = readonly [kind: TransferKind, from: string, to: string, wh: number];

export type LedgerBody =
  | { readonly k: "begin"; readonly site: string; readonly format: 1; readonly publicKey: string }
  | { readonly k: "rules"; readonly from: number; readonly rules: LedgerRules }
  | SlotBody
  | CorrectionBody
  | ReadingBody
  | NoteBody;

/** `t` is the slot's begin, ms since 1970 UTC; `rules` the record that holds the rules. Entries stand in the order of meters. */
export interface SlotBody {
  readonly k: "slot";
  readonly t: number;
  readonly rules: number;
  readonly entries: readonly MeterEntry[];
  readonly jobs: readonly JobEntry[];
  readonly transfers: readonly Transfer[];
}

/** What a settled slot is now known to have been; transfers are the difference to what was booked. */
export interface CorrectionBody {
  readonly k: "correction";
  readonly t: number;
  readonly why: "late" | "hand";
  readonly entries: readonly MeterEntry[];
  readonly transfers: readonly Transfer[];
}

/** A meter read by a person. `by` is an id of an account; `photo` names a picture that the community keeps. */
export interface ReadingBody {
  readonly k: "reading";
  readonly meter: string;
  readonly at: number;
  readonly wh: number;
  readonly by: string;
  readonly photo?: string;
}

/** What happened that figures alone do not tell; it moves no energy. `by` is an id of an account, or the flows. */
export interface NoteBody {
  readonly k: "note";
  readonly at: number;
  readonly text: string;
  readonly by: string;
}

export interface LedgerRecord {
  /** From 1, without a gap. */
  readonly n: number;
  readonly body: LedgerBody;
}

export const POOL = "pool";
export const PLANT = "plant";
export const memberAccount = (member: string): string => `member:${member}`;
export const jobAccount = (member: string | null): string => `job:${member ?? "nobody"}`;
export const lossesAccount = (feeder: string): string => `losses:${feeder}`;
