// What panels ask, by the names of the metric catalogue, in both tongues: InfluxQL, and PromQL for VictoriaMetrics. Every
// question looks at the chosen site and time range only. Values are written on change and each quarter of an hour, so what
// stands holds (`fill(previous)`, the last one of 20 minutes); energy comes from counters. After such a fill no tag may be
// dropped: InfluxDB 1.6 then counts buckets twice (a test reckons it), so Grafana adds up. Events are asked of InfluxDB alone.
import {
  type ACTUATOR_METRICS,
  EVENT_METRICS,
  type EventMetricName,
  type MetricTag,
  type WorkshopMetricName,
} from "@gridwright/contract/metrics.ts";
import type { PointBase } from "@gridwright/contract/points.ts";

export type Metric = PointBase | keyof typeof ACTUATOR_METRICS | EventMetricName | WorkshopMetricName;
/** One question in both tongues; what is asked of texts has no PromQL. */
export interface Question {
  readonly influxql: string;
  readonly promql?: string;
  /** PromQL: one answer at the end of the range instead of a course. */
  readonly instant?: true;
  /** PromQL: the step of the course, if not Grafana's. */
  readonly step?: string;
  /** PromQL: when the values of an instant answer were told, s since 1970. */
  readonly times?: string;
}
/** A condition on a tag. */
export interface Condition {
  readonly influxql: string;
  readonly promql: string;
}
export type Tongue = "influxql" | "promql";

const source = (type: "influxdb" | "prometheus") => ({ type, uid: "$" + "{source}" }) as const;
export const DATA_SOURCES = { influxql: source("influxdb"), promql: source("prometheus") } as const;

export const is = (tag: MetricTag, ...values: readonly string[]): Condition =>
  values.length === 1
    ? { influxql: `"${tag}" = '${values[0]}'`, promql: `${tag}="${values[0]}"` }
    : { influxql: `"${tag}" =~ /^(${values.join("|")})$/`, promql: `${tag}=~"${values.join("|")}"` };
/** The asset's total, not one of its phases. */
export const TOTAL: Condition = { influxql: `"phase" = ''`, promql: `phase=""` };
export const PER_PHASE: Condition = { influxql: `"phase" != ''`, promql: `phase!=""` };
export const CONSUMERS = is("kind", "load", "machine", "ev");
/** The asset that the dashboard's variable names as carrying all consumption. */
export const MAIN: Condition = { influxql: `"asset" =~ /^$main$/`, promql: `asset=~"$main"` };

export const scope = (conditions: readonly Condition[]): string =>
  [...conditions.map(({ influxql }) => influxql), `"site" =~ /^$site$/`, "$timeFilter"].join(" AND ");
export const tagsOf = (by: readonly MetricTag[]): string => by.map((tag) => `"${tag}"`).join(", ");
export const grouping = (parts: readonly string[]): string =>
  parts.length === 0 ? "" : ` GROUP BY ${parts.join(", ")}`;

export interface Ask {
  readonly metric: Metric;
  readonly only?: readonly Condition[];
  readonly by?: readonly MetricTag[];
}

const isEvent = (metric: Metric): boolean => Object.hasOwn(EVENT_METRICS, metric);
/** The series of an ask in PromQL; undefined for what VictoriaMetrics is never told. */
export const series = ({ metric, only = [] }: Ask): string | undefined =>
  isEvent(metric)
    ? undefined
    : `${metric}_value{${[...only.map(({ promql }) => promql), 'site=~"$site"'].join(",")}}`;
/** What is told again each quarter of an hour stands for so long. */
const STANDS = "20m";
const standing = (ask: Ask): string | undefined => {
  const of = series(ask);
  return of && `last_over_time(${of}[${STANDS}])`;
};
/** Means of minutes, held where none came. */
const minutely = (ask: Ask): string => `(avg_over_time(${series(ask)}[1m]) or ${standing(ask)})`;
export const summedBy = (by: readonly MetricTag[], of: string): string =>
  by.length === 0 ? `sum(${of})` : `sum by (${by.join(", ")}) (${of})`;
const inProm = (
  promql: string | undefined,
  how: Omit<Question, "influxql" | "promql"> = {},
): Partial<Question> => (promql === undefined ? {} : { promql, ...how });

const buckets = (every: string, by: readonly MetricTag[]): string =>
  grouping([`time(${every})`, ...(by.length === 0 ? [] : [tagsOf(by)])]);

const newestText = ({ metric, only = [], by = ["asset"] }: Ask): string =>
  `SELECT last("value") AS "value" FROM "${metric}" WHERE ${scope(only)}${grouping(by.map((tag) => `"${tag}"`))}`;

/** The newest value of each group. */
export const newest = (ask: Ask): Question => {
  const now = standing(ask);
  return {
    influxql: newestText(ask),
    ...inProm(now && `max by (${(ask.by ?? ["asset"]).join(", ")}) (${now})`, { instant: true }),
  };
};

/** The newest total of several measurements, by measurement, asset and kind, and when each was told. */
export const newestOf = (metrics: readonly Metric[], kinds: readonly string[]): Question => {
  const only = [is("kind", ...kinds), TOTAL];
  const names = metrics.map((metric) => `"${metric}"`).join(", ");
  const selector = [`__name__=~"(${metrics.join("|")})_value"`, ...only.map(({ promql }) => promql)];
  const held = `{${selector.join(",")},site=~"$site"}[${STANDS}]`;
  return {
    influxql: `SELECT last("value") AS "value" FROM ${names} WHERE ${scope(only)} GROUP BY "asset", "kind"`,
    promql: `max by (__name__, asset, kind) (last_over_time(${held}))`,
    times: `max by (__name__, asset, kind) (tlast_over_time(${held}) keep_metric_names)`,
    instant: true,
  };
};

/** The sum of the newest values, or of what is missing from each to 1. */
export const newestSum = (ask: Ask, what: "value" | "missing" = "value"): Question => {
  const expression = what === "value" ? '"value"' : '1 - "value"';
  const now = standing(ask);
  const each = what === "value" ? now : `1 - ${now}`;
  return {
    influxql: `SELECT sum("each") AS "value" FROM (SELECT ${expression} AS "each" FROM (${newestText(ask)})) WHERE $timeFilter`,
    ...inProm(now && `sum(${each})`, { instant: true }),
  };
};

const OVER_TIME = { mean: "avg", last: "last", max: "max" } as const;

/** The course of each group over time. */
export const course = (ask: Ask, how: "mean" | "last" | "max" = "mean"): Question => {
  const { metric, only = [], by = ["asset"] } = ask;
  const of = series(ask);
  const over = of && `${OVER_TIME[how]}_over_time(${of}[$__interval]) or ${standing(ask)}`;
  return {
    influxql: `SELECT ${how}("value") AS "value" FROM "${metric}" WHERE ${scope(only)}${buckets("$__interval", by)} fill(previous)`,
    ...inProm(over && `${how === "mean" ? "avg" : "max"} by (${by.join(", ")}) (${over})`),
  };
};

/** How many points came in each bucket. */
export const rate = (ask: Ask): Question => {
  const { metric, only = [], by = ["asset"] } = ask;
  const of = series(ask);
  return {
    influxql: `SELECT count("value") AS "value" FROM "${metric}" WHERE ${scope(only)}${buckets("$__interval", by)} fill(0)`,
    ...inProm(of && summedBy(by, `count_over_time(${of}[$__interval])`)),
  };
};

/** What an event said, newest first, as a table. */
export const told = ({ metric, only = [], by = [] }: Ask): Question => ({
  influxql: `SELECT ${[...by.map((tag) => `"${tag}"`), '"value"', '"text"'].join(", ")} FROM "${metric}" WHERE ${scope(only)} ORDER BY time DESC LIMIT 100`,
});

/** The rise of a counter in steps; where it began anew a step is left out, never negative. Wh. InfluxDB gives the first
 * step of a range nothing to rise from, so steps are short. */
const STEP = "5m";
const rises = ({ metric, only = [], by = ["asset"] }: Ask): string =>
  `SELECT non_negative_difference(last("value")) AS "rise" FROM "${metric}" WHERE ${scope(only)}${buckets(STEP, by)} fill(none)`;

/** kWh in the whole time range. */
export const energy = (ask: Ask, by: readonly MetricTag[] = []): Question => ({
  influxql: `SELECT sum("rise") / 1000 AS "value" FROM (${rises(ask)}) WHERE $timeFilter${grouping(by.map((tag) => `"${tag}"`))}`,
  promql: `${summedBy(by, `increase(${series(ask)}[$__range])`)} / 1000`,
  instant: true,
});

/** kWh of each `$period`; in InfluxQL in the site's local time. */
export const energyCourse = (ask: Ask, by: readonly MetricTag[] = ["asset"]): Question => ({
  influxql: `SELECT sum("rise") / 1000 AS "value" FROM (${rises(ask)}) WHERE $timeFilter${buckets("$period", by)} fill(none) tz('$zone')`,
  promql: `${summedBy(by, `increase(${series(ask)}[$period])`)} / 1000`,
  step: "$period",
});

const minutes = ({ metric, only = [], by = ["asset"] }: Ask, name: string): string =>
  `SELECT mean("value") AS "${name}" FROM "${metric}" WHERE ${scope(only)}${buckets("1m", by)} fill(previous)`;

const GRID = { metric: "power", only: [is("kind", "grid"), TOTAL] } as const satisfies Ask;
const EACH_PERIOD = " GROUP BY time($period) fill(none) tz('$zone')";
const wattMinutes = (ask: Ask, window: string): string =>
  `sum_over_time(clamp_min(${minutely(ask)}, 0)[${window}:1m])`;

/** kWh taken from each grid connection, from the power of each minute: many have no counter. In all, or per `$period`. */
export const gridEnergy = (each: "range" | "period" = "range"): Question => {
  const by =
    each === "range" ? ' GROUP BY "asset"' : ` GROUP BY time($period), "asset" fill(none) tz('$zone')`;
  const window = each === "range" ? "$__range" : "$period";
  return {
    influxql: `SELECT sum("w") / 60000 AS "value" FROM (${minutes(GRID, "w")}) WHERE "w" >= 0 AND $timeFilter${by}`,
    promql: `${summedBy(["asset"], wattMinutes(GRID, window))} / 60000`,
    ...(each === "range" ? { instant: true } : { step: window }),
  };
};

/** The share of consumption that did not come from the grid, per `$period`; from the power of each minute. For a site
 * with one grid connection. */
export const selfSufficiency = (): Question => {
  const use: Ask = { metric: "power", only: [MAIN, TOTAL] };
  return {
    influxql: `SELECT 1 - sum("in") / sum("use") AS "value" FROM (${minutes(GRID, "in")}), (${minutes(use, "use")}) WHERE ("in" >= 0 OR "use" > 0) AND $timeFilter${EACH_PERIOD}`,
    promql: `1 - sum(${wattMinutes(GRID, "$period")}) / sum(${wattMinutes(use, "$period")})`,
    step: "$period",
  };
};

const WINDOWS = {
  range: { grouped: (tags: string) => ` GROUP BY ${tags} fill(none)`, window: "$__range" },
  hour: { grouped: (tags: string) => ` GROUP BY time(1h), ${tags}`, window: "1h" },
  period: {
    grouped: (tags: string) => ` GROUP BY time($period), ${tags} fill(none) tz('$zone')`,
    window: "$period",
  },
} as const;

/** Minutes in which a switch was off or, in parts, a limit below 1, by asset and the tags of `ask`. */
export const withheld = (ask: Ask, each: keyof typeof WINDOWS): Question => {
  const by: readonly MetricTag[] = ["asset", ...(ask.by ?? [])];
  const inner = `SELECT 1 - last("value") AS "off" FROM "${ask.metric}" WHERE ${scope(ask.only ?? [])}${buckets("1m", by)} fill(previous)`;
  const { grouped, window } = WINDOWS[each];
  return {
    influxql: `SELECT sum("off") AS "value" FROM (${inner}) WHERE $timeFilter${grouped(tagsOf(by))}`,
    promql: summedBy(by, `sum_over_time((1 - ${standing(ask)})[${window}:1m])`),
    ...(each === "range" ? { instant: true } : { step: window }),
  };
};

/** From so many W on a machine works. */
const WORKS_W = 50;
/** Nearly 0 below, nearly 1 above, by the 16th power of their ratio: InfluxQL 1.x compares nothing in a SELECT. */
const RATIO_4 = `"w" * "w" * "w" * "w" / ${WORKS_W ** 4}`;
const RATIO_16 = '"r" * "r" * "r" * "r"';
const working = (minutely: string): string =>
  `SELECT ${RATIO_16} / (${RATIO_16} + 1) AS "on" FROM (SELECT ${RATIO_4} AS "r" FROM (${minutely}) WHERE $timeFilter GROUP BY "asset") WHERE $timeFilter GROUP BY "asset"`;

/** Power at the end of each minute: a mean would go on standing after the machine stopped. */
const atMinutes = ({ metric, only = [], by = ["asset"] }: Ask): string =>
  `SELECT last("value") AS "w" FROM "${metric}" WHERE ${scope(only)}${buckets("1m", by)} fill(previous)`;
const atWork = (ask: Ask): string => `(${standing(ask)} > bool ${WORKS_W})[$__range:1m]`;

/** Hours in which machines worked, by asset. */
export const workedHours = (ask: Ask): Question => ({
  influxql: `SELECT count("w") / 60 AS "value" FROM (${atMinutes(ask)}) WHERE "w" > ${WORKS_W} AND $timeFilter GROUP BY "asset"`,
  promql: `${summedBy(["asset"], `sum_over_time(${atWork(ask)})`)} / 60`,
  instant: true,
});

/** How often machines began to work, by asset; a start within the same minute as the end before it is not seen. */
export const starts = (ask: Ask): Question => ({
  influxql: `SELECT sum("rise") AS "value" FROM (SELECT non_negative_difference("on") AS "rise" FROM (${working(atMinutes(ask))}) WHERE $timeFilter GROUP BY "asset") WHERE $timeFilter GROUP BY "asset"`,
  promql: summedBy(["asset"], `increases_over_time(${atWork(ask)})`),
  instant: true,
});
