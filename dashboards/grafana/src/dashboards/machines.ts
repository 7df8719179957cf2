// The workshop's machines: who has supply, which worked, how long, how often and on how much energy.
import type { DashboardSpec } from "../dashboard.ts";
import type { PanelSpec, Text } from "../panel.ts";
import { course, energy, energyCourse, is, starts, TOTAL, withheld, workedHours } from "../query.ts";
import { SUPPLY } from "./words.ts";

const ASSET: Text = { en: "$tag_asset", es: "$tag_asset" };
const MACHINE = is("kind", "machine");
const POWER = { metric: "power", only: [MACHINE, TOTAL] } as const;
const COUNTER = { metric: "energy_import", only: [MACHINE, TOTAL], by: ["asset"] } as const;

const PANELS: readonly PanelSpec[] = [
  {
    view: "states",
    title: { en: "Supply of each machine", es: "Suministro de cada máquina" },
    description: {
      en: "Whether its contactor gives it supply; whether it works is its power's matter.",
      es: "Si su contactor le da corriente; si trabaja lo dice su potencia.",
    },
    unit: "none",
    at: [0, 0, 12, 9],
    words: SUPPLY,
    queries: [{ query: course({ metric: "switch", only: [MACHINE] }, "last"), alias: ASSET }],
  },
  {
    view: "stack",
    title: { en: "Power of each machine", es: "Potencia de cada máquina" },
    description: { en: "Stacked, from each machine's meter.", es: "Apilada, del medidor de cada máquina." },
    unit: "watt",
    at: [12, 0, 12, 9],
    queries: [{ query: course(POWER), alias: ASSET }],
  },
  {
    view: "stat",
    title: { en: "Hours of work", es: "Horas de trabajo" },
    description: {
      en: "Minutes in which it drew more than 50 W, in hours.",
      es: "Minutos en que tomó más de 50 W, en horas.",
    },
    unit: "h",
    decimals: 1,
    at: [0, 9, 8, 7],
    queries: [{ query: workedHours(POWER), alias: ASSET }],
  },
  {
    view: "stat",
    title: { en: "Starts", es: "Arranques" },
    description: {
      en: "How often it began to draw more than 50 W, minute by minute.",
      es: "Cuántas veces empezó a tomar más de 50 W, minuto a minuto.",
    },
    unit: "none",
    decimals: 0,
    at: [8, 9, 8, 7],
    queries: [{ query: starts(POWER), alias: ASSET }],
  },
  {
    view: "stat",
    title: { en: "Energy of each machine", es: "Energía de cada máquina" },
    description: {
      en: "In the chosen time, from its meter's counter.",
      es: "En el tiempo elegido, según el contador de su medidor.",
    },
    unit: "kwatth",
    decimals: 1,
    at: [16, 9, 8, 7],
    queries: [{ query: energy(COUNTER, ["asset"]), alias: ASSET }],
  },
  {
    view: "bars",
    title: { en: "Energy per period", es: "Energía por periodo" },
    description: {
      en: "Of each machine, from its meter's counter.",
      es: "De cada máquina, según el contador de su medidor.",
    },
    unit: "kwatth",
    at: [0, 16, 12, 8],
    queries: [{ query: energyCourse(COUNTER), alias: ASSET }],
  },
  {
    view: "bars",
    title: { en: "Minutes without supply, each hour", es: "Minutos sin corriente, cada hora" },
    description: {
      en: "Shed or switched off by its owner.",
      es: "Por recorte o apagada por su dueño.",
    },
    unit: "m",
    at: [12, 16, 12, 8],
    queries: [{ query: withheld({ metric: "switch", only: [MACHINE] }, "hour"), alias: ASSET }],
  },
];

export const MACHINES: DashboardSpec = {
  id: "machines",
  title: { en: "Machines", es: "Máquinas" },
  description: {
    en: "Supply, power, hours, starts and energy of the machines.",
    es: "Suministro, potencia, horas, arranques y energía de las máquinas.",
  },
  from: "now-7d",
  refresh: "1m",
  periods: true,
  panels: PANELS,
  annotations: ["decision"],
};
