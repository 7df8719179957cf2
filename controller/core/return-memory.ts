// What the brain remembers of loads that come back: the last that did, and those that were limited where they would have been cut.
// A part of Memory (memory.ts), plain JSON like the rest.
import type { Reason } from "@gridwright/contract/decision.ts";
import type { Mono } from "@gridwright/contract/units.ts";

export interface Eased {
  /** Of its rating, 0..1. */
  readonly share: number;
  /** When it was limited last. */
  readonly at: Mono;
  readonly reason: Reason;
  /** VA per phase that this took away. */
  readonly relief: readonly number[];
}

export interface ReturnMemory {
  /** The last load that came back, and its share of all inverters' rating. */
  readonly restored: { readonly at: Mono; readonly share: number } | null;
  /** Since when loads wait for nothing but room. */
  readonly roomless: Readonly<Record<string, Mono>>;
  /** Loads that keep a share of their rating since they were limited in the stead of a cut. */
  readonly eased: Readonly<Record<string, Eased>>;
}

export const initialReturns: ReturnMemory = { restored: null, roomless: {}, eased: {} };
