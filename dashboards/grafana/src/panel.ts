// A panel as data, in both languages, and the SDK's panel that it becomes. Whoever describes one need not know Grafana:
// what it shows, in which unit, where it stands on the grid of 24 columns.
import * as common from "@grafana/grafana-foundation-sdk/common";
import type { DataTransformerConfig, Panel, ValueMapping } from "@grafana/grafana-foundation-sdk/dashboard";
import {
  PanelBuilder as AnyBuilder,
  MappingType,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as StatBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as StatesBuilder } from "@grafana/grafana-foundation-sdk/statetimeline";
import { PanelBuilder as TableBuilder } from "@grafana/grafana-foundation-sdk/table";
import { PanelBuilder as TrendBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import type { MetricTag } from "@gridwright/contract/metrics.ts";
import { DATA_SOURCES, type Question, type Tongue } from "./query.ts";
import { InfluxqlTarget, PromqlTarget } from "./targets.ts";

export type Language = "en" | "es";
export const LANGUAGES: readonly Language[] = ["en", "es"];
export type Text = Readonly<Record<Language, string>>;

export interface Query {
  readonly query: Question;
  /** Name of the series; may hold `$tag_asset`, and `$m` for the measurement. */
  readonly alias?: Text;
}

export interface PanelSpec {
  readonly view: "stat" | "trend" | "stack" | "bars" | "states" | "table" | "flow";
  readonly title: Text;
  readonly description: Text;
  /** Grafana's name of the unit: `watt`, `kwatth`, `percentunit`. */
  readonly unit: string;
  readonly decimals?: number;
  /** Left column, upper row, width and height. */
  readonly at: readonly [x: number, y: number, w: number, h: number];
  readonly queries: readonly Query[];
  /** A table's rows are added up for each value of this tag. */
  readonly sumBy?: MetricTag;
  /** The panel's own time range, whatever the dashboard's is: the day, month or year so far. */
  readonly since?: "now/d" | "now/M" | "now/y";
  /** Words for values. */
  readonly words?: Readonly<Record<string, { readonly text: Text; readonly color: string }>>;
  /** From which value on which colour; the first is the base. */
  readonly colors?: readonly (readonly [from: number | null, color: string])[];
}

/** Our own plugin, in `panel/`. */
export const FLOW_PLUGIN = "gridwright-microgridflow-panel";

type Visual = AnyBuilder | StatBuilder | StatesBuilder | TableBuilder | TrendBuilder;

function trend(view: "trend" | "stack" | "bars"): TrendBuilder {
  const builder = new TrendBuilder()
    .lineInterpolation(common.LineInterpolation.StepAfter)
    .showPoints(common.VisibilityMode.Never)
    .fillOpacity(view === "trend" ? 8 : 60)
    .tooltip(new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi));
  if (view === "bars") builder.drawStyle(common.GraphDrawStyle.Bars);
  if (view !== "trend") builder.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal));
  return builder;
}

function visual(view: PanelSpec["view"], language: Language): Visual {
  switch (view) {
    case "stat":
      return new StatBuilder()
        .graphMode(common.BigValueGraphMode.None)
        .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(["lastNotNull"]));
    case "states":
      return new StatesBuilder().mergeValues(true).showValue(common.VisibilityMode.Never);
    case "table":
      return new TableBuilder();
    case "flow":
      return new AnyBuilder().type(FLOW_PLUGIN).options({ language });
    default:
      return trend(view);
  }
}

const mappingsOf = (words: NonNullable<PanelSpec["words"]>, language: Language): ValueMapping[] => [
  {
    type: MappingType.ValueToText,
    options: Object.fromEntries(
      Object.entries(words).map(([value, { text, color }]) => [value, { text: text[language], color }]),
    ),
  },
];

/** Which words a panel is made in. */
export interface Manner {
  readonly language: Language;
  readonly tongue: Tongue;
}

const refIdOf = (place: number): string => String.fromCharCode("A".charCodeAt(0) + place);

function targetsOf({ queries, view, sumBy }: PanelSpec, { language, tongue }: Manner) {
  if (tongue === "influxql")
    return queries.map(({ query, alias }, place) => {
      const refId = refIdOf(place);
      const table = view === "table";
      return new InfluxqlTarget({ refId, query: query.influxql, alias: alias?.[language] ?? "", table });
    });
  return queries.flatMap(({ query, alias }, place) => {
    const legend = (alias?.[language] ?? "")
      .replaceAll(/\$tag_(\w+)/g, "{{$1}}")
      .replace("$m", "{{__name__}}");
    const promql = sumBy === undefined ? query.promql : `sum by (${sumBy}) (${query.promql})`;
    const question = { ...query, ...(promql !== undefined && { promql }) };
    const target = new PromqlTarget({ refId: refIdOf(place), question, legend });
    if (query.times === undefined) return [target];
    const times = { ...question, promql: query.times };
    return [target, new PromqlTarget({ refId: `${refIdOf(place)}-time`, question: times, legend })];
  });
}

/** Whether it can be asked in a tongue: nothing but InfluxDB is told texts. */
export const isAsked = ({ queries }: PanelSpec, tongue: Tongue): boolean =>
  tongue === "influxql" || queries.every(({ query }) => query.promql !== undefined);

function thresholdsOf(colors: NonNullable<PanelSpec["colors"]>): ThresholdsConfigBuilder {
  const steps = colors.map(([value, color]) => ({ value, color }));
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps);
}

const addedUp = (tag: MetricTag): DataTransformerConfig[] => {
  const fields = {
    [tag]: { aggregations: [], operation: "groupby" },
    value: { aggregations: ["sum"], operation: "aggregate" },
  };
  return [
    { id: "merge", options: {} },
    { id: "groupBy", options: { fields } },
  ];
};

/** The panel as Grafana reads it, in one language. */
export function panel(spec: PanelSpec, manner: Manner): Panel {
  const { language, tongue } = manner;
  const [x, y, w, h] = spec.at;
  const builder: Visual = visual(spec.view, language);
  builder
    .title(spec.title[language])
    .description(spec.description[language])
    .datasource(DATA_SOURCES[tongue])
    .unit(spec.unit)
    .gridPos({ x, y, w, h })
    .targets(targetsOf(spec, manner).map((target) => ({ build: () => target })));
  if (spec.decimals !== undefined) builder.decimals(spec.decimals);
  if (spec.sumBy !== undefined && tongue === "influxql") builder.transformations(addedUp(spec.sumBy));
  if (spec.since !== undefined) builder.timeFrom(spec.since);
  if (spec.words !== undefined) builder.mappings(mappingsOf(spec.words, language));
  if (spec.colors !== undefined) builder.thresholds(thresholdsOf(spec.colors));
  return builder.build();
}
