// Who keeps a part when not all that was chosen must go: loads that can be told how much share it within their tier (quotas.ts), most
// needed tier first. Those of the tier that were spared so far give too, if even then they fare better than who was chosen.
import { AHEAD_H, type Candidate } from "./choose.ts";
import { gradual, ignoresLimit } from "./easing.ts";
import { inSteps, leastShare, upInSteps } from "./limit-share.ts";
import { quotas, type Sharer } from "./quotas.ts";
import type { Tick } from "./tick.ts";
import { type LoadView, type Phase, reliefOf } from "./view.ts";

export interface Chosen {
  readonly candidates: readonly Candidate[];
  /** Of them those that go, in their order. */
  readonly picked: readonly Candidate[];
  readonly phase: Phase;
  /** What must go, in the unit of `relief`. */
  readonly need: number;
}

interface Part extends Sharer {
  /** VA of all of its rating, on the phase that is short. */
  readonly rating: number;
}

const canKeep = (tick: Tick, load: LoadView): boolean =>
  load.plan.actuator?.kind === "limit" && load.plan.spec.runs !== "surplus" && !ignoresLimit(tick, load);

/** What its owner goes without if it goes for the usual time. */
const lossOf = ({ deprived, weight, relief }: Candidate): number => deprived + weight * relief * AHEAD_H;

/** Those of a tier who can be told how much: the chosen first, then who fares better even if the chosen go. */
function sharers(tick: Tick, { candidates, picked, phase }: Chosen, tier: number): readonly Part[] {
  const { layout, view } = tick;
  const loads = new Map<Candidate, LoadView>();
  for (const one of candidates) {
    const load = view.loads[layout.load.get(one.id)?.index ?? -1];
    if (one.tier === tier && one.relief > 0 && load !== undefined && canKeep(tick, load))
      loads.set(one, load);
  }
  const going = picked.filter((one) => loads.has(one));
  const worst = Math.max(...going.map(lossOf));
  const joining = [...loads.keys()].filter(
    (one) => !going.includes(one) && !one.busy && one.deprived < worst,
  );
  const all = [...going, ...joining];
  const own = Map.groupBy(all, ({ owner }) => owner);
  return all.flatMap((one): Part[] => {
    const load = loads.get(one);
    if (load === undefined) return [];
    const rating = (load.plan.spec.rating * reliefOf(load.va, phase)) / load.total;
    const weight = one.weight / (own.get(one.owner)?.length ?? 1);
    const least = leastShare(load.plan) * rating;
    return [{ id: one.id, draws: one.relief, weight, least, rating, chosen: going.includes(one) }];
  });
}

/** What is told to each of a tier, by asset, when `spare` may stay; gives what is left of that. */
function keepsOf(parts: readonly Part[], spare: number, keeps: Map<string, number>): number {
  const going = parts.reduce((sum, { chosen, draws }) => sum + (chosen ? draws : 0), 0);
  if (spare <= 0 || going === 0) return spare;
  const kept = quotas(parts, going - spare);
  let left = spare;
  for (const { id, draws, rating, chosen } of parts) {
    const va = kept.get(id);
    if (va === undefined) continue;
    left -= chosen ? va : va - draws;
    // Who may keep all that it draws is told so, lest it takes more; who was not chosen is left alone.
    if (va < draws) keeps.set(id, inSteps(va / rating));
    else if (chosen) keeps.set(id, upInSteps(va / rating));
  }
  return left;
}

/** The shares of their rating that loads keep, by asset: chosen ones, and such as give in their stead. */
export function keeping(tick: Tick, chosen: Chosen): ReadonlyMap<string, number> {
  const { picked, need } = chosen;
  const keeps = new Map<string, number>();
  if (gradual(tick.layout).length === 0) return keeps;
  let spare = picked.reduce((sum, { relief }) => sum + relief, 0) - need;
  const tiers = new Set(picked.map(({ tier }) => tier));
  for (const tier of [...tiers].sort((a, b) => a - b))
    spare = keepsOf(sharers(tick, chosen, tier), spare, keeps);
  return keeps;
}
