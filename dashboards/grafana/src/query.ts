// InfluxQL as the panels need it, from the names of the metric catalogue, and the target that carries it: the SDK knows no
// InfluxDB. Every query looks at the chosen site and time range only. Values are written on change and each quarter
// of an hour, so buckets without a value hold the last one (`fill(previous)`); energy comes from counters. After such a
// fill no tag may be dropped: InfluxDB 1.6 then counts buckets twice (a test reckons it), so Grafana adds up.
import type { Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import type { ACTUATOR_METRICS, EventMetricName, MetricTag } from "@gridwright/contract/metrics.ts";
import type { PointBase } from "@gridwright/contract/points.ts";

export type Metric = PointBase | keyof typeof ACTUATOR_METRICS | EventMetricName;
export type Condition = string & { readonly condition: true };

export const DATA_SOURCE = { type: "influxdb", uid: "$" + "{source}" } as const;

const condition = (text: string): Condition => text as Condition;
export const is = (tag: MetricTag, ...values: readonly string[]): Condition =>
  condition(values.length === 1 ? `"${tag}" = '${values[0]}'` : `"${tag}" =~ /^(${values.join("|")})$/`);
/** The asset's total, not one of its phases. */
export const TOTAL = condition(`"phase" = ''`);
export const PER_PHASE = condition(`"phase" != ''`);
export const CONSUMERS = is("kind", "load", "machine", "ev");
/** The asset that the dashboard's variable names as carrying all consumption. */
export const MAIN = condition(`"asset" =~ /^$main$/`);

const scope = (conditions: readonly Condition[]): string =>
  [...conditions, `"site" =~ /^$site$/`, "$timeFilter"].join(" AND ");
const tagsOf = (by: readonly MetricTag[]): string => by.map((tag) => `"${tag}"`).join(", ");
const grouping = (parts: readonly string[]): string =>
  parts.length === 0 ? "" : ` GROUP BY ${parts.join(", ")}`;

export interface Ask {
  readonly metric: Metric;
  readonly only?: readonly Condition[];
  readonly by?: readonly MetricTag[];
}

const buckets = (every: string, by: readonly MetricTag[]): string =>
  grouping([`time(${every})`, ...(by.length === 0 ? [] : [tagsOf(by)])]);

/** The newest value of each group. */
export const newest = ({ metric, only = [], by = ["asset"] }: Ask): string =>
  `SELECT last("value") AS "value" FROM "${metric}" WHERE ${scope(only)}${grouping(by.map((tag) => `"${tag}"`))}`;

/** The sum of the newest values; `expression` turns each `value` first. */
export const newestSum = (ask: Ask, expression = '"value"'): string =>
  `SELECT sum("each") AS "value" FROM (SELECT ${expression} AS "each" FROM (${newest(ask)})) WHERE $timeFilter`;

/** The course of each group over time. */
export const course = (
  { metric, only = [], by = ["asset"] }: Ask,
  how: "mean" | "last" | "max" = "mean",
): string =>
  `SELECT ${how}("value") AS "value" FROM "${metric}" WHERE ${scope(only)}${buckets("$__interval", by)} fill(previous)`;

/** How many points came in each bucket. */
export const rate = ({ metric, only = [], by = ["asset"] }: Ask): string =>
  `SELECT count("value") AS "value" FROM "${metric}" WHERE ${scope(only)}${buckets("$__interval", by)} fill(0)`;

/** What an event said, newest first, as a table. */
export const told = ({ metric, only = [], by = [] }: Ask): string =>
  `SELECT ${[...by.map((tag) => `"${tag}"`), '"value"', '"text"'].join(", ")} FROM "${metric}" WHERE ${scope(only)} ORDER BY time DESC LIMIT 100`;

/** The rise of a counter in steps; where it began anew a step is left out, never negative. Wh. InfluxDB gives the first
 * step of a range nothing to rise from, so steps are short. */
const STEP = "5m";
const rises = ({ metric, only = [], by = ["asset"] }: Ask): string =>
  `SELECT non_negative_difference(last("value")) AS "rise" FROM "${metric}" WHERE ${scope(only)}${buckets(STEP, by)} fill(none)`;

/** kWh in the whole time range. */
export const energy = (ask: Ask, by: readonly MetricTag[] = []): string =>
  `SELECT sum("rise") / 1000 AS "value" FROM (${rises(ask)}) WHERE $timeFilter${grouping(by.map((tag) => `"${tag}"`))}`;

/** kWh of each `$period`, in the site's local time. */
export const energyCourse = (ask: Ask, by: readonly MetricTag[] = ["asset"]): string =>
  `SELECT sum("rise") / 1000 AS "value" FROM (${rises(ask)}) WHERE $timeFilter${buckets("$period", by)} fill(none) tz('$zone')`;

const minutes = ({ metric, only = [], by = ["asset"] }: Ask, name: string): string =>
  `SELECT mean("value") AS "${name}" FROM "${metric}" WHERE ${scope(only)}${buckets("1m", by)} fill(previous)`;

const GRID = { metric: "power", only: [is("kind", "grid"), TOTAL] } as const satisfies Ask;

/** kWh taken from each grid connection, from the power of each minute: many have no counter. */
export const gridEnergy = (each = ' GROUP BY "asset"'): string =>
  `SELECT sum("w") / 60000 AS "value" FROM (${minutes(GRID, "w")}) WHERE "w" >= 0 AND $timeFilter${each}`;
const EACH_PERIOD = " GROUP BY time($period) fill(none) tz('$zone')";

/** The share of consumption that did not come from the grid, per `$period`; from the power of each minute. For a site
 * with one grid connection. */
export const selfSufficiency = (): string =>
  `SELECT 1 - sum("in") / sum("use") AS "value" FROM (${minutes(GRID, "in")}), (${minutes({ metric: "power", only: [MAIN, TOTAL] }, "use")}) WHERE ("in" >= 0 OR "use" > 0) AND $timeFilter${EACH_PERIOD}`;

/** Minutes in which a switch was off or, in parts, a limit below 1; `each` must keep the asset and the tags of `ask`. */
export const withheld = (ask: Ask, each: string): string => {
  const inner = `SELECT 1 - last("value") AS "off" FROM "${ask.metric}" WHERE ${scope(ask.only ?? [])}${buckets("1m", ["asset", ...(ask.by ?? [])])} fill(previous)`;
  return `SELECT sum("off") AS "value" FROM (${inner}) WHERE $timeFilter${each}`;
};

/** A target of a panel or an annotation that asks InfluxDB in its own words. */
export class InfluxqlTarget implements Dataquery {
  readonly datasource = DATA_SOURCE;
  readonly rawQuery = true;
  readonly refId: string;
  readonly query: string;
  readonly resultFormat: "time_series" | "table";
  readonly alias: string;

  constructor({ refId, query, alias = "", table = false }: TargetOptions) {
    this.refId = refId;
    this.query = query;
    this.alias = alias;
    this.resultFormat = table ? "table" : "time_series";
  }

  _implementsDataqueryVariant(): void {
    // The mark by which the SDK knows a query.
  }
}

interface TargetOptions {
  readonly refId: string;
  readonly query: string;
  readonly alias?: string;
  readonly table?: boolean;
}
