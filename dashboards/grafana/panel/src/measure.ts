// How much a figure is worth: a sum of readings with the age of the oldest, or nothing at all. Never a zero for what is not known.
import type { Reading } from "./frames.ts";

export interface Measure {
  /** `part`: some of its series are too old or missing, it is at least this much. */
  readonly belief: "fresh" | "part" | "old" | "none";
  readonly value: number;
  /** Of its oldest part, ms since 1970. */
  readonly t?: number;
}
export const NONE: Measure = { belief: "none", value: Number.NaN };

export interface Present {
  /** ms since 1970. */
  readonly now: number;
  /** A value older than this is old. */
  readonly valueMs: number;
}

const isOld = ({ t }: Reading, { now, valueMs }: Present): boolean => t !== undefined && now - t > valueMs;

const added = (readings: readonly Reading[]): Pick<Measure, "value" | "t"> => {
  const times = readings.map(({ t }) => t).filter((t) => t !== undefined);
  const value = readings.reduce((sum, reading) => sum + reading.value, 0);
  return times.length === 0 ? { value } : { value, t: Math.min(...times) };
};

/** The sum of readings. Old ones do not count beside fresh ones. */
export function sum(readings: readonly Reading[], present: Present): Measure {
  if (readings.length === 0) return NONE;
  const fresh = readings.filter((reading) => !isOld(reading, present));
  if (fresh.length === 0) return { belief: "old", ...added(readings) };
  return { belief: fresh.length === readings.length ? "fresh" : "part", ...added(fresh) };
}

/** The mean of readings, believed as their sum. */
export function mean(readings: readonly Reading[], present: Present): Measure {
  const { value, ...others } = sum(readings, present);
  const counted = readings.filter((reading) => others.belief === "old" || !isOld(reading, present));
  return { ...others, value: value / Math.max(1, counted.length) };
}

/** Whether something is, by the largest of its readings; undefined where nobody knows. */
export function flag(readings: readonly Reading[], present: Present): boolean | undefined {
  const fresh = readings.filter((reading) => !isOld(reading, present));
  return fresh.length === 0 ? undefined : fresh.some(({ value }) => value > 0.5);
}
