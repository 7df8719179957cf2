// Energy by day, month and year: from counters, except what comes from the grid and self-sufficiency.
import type { DashboardSpec } from "../dashboard.ts";
import type { PanelSpec, Text } from "../panel.ts";
import { energy, energyCourse, gridEnergy, is, MAIN, selfSufficiency, TOTAL, withheld } from "../query.ts";

const GENERATED = { metric: "energy_generated", only: [is("kind", "pv"), TOTAL] } as const;
const CONSUMED = { metric: "energy_import", only: [MAIN, TOTAL] } as const;
const ASSET: Text = { en: "$tag_asset", es: "$tag_asset" };

/** Generated, consumed and taken from the grid since the begin of a day, month or year. */
const soFar = (since: NonNullable<PanelSpec["since"]>, title: Text, x: number): PanelSpec => ({
  view: "stat",
  title,
  description: {
    en: "Generated and consumed by counters; from the grid by the power of each minute.",
    es: "Generado y consumido según los contadores; de la red según la potencia de cada minuto.",
  },
  unit: "kwatth",
  decimals: 1,
  at: [x, 0, 8, 5],
  since,
  queries: [
    { query: energy(GENERATED), alias: { en: "generated", es: "generado" } },
    { query: energy(CONSUMED), alias: { en: "consumed", es: "consumido" } },
    { query: gridEnergy(), alias: { en: "from the grid", es: "de la red" } },
  ],
});

const COURSES: readonly PanelSpec[] = [
  {
    view: "bars",
    title: { en: "Generated", es: "Generado" },
    description: {
      en: "Energy of each solar array per period, from its counter.",
      es: "Energía de cada campo solar por periodo, según su contador.",
    },
    unit: "kwatth",
    at: [0, 5, 12, 8],
    queries: [{ query: energyCourse(GENERATED), alias: ASSET }],
  },
  {
    view: "bars",
    title: { en: "Consumed", es: "Consumido" },
    description: {
      en: "Energy of each house per period, from its meter's counter.",
      es: "Energía de cada casa por periodo, según el contador de su medidor.",
    },
    unit: "kwatth",
    at: [12, 5, 12, 8],
    queries: [
      { query: energyCourse({ metric: "energy_import", only: [is("kind", "meter"), TOTAL] }), alias: ASSET },
    ],
  },
  {
    view: "bars",
    title: { en: "From the grid", es: "De la red" },
    description: {
      en: "Energy taken from the public grid per period; what is given to it does not count against it.",
      es: "Energía tomada de la red pública por periodo; lo entregado no se descuenta.",
    },
    unit: "kwatth",
    at: [0, 13, 8, 8],
    queries: [{ query: gridEnergy("period"), alias: ASSET }],
  },
  {
    view: "bars",
    title: { en: "Self-sufficiency", es: "Autosuficiencia" },
    description: {
      en: "The share of consumption that did not come from the public grid at that time.",
      es: "La parte del consumo que no vino de la red pública en ese momento.",
    },
    unit: "percentunit",
    decimals: 0,
    at: [8, 13, 8, 8],
    queries: [{ query: selfSufficiency(), alias: { en: "self-sufficiency", es: "autosuficiencia" } }],
  },
  {
    view: "bars",
    title: { en: "Curtailed", es: "Limitado" },
    description: {
      en: "Minutes of full output that limits withheld, at most; 0: no array was limited. How much sun there would have been is not measured.",
      es: "Minutos de plena potencia que los límites retuvieron, como máximo; 0: ningún campo fue limitado. No se mide cuánto sol habría habido.",
    },
    unit: "m",
    at: [16, 13, 8, 8],
    queries: [
      {
        query: withheld({ metric: "limit", only: [is("kind", "pv")] }, "period"),
        alias: ASSET,
      },
    ],
  },
];

export const ENERGY: DashboardSpec = {
  id: "energy",
  title: { en: "Energy", es: "Energía" },
  description: {
    en: "What was generated, consumed and taken from the grid, by day, month and year.",
    es: "Lo generado, lo consumido y lo tomado de la red, por día, mes y año.",
  },
  from: "now-30d",
  refresh: "5m",
  periods: true,
  panels: [
    soFar("now/d", { en: "Today", es: "Hoy" }, 0),
    soFar("now/M", { en: "This month", es: "Este mes" }, 8),
    soFar("now/y", { en: "This year", es: "Este año" }, 16),
    ...COURSES,
  ],
};
