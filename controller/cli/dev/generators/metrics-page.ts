// The page of what a metrics database is given: the catalogue of contract as tables. Nobody edits the page.
import {
  CHANNEL_TAGS,
  channelMetrics,
  EVENT_METRICS,
  METRIC_TAGS,
  REPEAT_MS,
  WORKSHOP_METRICS,
} from "@gridwright/contract/metrics.ts";
import { OWN_METRICS } from "@gridwright/contract/own-metrics.ts";
import { NOTE, table } from "./contract-docs.ts";
import { PART_EXAMPLES } from "./site-docs.ts";

const INTRO = `# Metrics

What InfluxDB and VictoriaMetrics are given, in line protocol with times in ms. Grid import, battery discharge, generation
and consumption are positive. Every number is a float. Names and tags stay; new ones may be added.

A channel (\`house-4/power\`) is one series: measurement \`power\`, field \`value\`. It is written when it changes by more than
its dead-band ([points](points.md)), and again at every full ${REPEAT_MS / 60_000} minutes while it is known: a query with
\`fill(previous)\` looks back no further. InfluxDB gets the field \`again\` = 1 beside such a value: what was measured is
\`count(value) - count(again)\`. What is not fresh is not written.
`;

const tags = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(", ");
const unitText = (unit: string): string => (unit === "1" ? "share, factor or yes/no" : unit);

function channelTable(): string {
  const rows = channelMetrics().map(({ name, unit, meaning, counter, series }) => [
    `\`${name}\``,
    `${unitText(unit)}${counter ? ", counter" : ""}`,
    meaning,
    series,
  ]);
  return table(["measurement", "unit of `value`", "meaning", "series per asset"], rows);
}

function eventTable(): string {
  const rows = Object.entries(EVENT_METRICS).map(([name, metric]) => [
    `\`${name}\``,
    metric.meaning,
    tags(metric.tags),
    metric.value,
    metric.text,
    metric.series,
  ]);
  return table(["measurement", "meaning", "tags", "`value`", "`text`", "series"], rows);
}

function workshopTable(): string {
  const rows = Object.entries(WORKSHOP_METRICS).map(([name, metric]) => [
    `\`${name}\``,
    `${metric.unit === "1" ? (metric.counter ? "number" : "share") : metric.unit}${metric.counter ? ", counter" : ""}`,
    metric.meaning,
    tags(metric.tags),
    metric.series,
  ]);
  return table(["measurement", "unit of `value`", "meaning", "tags", "series"], rows);
}

const ownRows = (): string[][] =>
  Object.entries(OWN_METRICS).map(([name, { help, labels }]) => [`\`${name}\``, help, tags(labels)]);

export function metricsPage(): string {
  const tagRows = Object.entries(METRIC_TAGS).map(([name, meaning]) => [`\`${name}\``, meaning]);
  return `${NOTE}
${INTRO}
## Switching it on

In the site file; \`gridwright check\` names every mistake, [all keys](site.md#metrics). A database is made where it is
missing. Where it does not answer, the journal keeps what is not there yet.

\`\`\`yaml
${PART_EXAMPLES.metrics}\`\`\`

## Tags

${table(["tag", "meaning"], tagRows)}
## Channels

Tags: ${tags(CHANNEL_TAGS)}; one that the asset does not have is left out.
The number of series is the number of
channels of the site and does not grow with time; a new tier, member or kind of an asset begins new ones.

${channelTable()}
## Workshop

Each machine's use at every full ${REPEAT_MS / 60_000} minutes, a job's totals at the time of its end; a job without a member has no
such tag. A job's id is no tag, since each would begin a series: InfluxDB gets it as the field \`text\` beside \`job_energy\`.

${workshopTable()}
## Events

To InfluxDB alone: VictoriaMetrics would make zeros of the text.

${eventTable()}
## gridwright itself

For Prometheus, VictoriaMetrics and whoever reads that form: \`/metrics\` at the page's address, with a token of
scope \`read\` as Bearer. What is not known is not there.

${table(["metric", "meaning", "labels"], ownRows())}`;
}
