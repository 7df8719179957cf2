// Whether an answer as a whole may be believed: its gateway's clock goes, what it measures still moves, and it said
// nothing impossible a moment ago. What this remembers is the observer's own; decide sees readings only.
import type { BadReason } from "@gridwright/contract/reading.ts";
import type { Source } from "@gridwright/contract/site/model.ts";
import type { Mono } from "@gridwright/contract/units.ts";
import { type Hand, handAfter } from "./frozen.ts";
import type { Leap } from "./leaps.ts";
import { isDistrusted, type Part, printed, type Standing, standingAfter } from "./standing.ts";

/** What the observer remembers between ticks beside the readings. After a restart it begins anew. */
export interface Traces {
  /** By poll group. */
  readonly standing: ReadonlyMap<string, Standing>;
  /** By `device/point`. */
  readonly leaps: ReadonlyMap<string, Leap>;
  /** By device that has a clock. */
  readonly hands: ReadonlyMap<string, Hand>;
}

export const NO_TRACES: Traces = { standing: new Map(), leaps: new Map(), hands: new Map() };

export interface TracesDraft extends Traces {
  readonly standing: Map<string, Standing>;
  readonly leaps: Map<string, Leap>;
  readonly hands: Map<string, Hand>;
}

export const draftOf = ({ standing, leaps, hands }: Traces): TracesDraft => ({
  standing: new Map(standing),
  leaps: new Map(leaps),
  hands: new Map(hands),
});

/** A point as the observer knows it. */
export interface Known {
  readonly name: string;
  readonly source: Source;
  readonly part: Part;
  /** What it says of voltage or frequency vouches for the rest of its answer. */
  readonly testifies: boolean;
  /** The greatest amount that it may read here. */
  readonly most: number;
}

/** A number that a device said. */
export interface Word {
  readonly known: Known;
  readonly value: number;
}

/** Whether the catalogue or the site's nameplates exclude a value; NaN is excluded. */
export const isImpossible = ({ source, most }: Known, value: number): boolean => {
  const [min, max] = source.name.kind.range;
  return !(value >= min && value <= max && Math.abs(value) <= most);
};

export interface Answered {
  readonly device: string;
  readonly at: Mono;
  /** All numbers of this answer. */
  readonly words: readonly Word[];
  /** The device whose clock vouches for it. */
  readonly clock: string | undefined;
  readonly wasStuck: () => boolean;
}

function readClock({ hands }: TracesDraft, { device, at, words }: Answered): void {
  const word = words.find(({ known }) => known.source.name.base === "clock");
  if (word === undefined) return;
  const { value, known } = word;
  hands.set(device, handAfter(hands.get(device), { value, at, periodMs: known.source.periodMs }));
}

function standingNow({ standing }: TracesDraft, { at, words, wasStuck }: Answered): Standing | undefined {
  const [first] = words;
  if (first === undefined) return undefined;
  const { group, periodMs } = first.known.source;
  let [print, live] = [0, 0];
  let flows = false;
  let lies = false;
  for (const { known, value } of words) {
    if (known.testifies && isImpossible(known, value)) lies = true;
    if (known.part === "still") continue;
    print = printed(print, value);
    if (value === 0) continue;
    live += 1;
    flows ||= known.part === "flow";
  }
  const before = standing.get(group);
  const after = standingAfter(before, {
    at,
    periodMs,
    print,
    flowing: flows && live > 1,
    wasStuck: before === undefined && wasStuck(),
  });
  const now = lies ? { ...after, liedAt: at } : after;
  if (now !== before) standing.set(group, now);
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
