// The community's figures: own energy, what is needed most, fairness, sun that was left. Pure; unknown stays unknown.
import type { ApiSite } from "@gridwright/contract/api.ts";
import type { FairnessReport } from "@gridwright/contract/fairness.ts";
import type { SitePlan } from "@gridwright/contract/plan/site-plan.ts";
import type { Known } from "../live/merge.ts";
import type { Line } from "../past/past.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Tiers whose loss hurts: never switched off, and essential. */
const ESSENTIAL_MAX = 1;

export interface Essentials {
  readonly on: number;
  readonly all: number;
  /** Over about a week; undefined: not told yet. */
  readonly missingWh: number | undefined;
}

/** By what holds now, agreed or in the site file. */
const isEssential = ({ id, tier }: ApiSite["assets"][number], state: Known["state"]): boolean =>
  tier !== undefined && (state.assets[id]?.tier ?? tier) <= ESSENTIAL_MAX;

/** Energy that tiers 0 and 1 of all homes were short of. */
const missingOf = ({ members }: FairnessReport): number =>
  Object.values(members)
    .flatMap(({ notServedWh }) => notServedWh.slice(0, ESSENTIAL_MAX + 1))
    .reduce((sum, wh) => sum + wh, 0);

/** A load that cannot be switched has supply while the bus has: only what is known to be off counts as off. */
export function essentialsOf({ site, state }: Known): Essentials {
  const loads = site.assets.filter((asset) => isEssential(asset, state));
  const dark = state.mode === "dead-bus";
  const on = dark ? [] : loads.filter(({ id }) => state.assets[id]?.on !== false);
  const { fairness } = state;
  return { on: on.length, all: loads.length, missingWh: fairness && missingOf(fairness) };
}

/** Sun that the plan sees left over in the next 24 h, Wh; undefined: no plan, or less than a day of it. */
export function spareAhead({ steps, stepMs }: SitePlan, now: number): number | undefined {
  const ahead = steps.filter(({ at }) => at + stepMs > now && at < now + DAY_MS);
  if (ahead.length * stepMs < DAY_MS) return undefined;
  return ahead.reduce((sum, { spareW }) => sum + (spareW * stepMs) / HOUR_MS, 0);
}

/** The share of what was used that neither grid nor fuel gave, from means over the same stretches; undefined: not known. */
export function ownByPower(lines: readonly Line[]): number | undefined {
  const [used, ...bought] = (["used", "grid", "diesel"] as const).map(
    (curve) => lines.find((line) => line.curve === curve)?.values,
  );
  if (used === undefined) return undefined;
  let [all, taken] = [0, 0];
  for (const [place, watts] of used.entries()) {
    const given = bought.map((values) => (values === undefined ? 0 : (values[place] ?? null)));
    if (watts === null || given.includes(null)) continue;
    all += Math.max(0, watts);
    for (const one of given) taken += Math.max(0, one ?? 0);
  }
  return all === 0 ? undefined : Math.max(0, 1 - taken / all);
}
