// Whether an answer as a whole may be believed: its gateway's clock goes, what it measures still moves, and it said
// nothing impossible a moment ago. What this remembers is the observer's own; decide sees readings only.

import type { Sample } from "@gridwright/contract/ports.ts";
import type { BadReason } from "@gridwright/contract/reading.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import type { Mono } from "@gridwright/contract/units.ts";
import { type Hand, handAfter } from "./frozen.ts";
import { groupPlaces, isImpossible, type Known } from "./known-points.ts";
import type { Leap } from "./leaps.ts";
import { Row } from "./row.ts";
import { isDistrusted, printed, type Standing, standingAfter } from "./standing.ts";

/** What the observer remembers between ticks beside the readings. After a restart it begins anew. */
export interface Traces {
  /** By poll group. */
  readonly standing: Row<Standing>;
  /** By `device/point`. */
  readonly leaps: ReadonlyMap<string, Leap>;
  /** By device that has a clock. */
  readonly hands: ReadonlyMap<string, Hand>;
}

export const noTraces = (model: SiteModel): Traces => ({
  standing: new Row<Standing>(groupPlaces(model)),
  leaps: new Map(),
  hands: new Map(),
});

export interface TracesDraft extends Traces {
  readonly leaps: Map<string, Leap>;
  readonly hands: Map<string, Hand>;
}

export const draftOf = ({ standing, leaps, hands }: Traces): TracesDraft => ({
  standing: standing.copy(),
  leaps: new Map(leaps),
  hands: new Map(hands),
});

/** What a device said of a point that the site has. */
export interface Told {
  readonly known: Known;
  readonly sample: Sample;
}

/** The number that was said; undefined: none, or of a point that is none. */
export const numberSaid = ({ known, sample }: Told): number | undefined =>
  "value" in sample && typeof sample.value === "number" && !known.isSwitch ? sample.value : undefined;

export interface Answered {
  readonly device: string;
  readonly at: Mono;
  readonly told: readonly Told[];
  /** The device whose clock vouches for it. */
  readonly clock: string | undefined;
  readonly wasStuck: () => boolean;
}

function readClock({ hands }: TracesDraft, { device, at, told }: Answered): void {
  const word = told.find(({ known }) => known.source.name.base === "clock");
  const value = word && numberSaid(word);
  if (word === undefined || value === undefined) return;
  const { periodMs } = word.known.source;
  hands.set(device, handAfter(hands.get(device), { value, at, periodMs }));
}

/** W or A that no meter resolves: a device that says floats tells of a full battery at rest so, for hours the same. */
const FAINT = 0.01;

function standingNow({ standing }: TracesDraft, { at, told, wasStuck }: Answered): Standing | undefined {
  let first: Known | undefined;
  let [print, live] = [0, 0];
  let flows = false;
  let lies = false;
  for (const word of told) {
    const { known } = word;
    const value = numberSaid(word);
    if (value === undefined) continue;
    first ??= known;
    if (known.testifies && isImpossible(known, value)) lies = true;
    if (known.part === "still") continue;
    print = printed(print, value);
    if (Math.abs(value) < FAINT) continue;
    live += 1;
    flows ||= known.part === "flow";
  }
  if (first === undefined) return undefined;
  const before = standing.at[first.groupPlace];
  const after = standingAfter(before, {
    at,
    periodMs: first.source.periodMs,
    print,
    flowing: flows && live > 1,
    wasStuck: before === undefined && wasStuck(),
  });
  const now = lies ? { ...after, liedAt: at } : after;
  if (now !== before) standing.at[first.groupPlace] = now;
  return now;
}

/** Why nothing of this answer is believed; undefined: each value is judged by itself. */
export function doubtOf(draft: TracesDraft, answered: Answered): BadReason | undefined {
  const { clock, at } = answered;
  if (clock === answered.device) readClock(draft, answered);
  const now = standingNow(draft, answered);
  if (clock !== undefined && draft.hands.get(clock)?.frozen) return "frozen-clock";
  if (now === undefined) return undefined;
  if (isDistrusted(now, at)) return "contradicted";
  return now.stuck ? "stuck" : undefined;
}
