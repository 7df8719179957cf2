// What is going on at this moment, for everybody.
import type { DashboardSpec } from "../dashboard.ts";
import type { PanelSpec } from "../panel.ts";
import { CONSUMERS, course, is, newest, newestOf, newestSum, TOTAL, told } from "../query.ts";
import { CHARGE, PRESENT, SUPPLY } from "./words.ts";

const ofKind = (kind: string) => [is("kind", kind), TOTAL];

const NOW: readonly PanelSpec[] = [
  {
    view: "stat",
    title: { en: "Battery", es: "Batería" },
    description: {
      en: "State of charge. Below 20 % only what is needed most stays on.",
      es: "Estado de carga. Por debajo del 20 % solo sigue lo más necesario.",
    },
    unit: "percentunit",
    decimals: 0,
    at: [0, 0, 4, 4],
    colors: CHARGE,
    queries: [
      {
        query: newest({ metric: "soc", only: [is("kind", "battery")] }),
        alias: { en: "$tag_asset", es: "$tag_asset" },
      },
    ],
  },
  {
    view: "stat",
    title: { en: "Battery power", es: "Potencia de la batería" },
    description: {
      en: "Positive while the battery gives, negative while it is charged.",
      es: "Positiva cuando la batería entrega, negativa cuando se carga.",
    },
    unit: "watt",
    at: [4, 0, 4, 4],
    queries: [{ query: newestSum({ metric: "battery_power", only: [TOTAL] }) }],
  },
  {
    view: "stat",
    title: { en: "Sun", es: "Sol" },
    description: { en: "Power of all solar arrays.", es: "Potencia de todos los campos solares." },
    unit: "watt",
    at: [8, 0, 4, 4],
    queries: [{ query: newestSum({ metric: "power", only: ofKind("pv") }) }],
  },
  {
    view: "stat",
    title: { en: "Grid power", es: "Potencia de la red" },
    description: {
      en: "Taken from the public grid; negative while it is given.",
      es: "Tomada de la red pública; negativa cuando se entrega.",
    },
    unit: "watt",
    at: [12, 0, 4, 4],
    queries: [{ query: newestSum({ metric: "power", only: ofKind("grid") }) }],
  },
  {
    view: "stat",
    title: { en: "Public grid", es: "Red pública" },
    description: { en: "Whether the public grid is there.", es: "Si la red pública está presente." },
    unit: "none",
    at: [16, 0, 4, 4],
    words: PRESENT,
    queries: [{ query: newest({ metric: "grid_present" }), alias: { en: "$tag_asset", es: "$tag_asset" } }],
  },
  {
    view: "stat",
    title: { en: "Loads without supply", es: "Cargas sin corriente" },
    description: {
      en: "How many switched loads are off now, for whatever reason.",
      es: "Cuántas cargas con interruptor están apagadas ahora, por cualquier motivo.",
    },
    unit: "none",
    at: [20, 0, 4, 4],
    queries: [{ query: newestSum({ metric: "switch", only: [CONSUMERS] }, "missing") }],
  },
];

/** What the panel of the flow understands by itself. */
const FLOWING = ["battery_power", "grid_present", "power", "running", "soc", "switch"] as const;
const FLOWS_BETWEEN = ["battery", "ev", "generator", "grid", "inverter", "load", "machine", "pv"] as const;

const FLOW: PanelSpec = {
  view: "flow",
  title: { en: "Flow", es: "Flujo" },
  description: {
    en: "Where power comes from and where it goes now, and which loads and machines have supply. Needs the plugin Microgrid flow.",
    es: "De dónde viene la potencia y adónde va ahora, y qué cargas y máquinas tienen corriente. Necesita el plugin Microgrid flow.",
  },
  unit: "watt",
  at: [0, 4, 12, 14],
  queries: [{ query: newestOf(FLOWING, FLOWS_BETWEEN), alias: { en: "$m", es: "$m" } }],
};

const LATELY: readonly PanelSpec[] = [
  {
    view: "trend",
    title: { en: "Where power comes from", es: "De dónde viene la potencia" },
    description: {
      en: "Sun, battery (giving is positive) and grid (taking is positive).",
      es: "Sol, batería (entregar es positivo) y red (tomar es positivo).",
    },
    unit: "watt",
    at: [12, 4, 12, 7],
    queries: [
      {
        query: course({ metric: "power", only: ofKind("pv") }),
        alias: { en: "sun: $tag_asset", es: "sol: $tag_asset" },
      },
      {
        query: course({ metric: "battery_power", only: [TOTAL] }),
        alias: { en: "battery", es: "batería" },
      },
      { query: course({ metric: "power", only: ofKind("grid") }), alias: { en: "grid", es: "red" } },
    ],
  },
  {
    view: "stack",
    title: { en: "Consumption by meter", es: "Consumo por contador" },
    description: { en: "Each house's meter, stacked.", es: "El contador de cada casa, apilados." },
    unit: "watt",
    at: [12, 11, 12, 7],
    queries: [
      {
        query: course({ metric: "power", only: ofKind("meter") }),
        alias: { en: "$tag_asset", es: "$tag_asset" },
      },
    ],
  },
  {
    view: "states",
    title: { en: "Who has supply", es: "Quién tiene corriente" },
    description: {
      en: "Supply of each switched load; hover for the time.",
      es: "Suministro de cada carga con interruptor; pase el ratón para ver la hora.",
    },
    unit: "none",
    at: [0, 18, 12, 13],
    words: SUPPLY,
    queries: [
      {
        query: course({ metric: "switch", only: [CONSUMERS] }, "last"),
        alias: { en: "$tag_asset", es: "$tag_asset" },
      },
    ],
  },
  {
    view: "table",
    title: { en: "What was decided and why", es: "Qué se decidió y por qué" },
    description: {
      en: "The newest decisions first, each with its reason.",
      es: "Las decisiones más nuevas primero, cada una con su motivo (en inglés).",
    },
    unit: "none",
    at: [12, 18, 12, 13],
    queries: [{ query: told({ metric: "decision", by: ["asset", "rule"] }) }],
  },
];

export const VILLAGE_NOW: DashboardSpec = {
  id: "village-now",
  title: { en: "Village now", es: "El pueblo ahora" },
  description: {
    en: "Battery, sun, grid and who has supply, at this moment.",
    es: "Batería, sol, red y quién tiene corriente, en este momento.",
  },
  from: "now-6h",
  refresh: "10s",
  panels: [...NOW, FLOW, ...LATELY],
  annotations: ["alarm"],
};
