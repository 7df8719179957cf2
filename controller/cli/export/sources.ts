// Old data as rows, from where people have it: a CSV file, or an InfluxDB 1.x that holds this program's own metrics. What
// cannot be a row is told with its line and never guessed.
import { createReadStream } from "node:fs";
import { channelMetrics } from "@gridwright/contract/metrics.ts";
import { parse } from "csv-parse";
import { InfluxDB } from "influx";

export interface OldRow {
  readonly channel: string;
  /** ms since 1970. */
  readonly t: number;
  readonly value: number;
}
export type Told = OldRow | { readonly mistake: string };

/** Days of seconds, of ms: nothing was measured before 2000. */
const SECONDS_MAX = 1e11;

/** ISO time with a zone, or seconds or milliseconds since 1970; NaN for anything else. */
export function timeOf(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) < SECONDS_MAX ? Number(text) * 1_000 : Number(text);
  return /(?:Z|[+-]\d{2}:?\d{2})$/.test(text) ? Date.parse(text) : Number.NaN;
}

type Line = Readonly<Record<string, string>>;

function rowOf(line: Line, number: number): Told {
  const channel = line.channel ?? `${line.asset ?? ""}/${line.point ?? ""}`;
  const t = timeOf(line.time ?? "");
  const written = line.value ?? line.mean ?? "";
  if (Number.isNaN(t)) return { mistake: `line ${number}: "${line.time ?? ""}" is no time with a zone` };
  if (written.trim() === "" || !Number.isFinite(Number(written)))
    return { mistake: `line ${number}: "${written}" is no number` };
  return { channel, t, value: Number(written) };
}

/** Columns: time, asset and point (or channel), value or mean; others are not looked at. Rejects as the file system does. */
export async function* csvRows(path: string): AsyncGenerator<Told, void, undefined> {
  const lines = createReadStream(path).pipe(
    parse({ columns: true, bom: true, skip_empty_lines: true, trim: true }),
  );
  let number = 1;
  for await (const line of lines as AsyncIterable<Line>) {
    number += 1;
    yield rowOf(line, number);
  }
}

export interface InfluxSource {
  readonly url: string;
  readonly database: string;
  readonly username?: string;
  readonly password?: string;
  /** ms since 1970; not included. */
  readonly to: number;
}

interface InfluxRow {
  readonly time: { getTime(): number };
  readonly value: number | null;
  readonly asset?: string;
  readonly phase?: string;
  readonly channel?: string;
}

const DAY_MS = 86_400_000;

const pointOf = (name: string, { phase = "", channel = "" }: InfluxRow): string =>
  `${name}${phase === "" ? "" : `_${phase.toLowerCase()}`}${channel === "" ? "" : `_${channel}`}`;

const influxRow = (name: string, row: InfluxRow): OldRow[] =>
  row.value === null
    ? []
    : [{ channel: `${row.asset ?? ""}/${pointOf(name, row)}`, t: row.time.getTime(), value: row.value }];

/** Every metric of the catalogue by the minute: means, of counters the last value. Rejects as the database does. */
export async function* influxRows({
  url,
  database,
  to,
  ...login
}: InfluxSource): AsyncGenerator<Told, void, undefined> {
  const { hostname, port, protocol } = new URL(url);
  const client = new InfluxDB({
    ...{ host: hostname, port: Number(port) || 8_086, database, ...login },
    protocol: protocol === "https:" ? "https" : "http",
  });
  for (const { name, counter } of channelMetrics()) {
    const [first] = await client.query<InfluxRow>(`SELECT first("value") AS "value" FROM "${name}"`);
    if (first === undefined) continue;
    const how = counter ? "last" : "mean";
    for (let at = Math.floor(first.time.getTime() / DAY_MS) * DAY_MS; at < to; at += DAY_MS) {
      const when = `time >= ${at}ms AND time < ${Math.min(to, at + DAY_MS)}ms`;
      const rows = await client.query<InfluxRow>(
        `SELECT ${how}("value") AS "value" FROM "${name}" WHERE ${when} GROUP BY time(1m), "asset", "phase", "channel" fill(none)`,
      );
      yield* rows.flatMap((row) => influxRow(name, row));
    }
  }
}
