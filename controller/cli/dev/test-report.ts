// Reads the text that node's spec reporter wrote about one test file. Pure.
// A file that ended badly counts at least one failure, whatever its report says: a crash after the last test is one.

import type { Counts } from "./result.ts";

const count = (report: string, what: string): number =>
  Number(new RegExp(`^\\S+ ${what} (\\d+)$`, "m").exec(report)?.[1] ?? 0);

export function reportCounts(report: string, endedWell: boolean): Counts {
  const failed = count(report, "fail") + count(report, "cancelled");
  return {
    passed: count(report, "pass"),
    failed: endedWell ? failed : Math.max(1, failed),
    skipped: count(report, "skipped") + count(report, "todo"),
  };
}

/** The part that shows each failure in full; the whole report where there is no such part. */
export function failuresOf(report: string): string {
  const start = report.indexOf("✖ failing tests:");
  return start < 0 ? report : report.slice(start);
}

/** Each reason once, in the words that the tests give. */
export function skipReasons(report: string): string[] {
  const reasons = report.matchAll(/^\s*﹣ .* # (.+)$/gmu);
  return [...new Set([...reasons].map(([, reason = ""]) => reason).filter((reason) => reason !== "SKIP"))];
}
