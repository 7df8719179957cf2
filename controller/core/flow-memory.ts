// What the brain remembers of power that flows to and from the grid: limits in force, what was imported lately, since
// when there is sun that nobody needs. A part of Memory (memory.ts), plain JSON like the rest.
import type { Mono } from "@gridwright/contract/units.ts";

/** Mean import over the parts of a sliding window. */
export interface Imported {
  /** Begin of the part that is being filled. */
  readonly at: Mono;
  /** Until when it is filled. */
  readonly since: Mono;
  /** Ws of import in it so far. */
  readonly filled: number;
  /** W of each earlier part, oldest first. */
  readonly past: readonly number[];
  /** W of import now; null: not known. */
  readonly now: number | null;
  /** Since when the window's forecast is above what was agreed; null while it is not. */
  readonly overSince: Mono | null;
}

/** Mean power that batteries gave lately; null where it is kept: not known yet. */
export interface Drain {
  readonly since: Mono;
  readonly at: Mono;
  readonly watts: number;
  /** W that they would have given without generating sets; missing: the same. */
  readonly alone?: number;
}

/** W that loads took when they went, and when the last of them did. */
export interface Freed {
  readonly watts: number;
  readonly at: Mono;
}

type ByAsset<T> = Readonly<Record<string, T>>;

export interface FlowMemory {
  /** Limits on solar output for the sake of an agreed export, and since when each stands so. */
  readonly capped: ByAsset<{ readonly share: number; readonly at: Mono }>;
  /** Since when more is exported than agreed, by grid connection. */
  readonly exporting: ByAsset<Mono>;
  /** What was imported lately, by grid connection. */
  readonly imported: ByAsset<Imported>;
  readonly drain: Drain | null;
  /** What steps by hours took from loads when these went, by the step's place. */
  readonly freed: ByAsset<Freed>;
  /** Since when there is sun that nobody needs, and since when there is none. */
  readonly surplus: { readonly since: Mono | null; readonly goneSince: Mono | null };
  /** Loads that somebody lets wait for such sun. */
  readonly awaiting: ByAsset<{ readonly issuer: string; readonly expiresAt: Mono }>;
  /** Machines that finish a job whose permit ended, and since when. */
  readonly finishing: ByAsset<Mono>;
}

export const initialFlows: FlowMemory = {
  capped: {},
  exporting: {},
  imported: {},
  drain: null,
  freed: {},
  surplus: { since: null, goneSince: null },
  awaiting: {},
  finishing: {},
};
