// What is about to be cut, and when, so that people can be warned: the ladder's next step by the trend of the charge,
// and a member's own allowance or limit. A guess of minutes, shown as one; nothing is switched off by it.
import { elapsed } from "@gridwright/contract/units.ts";
import { type Rung, rungsOf, shedTier } from "../rungs.ts";
import type { Tick } from "../tick.ts";
import { factorOf, fallsTo } from "./day.ts";
import type { Use } from "./fair-memory.ts";
import { type MemberPlan, memberW } from "./use.ts";

export interface Ahead {
  /** Until it comes, ms; 0: it is due. */
  readonly inMs: number;
  readonly step: Rung;
}

const soonest = (all: readonly Ahead[]): Ahead | undefined => all.toSorted((a, b) => a.inMs - b.inMs)[0];

/** The next step of the ladder that sheds, as far as its measure can be foreseen. */
export function stepAhead(tick: Tick, wanted: (tier: number) => boolean = () => true): Ahead | undefined {
  const { ladder, crossed } = tick.memory;
  return soonest(
    rungsOf(tick, tick.model.site.ladder).flatMap((step, place): Ahead[] => {
      const tier = shedTier(step);
      if (tier === undefined || ladder[place] !== undefined || !wanted(tier)) return [];
      if (crossed[place] !== undefined) return [{ inMs: 0, step }];
      const inMs = step.below.by === "soc" ? fallsTo(tick, step.below.value) : undefined;
      return inMs === undefined || !Number.isFinite(inMs) ? [] : [{ inMs, step }];
    }),
  );
}

/** Wh that a member may still use today, as its allowance counts; undefined: not limited. */
export const allowanceLeft = ({ allowance }: MemberPlan, use: Use): number | undefined =>
  allowance === undefined ? undefined : allowance - use.countedWh;

/** ms until a load of this member goes for its own use; 0: it is due; undefined: none is foreseen. */
export function memberAhead(tick: Tick, plan: MemberPlan): number | undefined {
  const use = tick.memory.fair.use[plan.id];
  if (use === undefined) return undefined;
  const { warn } = tick.model.site.fairness;
  const after = (since: Use["overSince"]): number[] =>
    since === null ? [] : [Math.max(0, warn - elapsed(since, tick.state.now))];
  const left = allowanceLeft(plan, use);
  const rate = (memberW(tick, plan) ?? 0) / factorOf(tick, tick.memory.fair.supply);
  const spends = left === undefined || left <= 0 || rate <= 0 ? [] : [(left / rate) * 3_600_000 + warn];
  const times = [...after(use.spentSince), ...after(use.overSince), ...spends];
  return times.length === 0 ? undefined : Math.min(...times);
}

/** The load of tier 0 that may go first, and when: by a step that sheds tier 0, else when the battery cuts out. */
export function lastResortAhead(tick: Tick): { readonly asset: string; readonly inMs: number } | undefined {
  const [first] = tick.layout.loads
    .filter(({ spec }) => spec.tier === 0 && spec.lastResort !== undefined)
    .sort((a, b) => (a.spec.lastResort ?? 0) - (b.spec.lastResort ?? 0));
  if (first === undefined) return undefined;
  const step = stepAhead(tick, (tier) => tier === 0);
  const cutOut = fallsTo(tick, Math.max(0, ...tick.layout.batteries.map(({ spec }) => spec.socMin)));
  const inMs = step?.inMs ?? cutOut;
  return inMs === undefined ? undefined : { asset: first.id, inMs };
}
