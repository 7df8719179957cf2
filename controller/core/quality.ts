// The quality rules: what a device said becomes a value that may be believed, rounded so that noise is not news.
// Whether a value is old is not decided here (observe.ts), only what it is worth.
import { POINTS } from "@gridwright/contract/points.ts";
import type { Sample } from "@gridwright/contract/ports.ts";
import { absent, bad, fresh, type Reading, stale } from "@gridwright/contract/reading.ts";
import type { Seen } from "@gridwright/contract/records.ts";
import type { Mono } from "@gridwright/contract/units.ts";
import { isImpossible, type Known } from "./doubt.ts";
import type { Value } from "./state.ts";

/** Steps of 1 on a decimal grid finer than half a dead-band. The catalogue has few dead-bands. */
const gridOf = (deadband: number): number => 10 ** Math.max(0, -Math.floor(Math.log10(deadband / 2)));
const GRIDS: ReadonlyMap<number, number> = new Map(
  Object.values(POINTS).map(({ deadband }) => [deadband, gridOf(deadband)]),
);

/** A value on that grid; never -0, which JSON does not know. */
function rounded(value: number, deadband: number): number {
  if (deadband <= 0) return value + 0;
  const factor = GRIDS.get(deadband) ?? gridOf(deadband);
  return Math.round(value * factor) / factor + 0;
}

/** What a sample is worth, by the catalogue's range and kind and the site's nameplates; `at` stamps the result. */
export function judge(sample: Sample, known: Known, at: Mono): Reading<Value> {
  const { kind } = known.source.name;
  if ("absent" in sample) return absent(sample.absent, at);
  if ("bad" in sample) return bad(sample.raw, sample.bad, at);
  const { value } = sample;
  if (kind.value === "switch")
    return Number.isNaN(value) ? bad("NaN", "not-a-number", at) : fresh(Boolean(value), at);
  const number = Number(value);
  if (!Number.isFinite(number)) return bad(String(number), "not-a-number", at);
  if (isImpossible(known, number)) return bad(number, "out-of-range", at);
  return fresh(rounded(number, kind.deadband), at);
}

/** Whether `next` says nothing new beside `before`: the same quality, and a value within the dead-band. */
export function isSame(before: Reading<Value>, next: Reading<Value>, deadband: number): boolean {
  if (before.quality === "fresh" && next.quality === "fresh")
    return (
      before.value === next.value ||
      (typeof before.value === "number" &&
        typeof next.value === "number" &&
        Math.abs(next.value - before.value) < deadband)
    );
  if (before.quality === "bad" && next.quality === "bad") return before.reason === next.reason;
  return before.quality === "absent" && next.quality === "absent" && before.reason === next.reason;
}

/** The same reading, renewed at `at`. */
export const renewed = (reading: Reading<Value>, at: Mono): Reading<Value> =>
  reading.at === at ? reading : { ...reading, at };

/** A reading as the journal writes it. A stale one says its last value only where `whole` is wanted. */
export function seenOf(reading: Reading<Value>, whole = false): Seen {
  switch (reading.quality) {
    case "fresh":
      return reading.value;
    case "stale":
      return whole ? ["s", reading.last] : ["s"];
    case "bad":
      return ["b", reading.raw, reading.reason];
    case "absent":
      return ["a", reading.reason];
  }
}

/** The journal's word back as a reading; a bare «stale» keeps the last value of `before`. */
export function readingOf(seen: Seen, before: Reading<Value> | undefined, at: Mono): Reading<Value> {
  if (typeof seen === "number" || typeof seen === "boolean") return fresh(seen, at);
  if (seen[0] === "b") return bad(seen[1], seen[2], at);
  if (seen[0] === "a") return absent(seen[1], at);
  if (seen[1] !== undefined) return stale(seen[1], at);
  if (before?.quality === "fresh") return stale(before.value, at);
  return before?.quality === "stale" ? before : absent("device-lost", at);
}
