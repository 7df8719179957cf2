// What every view is given: what is known, and how to say it in the reader's language and the site's time.
import type { ApiSite } from "@gridwright/contract/api.ts";
import type { LedgerToday } from "@gridwright/contract/api-ledger.ts";
import type { Reason } from "@gridwright/contract/decision.ts";
import { type Scene, sceneOf } from "@gridwright/contract/explain/scene.ts";
import type { PlanReport } from "@gridwright/contract/plan/site-plan.ts";
import type { Language } from "@gridwright/contract/reasons.ts";
import type { PersonRole } from "@gridwright/contract/roles.ts";
import { type Known, lagOf } from "./live/merge.ts";
import type { Me } from "./people/asking.ts";
import { type ClockText, clockIn } from "./text/clock.ts";
import type { Loading, View } from "./view/views.ts";
import { type Say, sayIn } from "./words/words.ts";

export const DEPTHS = ["top", "middle", "whole"] as const;
export type Depth = (typeof DEPTHS)[number];

export interface Context {
  readonly known: Known;
  readonly language: Language;
  readonly say: Say;
  readonly clock: ClockText;
  readonly wording: Scene;
  /** Plant time of what is shown, ms since 1970. */
  readonly plant: number;
  /** Plant time as far as it can be told now: later than `plant` once nothing is heard. Ages count to here. */
  readonly now: number;
  /** Real time, ms since 1970. */
  readonly wall: number;
  /** Card whose story is shown; undefined: everything. */
  readonly card: string | undefined;
  /** Lines of the story that are shown. */
  readonly lines: number;
  /** Who looks at the page; undefined: not asked yet. */
  readonly me: Me | undefined;
  /** The next 48 h; undefined: not told yet. */
  readonly plan: PlanReport | undefined;
  /** What the ledger has settled of one's own home today; undefined: not told yet, or of no home. */
  readonly today?: LedgerToday | undefined;
  readonly answers?: Readonly<Record<string, Asked>>;
  /** What of the page is looked at. */
  readonly view: View;
  readonly loading: Loading;
  /** How far down the first view is drawn: its top at once, the rest after that was painted. */
  readonly depth: Depth;
  /** What a person did. */
  readonly act: Acts;
}

export interface Acts {
  language(language: Language): void;
  card(card: string | undefined): void;
  more(): void;
  /** Tries again to load the view. */
  reopen(): void;
  signOut(): void;
  demoRole(role: PersonRole): void;
  /** Asks control for a load. */
  wish(asset: string, on: boolean): void;
}

/** What control said to a wish; `detail` where it did not come to that. */
export type Asked =
  | "waiting"
  | { readonly outcome: "accepted" | "clipped" | "refused"; readonly reason: Reason }
  | { readonly detail: string };

export interface Choices {
  /** Asset → answer to what was last asked here. */
  readonly answers?: Readonly<Record<string, Asked>>;
  readonly language: Language;
  readonly card: string | undefined;
  readonly lines: number;
  readonly view: View;
  readonly loading: Loading;
  readonly depth: Depth;
}

/** What stays as long as site and language do: to make formatters anew takes a cheap phone longer than to draw. */
interface Steady {
  readonly say: Say;
  readonly clock: ClockText;
  readonly wording: Scene;
}

const steadyOf = new WeakMap<ApiSite, Map<Language, Steady>>();

function steady(site: ApiSite, language: Language): Steady {
  const made = steadyOf.get(site) ?? new Map<Language, Steady>();
  steadyOf.set(site, made);
  const before = made.get(language);
  if (before !== undefined) return before;
  const say = sayIn(language);
  const fresh: Steady = {
    say,
    clock: clockIn(site.timezone, language, say),
    wording: sceneOf(site, { language, now: 0 }),
  };
  made.set(language, fresh);
  return fresh;
}

/** Everything the views need, from what is known and chosen; `wall` in ms since 1970. */
export function contextOf(
  known: Known,
  choices: Choices,
  {
    wall,
    act,
    me,
    plan,
    today,
  }: Pick<Context, "wall" | "act" | "me" | "today"> & Partial<Pick<Context, "plan">>,
): Context {
  const { say, clock, wording } = steady(known.site, choices.language);
  const plant = known.state.t ?? wall;
  return {
    ...choices,
    ...{ known, say, clock, plant, wall, me, plan, today, act },
    wording: { ...wording, now: plant },
    now: plant + lagOf(known),
  };
}
