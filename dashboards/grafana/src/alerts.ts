// Alert rules for what people must hear of. Queries hold no `$`, which a provisioning file would read as environment;
// they look back an hour: what stands is told again each quarter. Grafana says who is told; the controller needs none.
import type { Text } from "./panel.ts";
import type { Tongue } from "./query.ts";

interface AlertSpec {
  readonly uid: string;
  readonly title: Text;
  readonly summary: Text;
  readonly severity: "warning" | "critical";
  readonly query: string;
  /** The same for VictoriaMetrics; alarms are not told to it. */
  readonly promql?: string;
  /** Fires while the newest value is above or below this. */
  readonly fires: readonly ["above" | "below", number];
  readonly lasts: string;
  /** What it means when nothing comes. */
  readonly silence: "OK" | "Alerting";
}

const LAST_HOUR = "time > now() - 1h";

export const ALERTS: readonly AlertSpec[] = [
  {
    uid: "gridwright-silent",
    title: { en: "The controller sends no data", es: "El controlador no envía datos" },
    summary: {
      en: "No value of power came for half an hour: controller, link or database is down.",
      es: "No llegó ningún valor de potencia en media hora: cayó el controlador, el enlace o la base de datos.",
    },
    severity: "critical",
    query: `SELECT count("value") FROM "power" WHERE time > now() - 30m GROUP BY "site"`,
    promql: "sum by (site) (count_over_time(power_value[30m]))",
    fires: ["below", 1],
    lasts: "5m",
    silence: "Alerting",
  },
  {
    uid: "gridwright-critical",
    title: { en: "A critical alarm stands", es: "Hay una alarma crítica" },
    summary: {
      en: "{{ .Labels.alarm }} {{ .Labels.subject }} at {{ .Labels.site }}",
      es: "{{ .Labels.alarm }} {{ .Labels.subject }} en {{ .Labels.site }}",
    },
    severity: "critical",
    query: `SELECT last("value") FROM "alarm" WHERE "severity" = 'critical' AND ${LAST_HOUR} GROUP BY "alarm", "subject", "site"`,
    fires: ["above", 0.5],
    lasts: "0s",
    silence: "OK",
  },
  {
    uid: "gridwright-device",
    title: { en: "A device is lost", es: "Se perdió un dispositivo" },
    summary: {
      en: "{{ .Labels.subject }} does not answer at {{ .Labels.site }}",
      es: "{{ .Labels.subject }} no responde en {{ .Labels.site }}",
    },
    severity: "warning",
    query: `SELECT last("value") FROM "alarm" WHERE "alarm" = 'device-lost' AND ${LAST_HOUR} GROUP BY "subject", "site"`,
    fires: ["above", 0.5],
    lasts: "10m",
    silence: "OK",
  },
  {
    uid: "gridwright-battery",
    title: { en: "The battery is nearly empty", es: "La batería está casi vacía" },
    summary: {
      en: "{{ .Labels.asset }} at {{ .Labels.site }} is below 20 %",
      es: "{{ .Labels.asset }} en {{ .Labels.site }} está por debajo del 20 %",
    },
    severity: "warning",
    query: `SELECT last("value") FROM "soc" WHERE "kind" = 'battery' AND ${LAST_HOUR} GROUP BY "asset", "site"`,
    promql: 'min by (asset, site) (last_over_time(soc_value{kind="battery"}[1h]))',
    fires: ["below", 0.2],
    lasts: "5m",
    silence: "OK",
  },
  {
    uid: "gridwright-dark",
    title: { en: "Basic loads without supply", es: "Cargas básicas sin corriente" },
    summary: {
      en: "{{ .Labels.asset }} at {{ .Labels.site }} has had no supply for an hour",
      es: "{{ .Labels.asset }} en {{ .Labels.site }} lleva una hora sin corriente",
    },
    severity: "critical",
    query: `SELECT last("value") FROM "switch" WHERE "tier" =~ /^[01]$/ AND ${LAST_HOUR} GROUP BY "asset", "site"`,
    promql: 'min by (asset, site) (last_over_time(switch_value{tier=~"0|1"}[1h]))',
    fires: ["below", 0.5],
    lasts: "1h",
    silence: "OK",
  },
];

const EXPRESSION = "__expr__";

/** What Grafana asks of either kind of data source. */
const modelOf = ({ query, promql = "" }: AlertSpec, tongue: Tongue): object =>
  tongue === "influxql"
    ? { refId: "A", query, rawQuery: true, resultFormat: "time_series" }
    : { refId: "A", expr: promql, instant: true, range: false, editorMode: "code" };

function ruleOf(alert: AlertSpec, { source, tongue }: AlertsFor) {
  const { uid, title, summary, severity, fires, lasts, silence } = alert;
  const [direction, limit] = fires;
  const relativeTimeRange = { from: 3_600, to: 0 };
  const evaluator = { type: direction === "above" ? "gt" : "lt", params: [limit] };
  const expression = (refId: string, model: object): object => ({
    ...{ refId, relativeTimeRange, datasourceUid: EXPRESSION },
    model: { refId, ...model },
  });
  return {
    uid: tongue === "influxql" ? uid : `${uid}-victoria`,
    title: `${title.en} / ${title.es}`,
    condition: "C",
    for: lasts,
    noDataState: silence,
    execErrState: "Error",
    labels: { severity, from: "gridwright" },
    annotations: { summary: `${summary.en} / ${summary.es}` },
    data: [
      { refId: "A", relativeTimeRange, datasourceUid: source, model: modelOf(alert, tongue) },
      expression("B", { type: "reduce", reducer: "last", expression: "A" }),
      expression("C", { type: "threshold", expression: "B", conditions: [{ evaluator }] }),
    ],
  };
}

export interface AlertsFor {
  /** The data source's uid. */
  readonly source: string;
  readonly tongue: Tongue;
}

/** Grafana's provisioning file of alert rules. */
export const alertGroups = (to: AlertsFor) => ({
  apiVersion: 1,
  groups: [
    {
      orgId: 1,
      name: to.source,
      folder: "Gridwright",
      interval: "1m",
      rules: ALERTS.filter(({ promql }) => to.tongue === "influxql" || promql !== undefined).map((alert) =>
        ruleOf(alert, to),
      ),
    },
  ],
});
