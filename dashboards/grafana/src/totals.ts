// Questions about what is told once, at an end: a job's totals. Nothing holds between two of them, so they are counted and
// added up as they are. In both tongues, like those of `query.ts`.
import type { MetricTag } from "@gridwright/contract/metrics.ts";
import { type Ask, grouping, type Question, scope, series, summedBy, tagsOf } from "./query.ts";

const whole = ({ metric, only = [] }: Ask, expression: string, by: readonly MetricTag[]): string =>
  `SELECT ${expression} AS "value" FROM "${metric}" WHERE ${scope(only)}${grouping(by.map((tag) => `"${tag}"`))}`;

/** How many there were in the whole time range. */
export const counted = (ask: Ask, by: readonly MetricTag[]): Question => ({
  influxql: whole(ask, 'count("value")', by),
  promql: summedBy(by, `count_over_time(${series(ask)}[$__range])`),
  instant: true,
});

/** Their sum over the whole time range, divided. */
export const added = (ask: Ask, by: readonly MetricTag[], divisor: number): Question => ({
  influxql: whole(ask, `sum("value") / ${divisor}`, by),
  promql: `${summedBy(by, `sum_over_time(${series(ask)}[$__range])`)} / ${divisor}`,
  instant: true,
});

/** What one of them is on the mean, divided. */
export const each = (ask: Ask, by: readonly MetricTag[], divisor: number): Question => ({
  influxql: whole(ask, `mean("value") / ${divisor}`, by),
  promql: `${summedBy(by, `sum_over_time(${series(ask)}[$__range])`)} / ${summedBy(by, `count_over_time(${series(ask)}[$__range])`)} / ${divisor}`,
  instant: true,
});

/** Their sum in each `$period`, divided; in InfluxQL in the site's local time. */
export const addedCourse = (ask: Ask, by: readonly MetricTag[], divisor: number): Question => ({
  influxql: `SELECT sum("value") / ${divisor} AS "value" FROM "${ask.metric}" WHERE ${scope(ask.only ?? [])}${grouping(["time($period)", tagsOf(by)])} fill(none) tz('$zone')`,
  promql: `${summedBy(by, `sum_over_time(${series(ask)}[$period])`)} / ${divisor}`,
  step: "$period",
});

/** The newest value of each group, divided. */
export const newestIn = (ask: Ask, by: readonly MetricTag[], divisor: number): Question => ({
  influxql: whole(ask, `last("value") / ${divisor}`, by),
  promql: `max by (${by.join(", ")}) (last_over_time(${series(ask)}[20m])) / ${divisor}`,
  instant: true,
});
