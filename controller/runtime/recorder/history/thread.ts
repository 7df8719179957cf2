// What the history's two sides say to each other: one question, one answer, by id.
import type { Cursor, HistoryPeriods, HistoryQuery, HistoryRow } from "@gridwright/contract/ports.ts";
import type { Zone } from "./calendar.ts";
import type { StoredBatch } from "./store.ts";

export type Question =
  | { readonly kind: "open"; readonly folder: string; readonly zone: Zone }
  | { readonly kind: "take"; readonly batch: StoredBatch }
  | { readonly kind: "query"; readonly query: HistoryQuery }
  | { readonly kind: "periods"; readonly query: HistoryPeriods }
  | { readonly kind: "counts" };

export interface Answers {
  readonly open: { readonly cursor: Cursor | undefined; readonly setAside: readonly string[] };
  /** What the card said when it refused the last block; the batch is taken all the same. */
  readonly take: { readonly refusal: string | null; readonly damaged: number };
  readonly query: readonly HistoryRow[];
  readonly periods: readonly HistoryRow[];
  readonly counts: Readonly<Record<string, number>>;
}

export interface Asked {
  readonly id: number;
  readonly question: Question;
}
export type Answered =
  | { readonly id: number; readonly ok: true; readonly answer: unknown }
  | { readonly id: number; readonly ok: false; readonly why: string };
