// Battery and inverter: what they carry, what they permit, how warm they are.
import type { DashboardSpec } from "../dashboard.ts";
import type { PanelSpec, Text } from "../panel.ts";
import { course, is, PER_PHASE, TOTAL } from "../query.ts";
import { PERMIT, WARNING } from "./words.ts";

const ASSET: Text = { en: "$tag_asset", es: "$tag_asset" };
const PHASE: Text = { en: "$tag_asset $tag_phase", es: "$tag_asset $tag_phase" };
const INVERTER = [is("kind", "inverter"), PER_PHASE];

const BATTERY: readonly PanelSpec[] = [
  {
    view: "trend",
    title: { en: "State of charge", es: "Estado de carga" },
    description: { en: "What the battery says is left.", es: "Lo que la batería dice que le queda." },
    unit: "percentunit",
    at: [0, 0, 12, 8],
    queries: [{ query: course({ metric: "soc", only: [is("kind", "battery")] }), alias: ASSET }],
  },
  {
    view: "trend",
    title: { en: "Current and its limits", es: "Corriente y sus límites" },
    description: {
      en: "Battery current (giving is positive) and the most that its management accepts (CCL) and gives (DCL). A limit that falls early in the day is the first sign of ageing or cold.",
      es: "Corriente de la batería (entregar es positivo) y lo máximo que su gestión acepta (CCL) y da (DCL). Un límite que baja pronto es la primera señal de edad o frío.",
    },
    unit: "amp",
    at: [12, 0, 12, 8],
    queries: [
      { query: course({ metric: "battery_current" }), alias: { en: "current", es: "corriente" } },
      {
        query: course({ metric: "charge_current_limit" }),
        alias: { en: "accepts (CCL)", es: "acepta (CCL)" },
      },
      { query: course({ metric: "discharge_current_limit" }), alias: { en: "gives (DCL)", es: "da (DCL)" } },
    ],
  },
  {
    view: "trend",
    title: { en: "Battery voltage", es: "Tensión de la batería" },
    description: {
      en: "Voltage at the battery's terminals.",
      es: "Tensión en los bornes de la batería.",
    },
    unit: "volt",
    at: [0, 8, 8, 7],
    queries: [{ query: course({ metric: "battery_voltage" }), alias: ASSET }],
  },
  {
    view: "trend",
    title: { en: "Temperatures", es: "Temperaturas" },
    description: {
      en: "Battery and inverters, where they tell it.",
      es: "Batería e inversores, donde la indican.",
    },
    unit: "celsius",
    at: [8, 8, 8, 7],
    queries: [{ query: course({ metric: "temperature" }), alias: ASSET }],
  },
  {
    view: "states",
    title: { en: "What the battery permits", es: "Lo que permite la batería" },
    description: {
      en: "Whether its management permits charging and discharging.",
      es: "Si su gestión permite cargar y descargar.",
    },
    unit: "none",
    at: [16, 8, 8, 7],
    words: PERMIT,
    queries: [
      {
        query: course({ metric: "charge_allowed", only: [is("kind", "battery")] }, "last"),
        alias: { en: "charging", es: "cargar" },
      },
      {
        query: course({ metric: "discharge_allowed", only: [is("kind", "battery")] }, "last"),
        alias: { en: "discharging", es: "descargar" },
      },
    ],
  },
];

const INVERTERS: readonly PanelSpec[] = [
  {
    view: "trend",
    title: { en: "Inverter power by phase", es: "Potencia del inversor por fase" },
    description: {
      en: "One phase that carries much more than the others limits them all.",
      es: "Una fase que lleva mucho más que las otras las limita a todas.",
    },
    unit: "watt",
    at: [0, 15, 12, 8],
    queries: [{ query: course({ metric: "power", only: INVERTER, by: ["asset", "phase"] }), alias: PHASE }],
  },
  {
    view: "trend",
    title: { en: "Inverter voltage by phase", es: "Tensión del inversor por fase" },
    description: {
      en: "Voltage to neutral; 207 V to 253 V is normal.",
      es: "Tensión a neutro; de 207 V a 253 V es normal.",
    },
    unit: "volt",
    at: [12, 15, 12, 8],
    queries: [{ query: course({ metric: "voltage", only: INVERTER, by: ["asset", "phase"] }), alias: PHASE }],
  },
  {
    view: "trend",
    title: { en: "Inverter frequency", es: "Frecuencia del inversor" },
    description: {
      en: "A raised frequency asks solar inverters to give less.",
      es: "Una frecuencia más alta pide a los inversores solares que den menos.",
    },
    unit: "hertz",
    decimals: 2,
    at: [0, 23, 12, 7],
    queries: [
      { query: course({ metric: "frequency", only: [is("kind", "inverter"), TOTAL] }), alias: ASSET },
    ],
  },
  {
    view: "states",
    title: { en: "Overload warnings", es: "Avisos de sobrecarga" },
    description: {
      en: "The inverter's own warning, by phase.",
      es: "El aviso del propio inversor, por fase.",
    },
    unit: "none",
    at: [12, 23, 12, 7],
    words: WARNING,
    queries: [
      {
        query: course({ metric: "overload_warning", only: INVERTER, by: ["asset", "phase"] }, "max"),
        alias: PHASE,
      },
    ],
  },
];

export const BATTERY_INVERTER: DashboardSpec = {
  id: "battery-inverter",
  title: { en: "Battery and inverter health", es: "Salud de batería e inversor" },
  description: {
    en: "What battery and inverter carry, permit and suffer.",
    es: "Lo que batería e inversor llevan, permiten y sufren.",
  },
  from: "now-24h",
  refresh: "1m",
  panels: [...BATTERY, ...INVERTERS],
  annotations: ["alarm"],
};
