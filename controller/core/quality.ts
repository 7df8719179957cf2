// The quality rules: what a device said becomes a value that may be believed, rounded so that noise is not news.
// Whether a value is old is not decided here (observe.ts), only what it is worth.
import type { Sample } from "@gridwright/contract/ports.ts";
import { absent, bad, fresh, type Reading, stale } from "@gridwright/contract/reading.ts";
import type { Seen } from "@gridwright/contract/records.ts";
import type { Mono } from "@gridwright/contract/units.ts";
import { isImpossible, type Known } from "./known-points.ts";
import type { Value } from "./state.ts";

/** A value in steps of 1/`grid`; never -0, which JSON does not know. */
const rounded = (value: number, grid: number): number => Math.round(value * grid) / grid + 0;

/** The value of a sample that nothing speaks against, rounded; undefined: there is none. */
export function soundValue(sample: Sample, known: Known): Value | undefined {
  if (!("value" in sample)) return undefined;
  const { value } = sample;
  if (known.isSwitch) return Number.isNaN(value) ? undefined : Boolean(value);
  const number = Number(value);
  if (!Number.isFinite(number) || isImpossible(known, number)) return undefined;
  return known.deadband > 0 ? rounded(number, known.grid) : number + 0;
}

/** What a sample is worth, by the catalogue's range and kind and the site's nameplates; `at` stamps the result. */
export function judge(sample: Sample, known: Known, at: Mono): Reading<Value> {
  if ("absent" in sample) return absent(sample.absent, at);
  if ("bad" in sample) return bad(sample.raw, sample.bad, at);
  const sound = soundValue(sample, known);
  if (sound !== undefined) return fresh(sound, at);
  const number = Number(sample.value);
  return Number.isFinite(number) ? bad(number, "out-of-range", at) : bad(String(number), "not-a-number", at);
}

/** Whether a value says nothing new beside what is believed: the same, or within the dead-band. */
export const repeats = (before: Reading<Value>, value: Value, deadband: number): boolean =>
  before.quality === "fresh" &&
  (before.value === value ||
    (typeof before.value === "number" &&
      typeof value === "number" &&
      Math.abs(value - before.value) < deadband));

/** Whether `next` says nothing new beside `before`: the same quality, and a value within the dead-band. */
export function isSame(before: Reading<Value>, next: Reading<Value>, deadband: number): boolean {
  if (next.quality === "fresh") return repeats(before, next.value, deadband);
  if (before.quality === "bad" && next.quality === "bad") return before.reason === next.reason;
  return before.quality === "absent" && next.quality === "absent" && before.reason === next.reason;
}

/** The same reading, renewed at `at`. */
export function renewed(reading: Reading<Value>, at: Mono): Reading<Value> {
  if (reading.at === at) return reading;
  return reading.quality === "fresh" ? fresh(reading.value, at) : { ...reading, at };
}

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
