// A member's own home: what it takes, what of its day is left, how it was served beside the others, its loads. Pure.
import type { ApiDecision } from "@gridwright/contract/api.ts";
import type { MemberFairness } from "@gridwright/contract/fairness.ts";
import { type Measure, sum } from "../live/measure.ts";
import type { Known } from "../live/merge.ts";
import { groupsOf, type LoadView } from "../loads/loads.ts";
import { ofCard } from "../story/story.ts";

/** The lowest and highest served share of the other houses; nobody is named, and of two or fewer nothing is told. */
export interface Others {
  readonly least: number;
  readonly most: number;
}

export interface Home {
  readonly name: string;
  readonly power: Measure;
  readonly loads: readonly LoadView[];
  /** undefined: control has not told yet. */
  readonly fairness: MemberFairness | undefined;
  readonly others: Others | undefined;
  /** What of today's allowance is left, in Wh; undefined: it is not limited, or not known. */
  readonly leftWh: number | undefined;
  /** Newest first: what was taken from it for others, or for need. */
  readonly taken: readonly ApiDecision[];
}

const OTHERS_MIN = 3;
const TAKEN_SHOWN = 3;
/** As a part of what was used. */
const COUNTS_APART = 0.03;
/** Rules under which «off» is where a load begins, or what its people asked for. */
const OWN: ReadonlySet<string> = new Set(["default", "start-up", "requests", "manual-hold", "limits"]);

function othersOf({ state }: Known, member: string): Others | undefined {
  const served = Object.entries(state.fairness?.members ?? {}).flatMap(([id, { servedRatio }]) =>
    id === member || servedRatio === null ? [] : [servedRatio],
  );
  return served.length < OTHERS_MIN ? undefined : { least: Math.min(...served), most: Math.max(...served) };
}

const wasTaken = ({ set, rule }: ApiDecision): boolean =>
  !OWN.has(rule) && (set.kind === "switch" ? !set.on : set.share < 1);

/** Use counts for more of the day's share in scarcity and for less in plenty: said once it makes a difference. */
export function countsKey({ allowanceWh, usedTodayWh, countedTodayWh }: MemberFairness) {
  if (allowanceWh === null || Math.abs(countedTodayWh - usedTodayWh) < COUNTS_APART * usedTodayWh)
    return undefined;
  return countedTodayWh > usedTodayWh ? "home-counts-more" : "home-counts-less";
}

/** The home of a member of the site; undefined when it has no loads there. */
export function homeOf(known: Known, member: string): Home | undefined {
  const group = groupsOf(known).find(({ id, kind }) => id === member && kind === "house");
  if (group === undefined) return undefined;
  const fairness = known.state.fairness?.members[member];
  const limited = fairness !== undefined && fairness.allowanceWh !== null;
  return {
    name: group.name ?? member,
    power: group.power ?? sum(group.loads.map(({ power }) => power)),
    loads: group.loads,
    fairness,
    others: othersOf(known, member),
    leftWh: limited ? Math.max(0, (fairness.allowanceWh ?? 0) - fairness.countedTodayWh) : undefined,
    taken: ofCard(known.state.decisions, known.site, member).filter(wasTaken).slice(0, TAKEN_SHOWN),
  };
}
