// What the journal's two sides say to each other. The main side orders, the thread writes and tells how it stands.
import type { Repaired } from "./repair.ts";
import type { Entry } from "./thin.ts";
import type { Retention, WriterLimits, WriterState } from "./writer.ts";

export interface ThreadSetup {
  readonly dir: string;
  readonly limits: WriterLimits;
}

export type Order =
  | { readonly kind: "append"; readonly entries: readonly Entry[] }
  /** Try to write and sync everything; with an id the outcome is answered. */
  | { readonly kind: "write"; readonly id?: number }
  | { readonly kind: "prune"; readonly retention: Retention; readonly wall: number };

export type Report =
  | { readonly kind: "open"; readonly repaired: Repaired; readonly state: WriterState }
  | { readonly kind: "unusable"; readonly why: string }
  | {
      readonly kind: "state";
      readonly state: WriterState;
      /** The write order that this answers. */
      readonly answers?: number;
    };
