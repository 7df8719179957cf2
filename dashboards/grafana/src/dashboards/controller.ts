// What the controller itself does: whether it writes, what it decides, what it warns of.
import type { DashboardSpec } from "../dashboard.ts";
import type { PanelSpec } from "../panel.ts";
import { course, newestSum, rate, told } from "../query.ts";
import { STANDS } from "./words.ts";

const PANELS: readonly PanelSpec[] = [
  {
    view: "stat",
    title: { en: "Alarms that stand", es: "Alarmas vigentes" },
    description: {
      en: "How many alarms stand now.",
      es: "Cuántas alarmas están vigentes ahora.",
    },
    unit: "none",
    at: [0, 0, 6, 5],
    colors: [
      [null, "green"],
      [1, "orange"],
    ],
    queries: [{ query: newestSum({ metric: "alarm", by: ["alarm", "subject"] }) }],
  },
  {
    view: "bars",
    title: { en: "Values written", es: "Valores escritos" },
    description: {
      en: "Power values that reached this database. None: the controller, its link or the database is down; the journal keeps them meanwhile.",
      es: "Valores de potencia que llegaron a esta base de datos. Ninguno: cayó el controlador, su enlace o la base; el diario los guarda mientras tanto.",
    },
    unit: "none",
    at: [6, 0, 18, 5],
    queries: [
      { query: rate({ metric: "power", by: ["site"] }), alias: { en: "$tag_site", es: "$tag_site" } },
    ],
  },
  {
    view: "states",
    title: { en: "Alarms", es: "Alarmas" },
    description: {
      en: "Each alarm from its beginning to its end.",
      es: "Cada alarma de principio a fin.",
    },
    unit: "none",
    at: [0, 5, 12, 10],
    words: STANDS,
    queries: [
      {
        query: course({ metric: "alarm", by: ["alarm", "subject"] }, "last"),
        alias: { en: "$tag_alarm $tag_subject", es: "$tag_alarm $tag_subject" },
      },
    ],
  },
  {
    view: "table",
    title: { en: "Alarms in words", es: "Alarmas en palabras" },
    description: {
      en: "The newest first; value 1: it began or stands, 0: it is over.",
      es: "Lo más nuevo primero; valor 1: empezó o sigue, 0: terminó. El texto está en inglés.",
    },
    unit: "none",
    at: [12, 5, 12, 10],
    queries: [{ query: told({ metric: "alarm", by: ["alarm", "subject", "severity"] }) }],
  },
  {
    view: "bars",
    title: { en: "Decisions by rule", es: "Decisiones por regla" },
    description: {
      en: "Changes that each rule made. Many in a short time: something swings.",
      es: "Cambios que hizo cada regla. Muchos en poco tiempo: algo oscila.",
    },
    unit: "none",
    at: [0, 15, 12, 8],
    queries: [
      { query: rate({ metric: "decision", by: ["rule"] }), alias: { en: "$tag_rule", es: "$tag_rule" } },
    ],
  },
  {
    view: "bars",
    title: { en: "Decisions by asset", es: "Decisiones por activo" },
    description: {
      en: "Changes of each load or array. One that is switched often wears its contact.",
      es: "Cambios de cada carga o campo. El que conmuta a menudo gasta su contacto.",
    },
    unit: "none",
    at: [12, 15, 12, 8],
    queries: [
      { query: rate({ metric: "decision", by: ["asset"] }), alias: { en: "$tag_asset", es: "$tag_asset" } },
    ],
  },
];

export const CONTROLLER: DashboardSpec = {
  id: "controller",
  title: { en: "Controller", es: "Controlador" },
  description: {
    en: "Whether it writes, what it decides, what it warns of.",
    es: "Si escribe, qué decide, de qué avisa.",
  },
  from: "now-24h",
  refresh: "1m",
  panels: PANELS,
  annotations: ["alarm"],
};
