// Alarms: something a person must know. Raised and cleared by control, acknowledged by people; never a decision.
import type { Reason } from "./decision.ts";
import type { Epoch } from "./units.ts";

export type Severity = "info" | "warning" | "critical";

export interface Alarm {
  /** Stable id: kind and subject (`device-lost/main-meter`); one alarm per id at a time. */
  readonly id: string;
  readonly severity: Severity;
  readonly reason: Reason;
  readonly raisedAt: Epoch;
  readonly clearedAt?: Epoch;
  /** Since when somebody has said to have seen it. */
  readonly acknowledgedAt?: Epoch;
}
