// A gateway whose registers have frozen answers as ever, with values of an hour ago. Its own clock tells: when that
// stands still, nothing that comes over the same link is believed.
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import type { Mono } from "@gridwright/contract/units.ts";
import { keptBeside } from "./kept-beside.ts";

/** A device's clock as it was last seen to move. */
export interface Hand {
  readonly value: number;
  readonly since: Mono;
  readonly frozen: boolean;
}

/** A clock of whole seconds that is read each period stands still for less than this. */
const STILL_MS = 10_000;
const PERIODS = 3;

/** The clock after it was read again. */
export function handAfter(
  before: Hand | undefined,
  { value, at, periodMs }: { readonly value: number; readonly at: Mono; readonly periodMs: number },
): Hand {
  if (before === undefined || value !== before.value) return { value, since: at, frozen: false };
  const frozen = at - before.since >= Math.max(STILL_MS, PERIODS * periodMs);
  return frozen === before.frozen ? before : { ...before, frozen };
}

/** Device → the device on the same link whose clock vouches for it; itself included. */
export const clocksBy = keptBeside((model: SiteModel): ReadonlyMap<string, string> => {
  const devices = Object.values(model.devices);
  const byLink = new Map(
    devices.filter(({ points }) => points.includes("clock")).map(({ id, spec }) => [spec.link, id]),
  );
  return new Map(
    devices.flatMap(({ id, spec }) => {
      const clock = byLink.get(spec.link);
      return clock === undefined ? [] : [[id, clock] as const];
    }),
  );
});
