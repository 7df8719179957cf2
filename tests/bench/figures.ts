// Figures of a measurement and how they are written: percentiles without interpolation, tables in Markdown.

/** The value below which `share` (0..1) of the sorted values lie; the largest for 1. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export interface Spread {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export const spread = (values: readonly number[]): Spread => ({
  p50: percentile(values, 0.5),
  p99: percentile(values, 0.99),
  max: percentile(values, 1),
});

/** A number with as many digits as a reader can use: three significant ones, no more than `decimals` behind the point. */
export function plain(value: number, decimals = 2): string {
  if (!Number.isFinite(value)) return "–";
  const whole = Math.floor(Math.log10(Math.max(Math.abs(value), 1e-9))) + 1;
  return value.toLocaleString("en-GB", {
    maximumFractionDigits: Math.max(0, Math.min(decimals, 3 - Math.max(whole, 1))),
  });
}

export const cells = ({ p50, p99, max }: Spread): string[] => [p50, p99, max].map((value) => plain(value));

/** A Markdown table; the first column is text, the others are figures. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (texts: readonly string[]): string => `| ${texts.join(" | ")} |`;
  return [line(head), line(head.map((_, place) => (place === 0 ? "---" : "---:"))), ...rows.map(line)].join(
    "\n",
  );
}

export const MEGA = 1e6;
