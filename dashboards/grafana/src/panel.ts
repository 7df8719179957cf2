// A panel as data, in both languages, and the SDK's panel that it becomes. Whoever describes one need not know Grafana:
// what it shows, in which unit, where it stands on the grid of 24 columns.
import * as common from "@grafana/grafana-foundation-sdk/common";
import type { DataTransformerConfig, Panel, ValueMapping } from "@grafana/grafana-foundation-sdk/dashboard";
import {
  MappingType,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as StatBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as StatesBuilder } from "@grafana/grafana-foundation-sdk/statetimeline";
import { PanelBuilder as TableBuilder } from "@grafana/grafana-foundation-sdk/table";
import { PanelBuilder as TrendBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import type { MetricTag } from "@gridwright/contract/metrics.ts";
import { DATA_SOURCE, InfluxqlTarget } from "./query.ts";

export type Language = "en" | "es";
export const LANGUAGES: readonly Language[] = ["en", "es"];
export type Text = Readonly<Record<Language, string>>;

export interface Query {
  readonly query: string;
  /** Name of the series; may hold `$tag_asset`. */
  readonly alias?: Text;
}

export interface PanelSpec {
  readonly view: "stat" | "trend" | "stack" | "bars" | "states" | "table";
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

type Visual = StatBuilder | StatesBuilder | TableBuilder | TrendBuilder;

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

function visual(view: PanelSpec["view"]): Visual {
  switch (view) {
    case "stat":
      return new StatBuilder()
        .graphMode(common.BigValueGraphMode.None)
        .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(["lastNotNull"]));
    case "states":
      return new StatesBuilder().mergeValues(true).showValue(common.VisibilityMode.Never);
    case "table":
      return new TableBuilder();
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

const targetsOf = ({ queries, view }: PanelSpec, language: Language): InfluxqlTarget[] =>
  queries.map(({ query, alias }, place) => {
    const refId = String.fromCharCode("A".charCodeAt(0) + place);
    return new InfluxqlTarget({ refId, query, alias: alias?.[language] ?? "", table: view === "table" });
  });

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
export function panel(spec: PanelSpec, language: Language): Panel {
  const [x, y, w, h] = spec.at;
  const builder: Visual = visual(spec.view);
  builder
    .title(spec.title[language])
    .description(spec.description[language])
    .datasource(DATA_SOURCE)
    .unit(spec.unit)
    .gridPos({ x, y, w, h })
    .targets(targetsOf(spec, language).map((target) => ({ build: () => target })));
  if (spec.decimals !== undefined) builder.decimals(spec.decimals);
  if (spec.sumBy !== undefined) builder.transformations(addedUp(spec.sumBy));
  if (spec.since !== undefined) builder.timeFrom(spec.since);
  if (spec.words !== undefined) builder.mappings(mappingsOf(spec.words, language));
  if (spec.colors !== undefined) builder.thresholds(thresholdsOf(spec.colors));
  return builder.build();
}
