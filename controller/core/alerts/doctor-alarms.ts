// Which of the doctor's findings people are told who do not look at the page: those that get worse by themselves. Pure.
import type { Alarm } from "@gridwright/contract/alarms.ts";
import type { DoctorWord, Finding } from "@gridwright/contract/doctor-words.ts";
import type { ReasonCode } from "@gridwright/contract/reasons.ts";
import type { Epoch } from "@gridwright/contract/units.ts";
import { reason } from "../tick.ts";

/** Finding → alarm. */
const TOLD: Readonly<Partial<Record<DoctorWord, ReasonCode>>> = {
  "backup-none": "alarm-backup-none",
  "backup-old": "alarm-backup-old",
  "backup-failed": "alarm-backup-failed",
  "clock-past": "alarm-clock-past",
  "clock-behind": "alarm-clock-behind",
  "room-low": "alarm-room-low",
  "wear-high": "alarm-card-wear",
  "wear-worn": "alarm-card-worn",
  "certificate-ends": "alarm-certificate-ends",
  "certificate-ended": "alarm-certificate-ended",
  "update-available": "alarm-update-available",
  "update-failed": "alarm-update-failed",
};

const SEVERITY = { critical: "critical", warning: "warning", info: "info" } as const;

/** One alarm for each finding that is told; `raisedAt`: since when one of this id stands. What is only well is none. */
export function doctorAlarms(
  findings: readonly Finding[],
  raisedAt: (id: string) => Epoch,
): readonly Alarm[] {
  return findings.flatMap(({ code, severity, params }): Alarm[] => {
    const told = TOLD[code];
    if (told === undefined || severity === "ok" || severity === "unknown") return [];
    // A demo without a backup is no news.
    if (code === "backup-none" && severity === "info") return [];
    const id = `doctor/${code}`;
    return [{ id, severity: SEVERITY[severity], raisedAt: raisedAt(id), reason: reason(told, params) }];
  });
}
