// Which meters and switches bring news, which fell silent, and what the controller complains about.
import type { DashboardSpec } from "../dashboard.ts";
import type { PanelSpec, Text } from "../panel.ts";
import { CONSUMERS, course, is, newest, rate, TOTAL, told } from "../query.ts";
import { PRESENT, STANDS } from "./words.ts";

const ASSET: Text = { en: "$tag_asset", es: "$tag_asset" };
/** Alarms about a device or what it reports. */
const DEVICE = is(
  "alarm",
  "device-lost",
  "battery-lost",
  "relay-stuck",
  "relay-fickle",
  "measurement-.*",
  "reading-.*",
  "clock-skew",
  "broker",
);

const PANELS: readonly PanelSpec[] = [
  {
    view: "states",
    title: { en: "Alarms of devices", es: "Alarmas de dispositivos" },
    description: {
      en: "Devices that fell silent, relays that stick, readings that cannot be: each from its beginning to its end.",
      es: "Dispositivos que callaron, relés atascados, lecturas imposibles: cada una de principio a fin.",
    },
    unit: "none",
    at: [0, 0, 12, 9],
    words: STANDS,
    queries: [
      {
        query: course({ metric: "alarm", only: [DEVICE], by: ["alarm", "subject"] }, "last"),
        alias: { en: "$tag_alarm $tag_subject", es: "$tag_alarm $tag_subject" },
      },
    ],
  },
  {
    view: "table",
    title: { en: "What was wrong with devices", es: "Qué les pasó a los dispositivos" },
    description: {
      en: "The newest first; value 1: it began or stands, 0: it is over.",
      es: "Lo más nuevo primero; valor 1: empezó o sigue, 0: terminó. El texto está en inglés.",
    },
    unit: "none",
    at: [12, 0, 12, 9],
    queries: [{ query: told({ metric: "alarm", only: [DEVICE], by: ["subject", "severity"] }) }],
  },
  {
    view: "table",
    title: { en: "Last news of each meter", es: "Últimas noticias de cada medidor" },
    description: {
      en: "Its newest power and when it came. Older than a quarter of an hour: it is not heard any more.",
      es: "Su última potencia y cuándo llegó. Más de un cuarto de hora: ya no se le oye.",
    },
    unit: "watt",
    at: [0, 9, 12, 9],
    queries: [{ query: newest({ metric: "power", only: [TOTAL] }) }],
  },
  {
    view: "table",
    title: { en: "Last news of each switch", es: "Últimas noticias de cada interruptor" },
    description: {
      en: "Supply as its relay or plug reports it (1 on, 0 off) and when it came.",
      es: "Suministro según su relé o enchufe (1 con, 0 sin) y cuándo llegó.",
    },
    unit: "none",
    at: [12, 9, 12, 9],
    queries: [{ query: newest({ metric: "switch", only: [CONSUMERS] }) }],
  },
  {
    view: "stack",
    title: { en: "News of power by meter", es: "Noticias de potencia por medidor" },
    description: {
      en: "How many changes of power each meter brought. A meter that stops is silent or stuck.",
      es: "Cuántos cambios de potencia trajo cada medidor. El que se detiene calla o está atascado.",
    },
    unit: "none",
    at: [0, 18, 12, 8],
    queries: [{ query: rate({ metric: "power", only: [TOTAL] }), alias: ASSET }],
  },
  {
    view: "trend",
    title: { en: "Frequency as each meter sees it", es: "Frecuencia según cada medidor" },
    description: {
      en: "All are on one bus: one that differs measures wrongly.",
      es: "Todos están en la misma red: el que difiere mide mal.",
    },
    unit: "hertz",
    decimals: 2,
    at: [12, 18, 12, 8],
    queries: [{ query: course({ metric: "frequency", only: [TOTAL] }), alias: ASSET }],
  },
  {
    view: "states",
    title: { en: "Public grid", es: "Red pública" },
    description: { en: "Whether it was there and accepted.", es: "Si estaba presente y aceptada." },
    unit: "none",
    at: [0, 26, 24, 5],
    words: PRESENT,
    queries: [{ query: course({ metric: "grid_present" }, "last"), alias: ASSET }],
  },
];

export const BUSES_DEVICES: DashboardSpec = {
  id: "buses-devices",
  title: { en: "Buses and devices", es: "Buses y dispositivos" },
  description: {
    en: "Which devices bring news, which fell silent.",
    es: "Qué dispositivos traen noticias y cuáles callaron.",
  },
  from: "now-6h",
  refresh: "1m",
  panels: PANELS,
  annotations: ["alarm"],
};
