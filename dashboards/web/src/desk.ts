// What the page knows and what its reader chose: the only state there is. Begun from what this browser remembers.
import type { LedgerToday } from "@gridwright/contract/api-ledger.ts";
import type { PlanReport } from "@gridwright/contract/plan/site-plan.ts";
import type { Choices } from "./context.ts";
import { keep, type Remembered, remembered } from "./live/keep.ts";
import type { Known } from "./live/merge.ts";
import type { Mark } from "./live/pace.ts";
import { keepOffline, type Offline } from "./offline/offline.ts";
import type { Me } from "./people/asking.ts";
import { viewFor } from "./view/views.ts";
import { chosenLanguage, LANGUAGE_KEY } from "./words/words.ts";

export const LINES_FIRST = 5;

export interface Desk {
  readonly storage: Storage | undefined;
  readonly offline: Offline;
  known: Known | undefined;
  /** By performance.now(), which no setting of the clock moves; undefined: nothing was heard yet. */
  heardAt: number | undefined;
  /** What was heard lately, to tell the pace of plant time by. */
  marks: readonly Mark[];
  choices: Choices;
  drawing: number;
  me: Me | undefined;
  plan: PlanReport | undefined;
  /** Of one's own home, by the ledger. */
  today: LedgerToday | undefined;
  /** Nobody answered the last try. */
  unreached: boolean;
  greeted: boolean;
  /** Nobody knows who looks: the door stands in the page's place. */
  outside: boolean;
}

/** The browser's memory, where it has one and lets us. */
function memory(): Storage | undefined {
  try {
    return window.localStorage;
  } catch (error) {
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}

export function newDesk(): Desk {
  const storage = memory();
  const language = chosenLanguage(storage?.getItem(LANGUAGE_KEY) ?? null, navigator.language);
  const before: Remembered | undefined = storage && remembered(storage);
  const view = viewFor(location.hash, before?.me);
  return {
    storage,
    offline: keepOffline(),
    known: before?.known,
    me: before?.me,
    plan: before?.plan,
    today: undefined,
    heardAt: undefined,
    marks: [],
    choices: { language, card: undefined, lines: LINES_FIRST, view, loading: "loading", depth: "top" },
    drawing: 0,
    unreached: false,
    greeted: false,
    outside: false,
  };
}

/** How long nothing was heard: by the page's own clock, for what it remembers by the calendar. */
export const quietMs = ({ heardAt, known }: Desk): number =>
  heardAt === undefined ? Math.max(0, Date.now() - (known?.heardAt ?? 0)) : performance.now() - heardAt;

/** Remembers what is live, with who looks at it. */
export function save({ known, storage, me, plan }: Desk): void {
  if (known?.link === "open" && storage !== undefined) keep(known, { me, plan }, storage);
}
