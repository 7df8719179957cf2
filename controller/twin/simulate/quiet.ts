// How finely a seed's day is looked at. The plant stops a step wherever something begins and wherever a timer of the brain ends, so
// that a step is long only while nothing does; each fiftieth day has short steps and long looks at what happened, so that what
// the others hide has a chance to show.
import type { SiteModel } from "@gridwright/contract/site/model.ts";

const LONG_MS = 120_000;
const SHORT_MS = 10_000;
const SHORT_EVERY = 50;
/** Leases are renewed when a third of them is over, and a renewal that is lost has another chance. */
const LEASE_SHARE = 0.4;
/** What an event does shows within so long; after that a step is as long as nothing begins. */
const LOOK_MS = 10_000;

/** Both ms: the longest quiet step, in whole steps of 10 s, and for how long an event is looked at in steps of 200 ms. */
export interface Grain {
  readonly quietMs: number;
  readonly busyMs?: number;
}

export function grainOf({ site }: SiteModel, seed: number): Grain {
  if (seed % SHORT_EVERY === 0) return { quietMs: SHORT_MS };
  const most = Math.floor((site.control.lease * LEASE_SHARE) / SHORT_MS) * SHORT_MS;
  return { quietMs: Math.max(SHORT_MS, Math.min(LONG_MS, most)), busyMs: LOOK_MS };
}
