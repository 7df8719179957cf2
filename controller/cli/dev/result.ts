// What a part of a test run came to, and how a list of parts is summed up in a table.
// The last line of the summary is read by machines: «N passed, N failed, N skipped».

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface Result extends Counts {
  readonly name: string;
  readonly tookMs: number;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

export function total(results: readonly Counts[]): Counts {
  const sum = (pick: (counts: Counts) => number): number => results.reduce((all, one) => all + pick(one), 0);
  return {
    passed: sum((counts) => counts.passed),
    failed: sum((counts) => counts.failed),
    skipped: sum((counts) => counts.skipped),
  };
}

/** A line per part with the time of its files, then the line of sums; `tookMs`: all together, files side by side. */
export function summary(results: readonly Result[], tookMs: number): string {
  const rows = [
    ["part", "passed", "failed", "skipped", "time"],
    ...results.map((one) => [
      one.name,
      String(one.passed),
      String(one.failed),
      String(one.skipped),
      seconds(one.tookMs),
    ]),
    ["in all", "", "", "", seconds(tookMs)],
  ];
  const nameWidth = Math.max(...rows.map(([name]) => name?.length ?? 0));
  const lines = rows.map(([name = "", ...cells]) =>
    [name.padEnd(nameWidth), ...cells.map((cell) => cell.padStart(8))].join(" ").trimEnd(),
  );
  const { passed, failed, skipped } = total(results);
  return [...lines, "", `${passed} passed, ${failed} failed, ${skipped} skipped`].join("\n");
}
