// A dashboard as data and the SDK's dashboard that it becomes: data source and site by variable, decisions and alarms as
// annotations where asked for, the same panels in each language.
import {
  AnnotationQueryBuilder,
  CustomVariableBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  TextBoxVariableBuilder,
  VariableRefresh,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type { EventMetricName } from "@gridwright/contract/metrics.ts";
import { type Language, type PanelSpec, panel, type Text } from "./panel.ts";
import { DATA_SOURCE, InfluxqlTarget } from "./query.ts";

export interface DashboardSpec {
  /** Part of its address and its file's name. */
  readonly id: string;
  readonly title: Text;
  readonly description: Text;
  /** How far back it looks at first. */
  readonly from: string;
  readonly refresh: string;
  readonly panels: readonly PanelSpec[];
  /** Energy per period in local time: adds the variables main, period and zone. */
  readonly periods?: true;
  readonly annotations?: readonly EventMetricName[];
}

const SOURCE: Text = { en: "Data source", es: "Origen de datos" };
const SITE: Text = { en: "Site", es: "Instalación" };
const MAIN: Text = { en: "Meter of all consumption", es: "Contador de todo el consumo" };
const PERIOD: Text = { en: "Period", es: "Periodo" };
const ZONE: Text = { en: "Time zone of the site", es: "Zona horaria de la instalación" };
const EVENTS: Readonly<
  Record<EventMetricName, { readonly name: Text; readonly color: string; readonly tags: string }>
> = {
  decision: { name: { en: "Decisions", es: "Decisiones" }, color: "blue", tags: "asset,rule" },
  alarm: { name: { en: "Alarms", es: "Alarmas" }, color: "red", tags: "subject,severity" },
};

/** Values of a variable that the data source is asked for. */
const asked = (name: string, label: string, query: string): QueryVariableBuilder =>
  new QueryVariableBuilder(name)
    .label(label)
    .datasource(DATA_SOURCE)
    .query(query)
    .refresh(VariableRefresh.OnDashboardLoad);

function addVariables(builder: DashboardBuilder, { periods }: DashboardSpec, language: Language): void {
  builder
    .withVariable(new DatasourceVariableBuilder("source").label(SOURCE[language]).type("influxdb"))
    .withVariable(asked("site", SITE[language], 'SHOW TAG VALUES FROM "power" WITH KEY = "site"'));
  if (periods === undefined) return;
  const totals = `SHOW TAG VALUES FROM "energy_import" WITH KEY = "asset" WHERE "kind" =~ /^(feeder|inverter|meter)$/ AND "member" = ''`;
  builder
    .withVariable(asked("main", MAIN[language], totals))
    .withVariable(new CustomVariableBuilder("period").label(PERIOD[language]).values("1d,1h,7d,30d"))
    .withVariable(new TextBoxVariableBuilder("zone").label(ZONE[language]).defaultValue("UTC"));
}

function annotation(metric: EventMetricName, language: Language): AnnotationQueryBuilder {
  const { name, color, tags } = EVENTS[metric];
  const query = `SELECT "text", "${tags.replace(",", '", "')}" FROM "${metric}" WHERE "site" =~ /^$site$/ AND $timeFilter`;
  const columns = { fromAnnotations: true, queryType: "tags", textColumn: "text", tagsColumn: tags };
  const target = Object.assign(new InfluxqlTarget({ refId: "Anno", query }), columns);
  return new AnnotationQueryBuilder()
    .name(name[language])
    .datasource(DATA_SOURCE)
    .enable(true)
    .iconColor(color)
    .target({ build: () => target });
}

/** The dashboard as Grafana reads it, in one language. */
export function dashboard(spec: DashboardSpec, language: Language): Dashboard {
  const builder = new DashboardBuilder(spec.title[language])
    .uid(`gridwright-${spec.id}-${language}`)
    .description(spec.description[language])
    .tags(["gridwright", language])
    .time({ from: spec.from, to: "now" })
    .timezone("browser")
    .refresh(spec.refresh)
    .tooltip(DashboardCursorSync.Crosshair)
    .link(
      new DashboardLinkBuilder("gridwright")
        .type(DashboardLinkType.Dashboards)
        .tags(["gridwright", language])
        .asDropdown(true)
        .keepTime(true)
        .includeVars(true),
    );
  addVariables(builder, spec, language);
  for (const metric of spec.annotations ?? []) builder.annotation(annotation(metric, language));
  for (const [place, described] of spec.panels.entries()) {
    const built = { ...panel(described, language), id: place + 1 };
    builder.withPanel({ build: () => built });
  }
  return builder.build();
}
