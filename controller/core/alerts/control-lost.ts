// Whether the control process has gone silent, as an alarm of its own: whoever is gone tells nothing, so services say it. A
// restart by the supervisor takes seconds and is no news. Pure; the page shows the same by its own head.
import type { Alarm } from "@gridwright/contract/alarms.ts";
import { type Epoch, epoch } from "@gridwright/contract/units.ts";
import { reason } from "../tick.ts";

export interface ControlHeard {
  /** Since control was heard last, or since one listens where it never was, ms. */
  readonly silentMs: number;
  /** The wall's time now. */
  readonly wall: Epoch;
}

/** Longer than any restart that succeeds; with what an alert must last it is told within a minute. */
const LOST_AFTER_MS = 30_000;

/** The alarm while it is silent; undefined: it is heard. */
export function controlLost({ silentMs, wall }: ControlHeard): Alarm | undefined {
  if (silentMs < LOST_AFTER_MS) return undefined;
  return {
    ...{ id: "control-lost", severity: "critical", raisedAt: epoch(wall - silentMs) },
    reason: reason("alarm-control-lost", { sinceMs: silentMs }),
  };
}
