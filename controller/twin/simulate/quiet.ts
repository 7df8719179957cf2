// How long a quiet step of a seed's day is. The plant stops a step wherever something begins, so that a step is long only while
// nothing does; each twentieth day is looked at six times as often, so that what a long step hides has a chance to show.
import type { SiteModel } from "@gridwright/contract/site/model.ts";

const LONG_MS = 60_000;
const SHORT_MS = 10_000;
const SHORT_EVERY = 20;
/** Leases are renewed when a third of them is over: a step is shorter, as ticks are. */
const LEASE_SHARE = 1 / 4;

/** ms, whole steps of 10 s. */
export function quietOf({ site }: SiteModel, seed: number): number {
  const wanted = seed % SHORT_EVERY === 0 ? SHORT_MS : LONG_MS;
  const most = Math.floor((site.control.lease * LEASE_SHARE) / SHORT_MS) * SHORT_MS;
  return Math.max(SHORT_MS, Math.min(wanted, most));
}
