// Every question that a dashboard or an alert asks of InfluxDB, with Grafana's variables filled in for a time range, and how a
// real database is asked.
import assert from "node:assert/strict";
import { ALERTS } from "@gridwright/grafana/src/alerts.ts";
import { dashboard } from "@gridwright/grafana/src/dashboard.ts";
import { DASHBOARDS } from "@gridwright/grafana/src/files.ts";
import type { panel } from "@gridwright/grafana/src/panel.ts";
import type { InfluxqlTarget } from "@gridwright/grafana/src/targets.ts";

type Dashboard = ReturnType<typeof dashboard>;
type Panel = ReturnType<typeof panel>;

export interface Series {
  readonly name: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly values: readonly (readonly (number | string | null)[])[];
}

/** A time range as Grafana would show it. */
export interface Shown {
  /** ms since 1970. */
  readonly from: number;
  readonly to: number;
  readonly interval: string;
  readonly period: string;
}

/** What Grafana puts in the place of each variable. */
const variables = ({ from, to, interval, period }: Shown): Readonly<Record<string, string>> => ({
  $timeFilter: `time >= ${from}ms and time <= ${to}ms`,
  $__interval: interval,
  ...CHOSEN,
  $period: period,
});
/** What a person chose of what the database offers. */
export const CHOSEN: Readonly<Record<string, string>> = {
  $site: "village",
  $main: "village",
  $zone: "Europe/Madrid",
};

export const filledFor = (query: string, shown: Shown): string =>
  Object.entries(variables(shown))
    .reduce((text, [name, value]) => text.replaceAll(name, value), query)
    .replaceAll("now()", `${shown.to}ms`);

export interface Database {
  readonly url: string;
  readonly database: string;
  /** Longest wait for an answer. */
  readonly withinMs?: number;
}

/** Throws when the database finds a mistake in the question. */
export async function ask(
  { url, database, withinMs = 30_000 }: Database,
  query: string,
): Promise<readonly Series[]> {
  const search = new URLSearchParams({ db: database, epoch: "ms", q: query });
  const answer = await fetch(`${url}/query?${search}`, { signal: AbortSignal.timeout(withinMs) });
  const { results, error } = JSON.parse(await answer.text()) as {
    results?: { series?: Series[]; error?: string }[];
    error?: string;
  };
  assert.equal(error ?? results?.[0]?.error, undefined, query);
  return results?.[0]?.series ?? [];
}

/** Rows with a value. */
export const said = (series: readonly Series[]): number =>
  series.flatMap(({ values }) => values.filter((row) => row.slice(1).some((value) => value !== null))).length;

const panelsOf = ({ panels = [] }: Dashboard): Panel[] => panels as Panel[];
const targetsOf = ({ targets = [] }: Panel): InfluxqlTarget[] => targets as InfluxqlTarget[];
const built = DASHBOARDS.map((spec) => dashboard(spec, { language: "en", tongue: "influxql" }));

/** Who asks, what, and the name that each series gets. */
type Question = readonly [sentence: string, query: string, alias: string];

export const PANEL_QUESTIONS: readonly Question[] = [
  ...built.flatMap((board) =>
    panelsOf(board).flatMap((panel) =>
      targetsOf(panel).map(
        ({ refId, query, alias }) => [`${board.title}: ${panel.title} ${refId}`, query, alias] as const,
      ),
    ),
  ),
  ...built.flatMap(({ title, annotations }) =>
    (annotations?.list ?? []).map(
      ({ name, target }) => [`${title}: ${name}`, (target as InfluxqlTarget).query, ""] as const,
    ),
  ),
];
export const QUESTIONS: readonly Question[] = [
  ...PANEL_QUESTIONS,
  ...ALERTS.map(({ uid, query }) => [`the alert ${uid}`, query, ""] as const),
];

/** The variables whose values the database is asked for. */
export const CHOICES: ReadonlyMap<string, string> = new Map(
  built.flatMap(({ templating }) =>
    (templating?.list ?? []).flatMap(({ type, name, query }) =>
      type === "query" ? [[name, String(query)] as const] : [],
    ),
  ),
);
