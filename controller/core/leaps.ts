// What nature changes slowly does not leap: a charge of 12 % a second after 77 % is a wrong reading, until it lasts.
// A battery management system does correct its charge by leaps; so what stays is believed after a while.
import type { PointKind } from "@gridwright/contract/points.ts";
import type { Mono } from "@gridwright/contract/units.ts";

export interface Leap {
  /** The last value that was believed, and when. */
  readonly good: number;
  readonly goodAt: Mono;
  /** What is said since the leap. */
  readonly said: number;
  readonly saidAt: Mono;
  readonly since: Mono;
}

/** A leap is believed when what is said has been steady for so long. */
const BELIEVED_AFTER_MS = 60_000;

interface Said {
  readonly value: number;
  readonly at: Mono;
}

const within = (leap: NonNullable<PointKind["leap"]>, from: Said, to: Said): boolean =>
  Math.abs(to.value - from.value) <= leap.free + (leap.perS * Math.max(0, to.at - from.at)) / 1_000;

/** The leap that is open after `said`; undefined: `said` is believed. `believed` is the last value that was. */
export function leapAfter(
  kind: PointKind,
  { open, believed }: { readonly open: Leap | undefined; readonly believed: Said | undefined },
  said: Said,
): Leap | undefined {
  const { leap } = kind;
  if (leap === undefined) return undefined;
  const good = open === undefined ? believed : { value: open.good, at: open.goodAt };
  if (good === undefined || within(leap, good, said)) return undefined;
  const steady = open !== undefined && within(leap, { value: open.said, at: open.saidAt }, said);
  const since = steady ? open.since : said.at;
  if (steady && said.at - since >= BELIEVED_AFTER_MS) return undefined;
  return { good: good.value, goodAt: good.at, said: said.value, saidAt: said.at, since };
}
