// What an export is made of: rows of channels, piece by piece, so that ten years need no more memory than a week. Pure but
// for the history that it asks.
import { parsePointName } from "@gridwright/contract/points.ts";
import type { HistoryRow } from "@gridwright/contract/ports.ts";
import { type Epoch, epoch, millis } from "@gridwright/contract/units.ts";
import type { HistoryReader } from "@gridwright/runtime/recorder/history/reader.ts";

const DAY_MS = 86_400_000;
/** How wide rows are, and what one question to the history spans. */
export const WIDTHS = {
  raw: { bucketMs: 0, pieceMs: DAY_MS },
  "1min": { bucketMs: 60_000, pieceMs: 7 * DAY_MS },
  "15min": { bucketMs: 900_000, pieceMs: 90 * DAY_MS },
  "1h": { bucketMs: 3_600_000, pieceMs: 90 * DAY_MS },
  day: { unit: "day" },
  month: { unit: "month" },
  year: { unit: "year" },
} as const;
export type Width = keyof typeof WIDTHS;

export interface ExportSpan {
  readonly from: Epoch;
  readonly to: Epoch;
  readonly every: Width;
}

export interface ExportedRow extends HistoryRow {
  readonly asset: string;
  readonly point: string;
  readonly unit: string;
}

/** Channels of some assets, or of all, in the history's order. */
export const channelsOf = (reader: HistoryReader, assets: readonly string[]): readonly string[] =>
  reader.channels.filter((name) => assets.length === 0 || assets.includes(name.split("/")[0] ?? ""));

function* pieces(reader: HistoryReader, channel: string, span: ExportSpan): Generator<readonly HistoryRow[]> {
  const width = WIDTHS[span.every];
  if ("unit" in width) {
    yield reader.periods({ channel, from: span.from, to: span.to, unit: width.unit });
    return;
  }
  const { bucketMs, pieceMs } = width;
  for (let at = Math.floor(span.from / pieceMs) * pieceMs; at < span.to; at += pieceMs) {
    const from = epoch(Math.max(at, span.from));
    const to = epoch(Math.min(at + pieceMs, span.to));
    yield reader.query({ channel, from, to, bucketMs: millis(bucketMs) });
  }
}

/** Rows of one channel, in pieces. */
export function* exportRows(
  reader: HistoryReader,
  channel: string,
  span: ExportSpan,
): Generator<readonly ExportedRow[]> {
  const [asset = "", point = ""] = channel.split("/");
  const unit = parsePointName(point)?.kind.unit ?? "1";
  for (const rows of pieces(reader, channel, span)) yield rows.map((row) => ({ ...row, asset, point, unit }));
}

/** From the first day of the site's history that anything is kept of, as far as the days say. */
export const oldestOf = (reader: HistoryReader, channels: readonly string[]): number =>
  Math.min(
    reader.until,
    ...channels.map(
      (channel) =>
        reader.periods({ channel, from: epoch(0), to: epoch(reader.until + 1), unit: "year" })[0]?.t ??
        reader.until,
    ),
  );
