// What services tell the process of a trial and what it tells them. Plain JSON.
import type { TrialAsk, TrialDay, TrialRun } from "@gridwright/contract/api-trials.ts";

/** Means of the hours before the day's begin, oldest first; null: not known. W. */
export interface LastDay {
  readonly arrays: Readonly<Record<string, readonly (number | null)[]>>;
  readonly loads: Readonly<Record<string, readonly (number | null)[]>>;
}

export interface TrialOrder {
  readonly siteFile: string;
  /** Whose habits the twin's people have. */
  readonly scenarioFile?: string;
  readonly ask: Pick<TrialAsk, "flows">;
  readonly day: TrialDay;
  readonly lastDay: LastDay;
  /** What runs now; null: nothing does. */
  readonly running: TrialAsk["flows"] | null;
  /** What the same day came to with what runs now, where an earlier trial found it. */
  readonly known?: TrialRun;
  /** How many times faster than the host's clock. */
  readonly pace: number;
}

export type TrialNews =
  | { readonly progress: number }
  | { readonly disabled: readonly string[] }
  | { readonly done: { readonly before: TrialRun; readonly after: TrialRun } }
  | { readonly failed: { readonly en: string; readonly es: string } };
