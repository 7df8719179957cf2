// What is known of a point: unknown is a value of its own, so that null, stale and 0 are never mixed up.
// Every rule of the core says what it does in each of the four cases.
import { elapsed, type Millis, type Mono } from "./units.ts";

/** Why a value that was received is not believed. */
export type BadReason =
  | "out-of-range"
  | "sentinel"
  | "not-a-number"
  | "stuck"
  | "contradicted"
  | "too-quick"
  | "from-the-future"
  | "frozen-clock";
/** Why there is no value at all. */
export type AbsentReason = "never-read" | "device-lost" | "not-available" | "not-fitted";

export type Reading<T> =
  | { readonly quality: "fresh"; readonly value: T; readonly at: Mono }
  | { readonly quality: "stale"; readonly last: T; readonly at: Mono }
  | { readonly quality: "bad"; readonly raw: number | string; readonly reason: BadReason; readonly at: Mono }
  | { readonly quality: "absent"; readonly reason: AbsentReason; readonly at: Mono };

export type Quality = Reading<unknown>["quality"];

export const fresh = <T>(value: T, at: Mono): Reading<T> => ({ quality: "fresh", value, at });
export const stale = <T>(last: T, at: Mono): Reading<T> => ({ quality: "stale", last, at });
export const bad = (raw: number | string, reason: BadReason, at: Mono): Reading<never> => ({
  quality: "bad",
  raw,
  reason,
  at,
});
export const absent = (reason: AbsentReason, at: Mono): Reading<never> => ({ quality: "absent", reason, at });

/** The value if it is fresh, else undefined: the caller must say what it does then. */
export const freshValue = <T>(reading: Reading<T> | undefined): T | undefined =>
  reading?.quality === "fresh" ? reading.value : undefined;

/** The value if fresh, the last one if stale, else undefined. */
export const lastValue = <T>(reading: Reading<T> | undefined): T | undefined => {
  if (reading?.quality === "fresh") return reading.value;
  return reading?.quality === "stale" ? reading.last : undefined;
};

/** Age of a reading at plant time `now`, in ms. */
export const ageOf = (reading: Reading<unknown>, now: Mono): Millis => elapsed(reading.at, now);
