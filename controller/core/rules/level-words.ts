// How the battery stands beside a step of the ladder, in words: below its threshold when the step begins, or again above
// it while the step lasts. A charge below a threshold is never told as the threshold itself.
import type { Reason } from "@gridwright/contract/decision.ts";
import { keepsBy, type Rung, shedsByHours } from "../rungs.ts";
import { reason, wholePercent } from "../tick.ts";

const HOUR_MS = 3_600_000;

/** What ends the step, for a load that it took; `lacks`: it would last long enough, but not with what would come back. */
export function rungUntil(rung: Rung, lacks = false): Reason {
  const { restore } = rung;
  if (keepsBy(rung, "sure")) return reason("until-sure", { aboveMs: rung.below.value * HOUR_MS });
  if (lacks && shedsByHours(rung)) return reason("until-hours-with", { belowMs: rung.below.value * HOUR_MS });
  if (restore.by === "soc") return reason("until-soc", { aboveRatio: restore.value });
  return restore.by === "voltage"
    ? reason("until-voltage", { aboveV: restore.value })
    : reason("until-hours", { aboveMs: restore.value * HOUR_MS });
}

/** `level` is a share of charge, V or hours, as the step measures. */
export function levelWords(rung: Rung, level: number): Reason {
  const { below, name } = rung;
  const still = level >= below.value;
  if (keepsBy(rung, "reserve"))
    return reason("reserve-kept", { socRatio: wholePercent(level), belowRatio: below.value });
  if (keepsBy(rung, "sure"))
    return reason("outage-unsure", {
      leftMs: Math.round(level) * HOUR_MS,
      belowMs: below.value * HOUR_MS,
    });
  if (below.by === "soc")
    return reason(still ? "ladder-still-soc" : "ladder-soc", {
      step: name,
      socRatio: wholePercent(level),
      belowRatio: below.value,
    });
  if (below.by === "voltage")
    return reason(still ? "ladder-still-voltage" : "ladder-voltage", {
      step: name,
      voltageV: level,
      belowV: below.value,
    });
  const leftMs = Math.round(Math.min(level, 99) * 10) * (HOUR_MS / 10);
  return reason(still ? "ladder-still-hours" : "ladder-hours", {
    step: name,
    leftMs,
    belowMs: below.value * HOUR_MS,
  });
}
