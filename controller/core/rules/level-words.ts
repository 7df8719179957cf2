// How the battery stands beside a step of the ladder, in words: below its threshold when the step begins, or again above
// it while the step lasts. A charge below a threshold is never told as the threshold itself.
import type { Reason } from "@gridwright/contract/decision.ts";
import type { LadderStep } from "@gridwright/contract/site/site.ts";
import { reason, wholePercent } from "../tick.ts";

/** `level` is a share of charge or V, as the step measures. */
export function levelWords({ below, name }: LadderStep, level: number): Reason {
  const still = level >= below.value;
  return below.by === "soc"
    ? reason(still ? "ladder-still-soc" : "ladder-soc", {
        step: name,
        socRatio: wholePercent(level),
        belowRatio: below.value,
      })
    : reason(still ? "ladder-still-voltage" : "ladder-voltage", {
        step: name,
        voltageV: level,
        belowV: below.value,
      });
}
