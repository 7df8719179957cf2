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
import { isAsked, type Language, type Manner, type PanelSpec, panel, type Text } from "./panel.ts";
import { DATA_SOURCES, type Tongue } from "./query.ts";
import { InfluxqlTarget } from "./targets.ts";

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

interface Asked {
  readonly name: string;
  readonly label: string;
  readonly query: string;
}
/** Values of a variable that the data source is asked for. */
const asked = ({ name, label, query }: Asked, tongue: Tongue): QueryVariableBuilder =>
  new QueryVariableBuilder(name)
    .label(label)
    .datasource(DATA_SOURCES[tongue])
    .query(query)
    .refresh(VariableRefresh.OnDashboardLoad);

const CHOICES = {
  influxql: {
    type: "influxdb",
    site: 'SHOW TAG VALUES FROM "power" WITH KEY = "site"',
    main: `SHOW TAG VALUES FROM "energy_import" WITH KEY = "asset" WHERE "kind" =~ /^(feeder|inverter|meter)$/ AND "member" = ''`,
  },
  promql: {
    type: "prometheus",
    site: "label_values(power_value, site)",
    main: 'label_values(energy_import_value{kind=~"feeder|inverter|meter",member=""}, asset)',
  },
} as const;

function addVariables(
  builder: DashboardBuilder,
  { periods }: DashboardSpec,
  { language, tongue }: Manner,
): void {
  const { type, site, main } = CHOICES[tongue];
  builder
    .withVariable(new DatasourceVariableBuilder("source").label(SOURCE[language]).type(type))
    .withVariable(asked({ name: "site", label: SITE[language], query: site }, tongue));
  if (periods === undefined) return;
  builder
    .withVariable(asked({ name: "main", label: MAIN[language], query: main }, tongue))
    .withVariable(new CustomVariableBuilder("period").label(PERIOD[language]).values("1d,1h,7d,30d"));
  if (tongue === "influxql")
    builder.withVariable(new TextBoxVariableBuilder("zone").label(ZONE[language]).defaultValue("UTC"));
}

function annotation(metric: EventMetricName, language: Language): AnnotationQueryBuilder {
  const { name, color, tags } = EVENTS[metric];
  const query = `SELECT "text", "${tags.replace(",", '", "')}" FROM "${metric}" WHERE "site" =~ /^$site$/ AND $timeFilter`;
  const columns = { fromAnnotations: true, queryType: "tags", textColumn: "text", tagsColumn: tags };
  const target = Object.assign(new InfluxqlTarget({ refId: "Anno", query }), columns);
  return new AnnotationQueryBuilder()
    .name(name[language])
    .datasource(DATA_SOURCES.influxql)
    .enable(true)
    .iconColor(color)
    .target({ build: () => target });
}

/** What begins a dashboard's address and names its files' family. */
const FAMILY = { influxql: "gridwright", promql: "gridwright-victoria" } as const;

/** The dashboard as Grafana reads it, in one language and for one kind of database. */
export function dashboard(spec: DashboardSpec, manner: Manner): Dashboard {
  const { language, tongue } = manner;
  const family = FAMILY[tongue];
  const builder = new DashboardBuilder(spec.title[language])
    .uid(`${family}-${spec.id}-${language}`)
    .description(spec.description[language])
    .tags([family, language])
    .time({ from: spec.from, to: "now" })
    .timezone("browser")
    .refresh(spec.refresh)
    .tooltip(DashboardCursorSync.Crosshair)
    .link(
      new DashboardLinkBuilder("gridwright")
        .type(DashboardLinkType.Dashboards)
        .tags([family, language])
        .asDropdown(true)
        .keepTime(true)
        .includeVars(true),
    );
  addVariables(builder, spec, manner);
  if (tongue === "influxql")
    for (const metric of spec.annotations ?? []) builder.annotation(annotation(metric, language));
  for (const [place, described] of spec.panels.filter((one) => isAsked(one, tongue)).entries()) {
    const built = { ...panel(described, manner), id: place + 1 };
    builder.withPanel({ build: () => built });
  }
  return builder.build();
}
