// Who had supply and who had not, by member and by need, with every decision as an annotation.
import type { DashboardSpec } from "../dashboard.ts";
import type { PanelSpec, Text } from "../panel.ts";
import { CONSUMERS, course, energy, is, type Question, rate, TOTAL, told, withheld } from "../query.ts";
import { SUPPLY } from "./words.ts";

const MEMBER: Text = { en: "$tag_member", es: "$tag_member" };
const LOAD: Text = { en: "$tag_asset ($tag_tier)", es: "$tag_asset ($tag_tier)" };
const NOTE: Text = {
  en: "Minutes in which a switched load had no supply, shed or switched off, added over loads.",
  es: "Minutos en que una carga con interruptor no tuvo corriente, por recorte o apagada, sumados por cargas.",
};
/** Zero is left to the last, four goes first. */
const NEED: Text = {
  en: `${NOTE.en} Need 0 is spared to the last, 4 goes first.`,
  es: `${NOTE.es} La necesidad 0 es la última en recortarse, la 4 la primera.`,
};
const dark = (tag: "member" | "tier", each: "range" | "hour" = "range"): Question =>
  withheld({ metric: "switch", only: [CONSUMERS], by: [tag] }, each);

const PANELS: readonly PanelSpec[] = [
  {
    view: "table",
    sumBy: "member",
    title: { en: "Minutes without supply by member", es: "Minutos sin corriente por miembro" },
    description: NOTE,
    unit: "m",
    at: [0, 0, 12, 7],
    queries: [{ query: dark("member") }],
  },
  {
    view: "table",
    sumBy: "tier",
    title: { en: "Minutes without supply by need", es: "Minutos sin corriente por necesidad" },
    description: NEED,
    unit: "m",
    at: [12, 0, 12, 7],
    queries: [{ query: dark("tier") }],
  },
  {
    view: "bars",
    title: { en: "Minutes without supply, each hour", es: "Minutos sin corriente, cada hora" },
    description: NEED,
    unit: "m",
    at: [0, 7, 12, 8],
    queries: [{ query: dark("tier", "hour"), alias: LOAD }],
  },
  {
    view: "stat",
    title: { en: "Energy by member", es: "Energía por miembro" },
    description: {
      en: "Consumed in the chosen time, from the counters of each member's meters.",
      es: "Consumida en el tiempo elegido, según los contadores de cada miembro.",
    },
    unit: "kwatth",
    decimals: 1,
    at: [12, 7, 12, 8],
    queries: [
      {
        query: energy(
          { metric: "energy_import", only: [is("kind", "meter"), TOTAL], by: ["asset", "member"] },
          ["member"],
        ),
        alias: MEMBER,
      },
    ],
  },
  {
    view: "states",
    title: { en: "Supply of each load", es: "Suministro de cada carga" },
    description: {
      en: "Every switched load, with its need. Vertical lines are decisions: hover for the reason.",
      es: "Cada carga con interruptor, con su necesidad. Las líneas verticales son decisiones: pase el ratón.",
    },
    unit: "none",
    at: [0, 15, 12, 14],
    words: SUPPLY,
    queries: [
      {
        query: course({ metric: "switch", only: [CONSUMERS], by: ["asset", "tier"] }, "last"),
        alias: LOAD,
      },
    ],
  },
  {
    view: "bars",
    title: { en: "Decisions by rule", es: "Decisiones por regla" },
    description: {
      en: "How many changes each rule made.",
      es: "Cuántos cambios hizo cada regla.",
    },
    unit: "none",
    at: [12, 15, 12, 6],
    queries: [
      { query: rate({ metric: "decision", by: ["rule"] }), alias: { en: "$tag_rule", es: "$tag_rule" } },
    ],
  },
  {
    view: "table",
    title: { en: "Every decision with its reason", es: "Cada decisión con su motivo" },
    description: {
      en: "The newest first; value 1 is supply, 0 is none.",
      es: "La más nueva primero; valor 1 es con corriente, 0 sin ella. El motivo está en inglés.",
    },
    unit: "none",
    at: [12, 21, 12, 8],
    queries: [{ query: told({ metric: "decision", by: ["asset", "rule"] }) }],
  },
];

export const LOADS_FAIRNESS: DashboardSpec = {
  id: "loads-fairness",
  title: { en: "Loads and fairness", es: "Cargas y equidad" },
  description: {
    en: "Who went without supply, how long and why.",
    es: "Quién se quedó sin corriente, cuánto tiempo y por qué.",
  },
  from: "now-24h",
  refresh: "1m",
  panels: PANELS,
  annotations: ["decision"],
};
