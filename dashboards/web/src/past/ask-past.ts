// Asks the local history for the curves and sums of one period. A channel that is refused leaves a gap, and why is told.
import type { HistoryRow } from "@gridwright/contract/ports.ts";
import { ask } from "../people/asking.ts";
import { BUCKET_MS, type Range, type Rows, type Source, type Span } from "./past.ts";

export interface Course {
  /** Of the drawing. */
  readonly rows: Rows;
  /** Of this whole period and the one before it. */
  readonly sums: Rows;
  /** Why something could not be had. */
  readonly why: string | undefined;
}

interface Asked {
  readonly span: Span;
  readonly now: Range;
  readonly before: Range;
  readonly powers: readonly Source[];
  readonly counters: readonly Source[];
}

type Answer = { readonly channel: string; readonly rows: readonly HistoryRow[] };

const channelsOf = (sources: readonly Source[]): readonly string[] => [
  ...new Set(sources.flatMap(({ channels }) => channels)),
];

const query = (path: string, channel: string, more: Readonly<Record<string, string | number>>): string =>
  `${path}?${new URLSearchParams({ channel, ...Object.fromEntries(Object.entries(more).map(([key, value]) => [key, String(value)])) })}`;

async function all(
  paths: readonly string[],
): Promise<{ readonly rows: Rows; readonly why: string | undefined }> {
  const told = await Promise.all(paths.map((path) => ask<Answer>("GET", path)));
  const rows = Object.fromEntries(told.flatMap((one) => (one.ok ? [[one.data.channel, one.data.rows]] : [])));
  return { rows, why: told.flatMap((one) => (one.ok ? [] : [one.detail]))[0] };
}

/** Sums of a whole period and of the one before it. */
export const askSums = ({ span, now, before, counters }: Omit<Asked, "powers">) =>
  all(
    channelsOf(counters).map((channel) =>
      query("history/periods", channel, { from: before.from, to: now.to, unit: span }),
    ),
  );

/** Means of channels in buckets of `bucketMs`; a channel that is refused is not in it. */
export const askMeans = (channels: readonly string[], range: Range & { readonly bucketMs: number }) =>
  all(channels.map((channel) => query("history", channel, { ...range })));

export async function askPast({ span, now, before, powers, counters }: Asked): Promise<Course> {
  const drawn =
    span === "day"
      ? askMeans(channelsOf(powers), { ...now, bucketMs: BUCKET_MS })
      : all(
          channelsOf(counters).map((channel) =>
            query("history/periods", channel, { ...now, unit: span === "month" ? "day" : "month" }),
          ),
        );
  const [course, sums] = await Promise.all([drawn, askSums({ span, now, before, counters })]);
  return { rows: course.rows, sums: sums.rows, why: course.why ?? sums.why };
}
