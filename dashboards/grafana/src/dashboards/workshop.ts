// The workshop as its queue counted it: jobs and what they took, and how near each machine's care is. What machines draw, and
// whether they have supply, is the dashboard of machines.
import type { DashboardSpec } from "../dashboard.ts";
import type { PanelSpec, Text } from "../panel.ts";
import { told } from "../query.ts";
import { added, addedCourse, counted, each, newestIn } from "../totals.ts";

const ASSET: Text = { en: "$tag_asset", es: "$tag_asset" };
const ENERGY = { metric: "job_energy" } as const;
const WH_PER_KWH = 1_000;
const S_PER_H = 3_600;

const JOBS: readonly PanelSpec[] = [
  {
    view: "stat",
    title: { en: "Jobs by how they ended", es: "Trabajos según su final" },
    description: {
      en: "Jobs that ended in the chosen time: done, left unfinished, never started, given up while running.",
      es: "Trabajos que acabaron en el tiempo elegido: hechos, sin terminar, sin empezar, anulados en marcha.",
    },
    unit: "none",
    decimals: 0,
    at: [0, 0, 8, 6],
    queries: [{ query: counted(ENERGY, ["outcome"]), alias: { en: "$tag_outcome", es: "$tag_outcome" } }],
  },
  {
    view: "stat",
    title: { en: "Energy per job", es: "Energía por trabajo" },
    description: {
      en: "Mean of a machine's jobs in the chosen time, with the machines that ran with it.",
      es: "Media de los trabajos de cada máquina en el tiempo elegido, con las máquinas que la acompañan.",
    },
    unit: "kwatth",
    decimals: 2,
    at: [8, 0, 8, 6],
    queries: [{ query: each(ENERGY, ["asset"], WH_PER_KWH), alias: ASSET }],
  },
  {
    view: "stat",
    title: { en: "Energy of all jobs", es: "Energía de todos los trabajos" },
    description: {
      en: "In the chosen time; and how much of it came from the sun as it flowed.",
      es: "En el tiempo elegido; y cuánta venía del sol en ese momento.",
    },
    unit: "kwatth",
    decimals: 1,
    at: [16, 0, 8, 6],
    queries: [
      { query: added(ENERGY, [], WH_PER_KWH), alias: { en: "all", es: "toda" } },
      {
        query: added({ metric: "job_sun_energy" }, [], WH_PER_KWH),
        alias: { en: "from the sun", es: "del sol" },
      },
    ],
  },
  {
    view: "bars",
    title: { en: "Energy of jobs per period", es: "Energía de los trabajos por periodo" },
    description: {
      en: "By machine, in the period in which each job ended.",
      es: "Por máquina, en el periodo en que acabó cada trabajo.",
    },
    unit: "kwatth",
    at: [0, 6, 12, 8],
    queries: [{ query: addedCourse(ENERGY, ["asset"], WH_PER_KWH), alias: ASSET }],
  },
  {
    view: "stat",
    title: { en: "Energy of jobs by member", es: "Energía de los trabajos por miembro" },
    description: {
      en: "In the chosen time; jobs that belong to nobody in particular stand without a name.",
      es: "En el tiempo elegido; los trabajos que no son de nadie en particular van sin nombre.",
    },
    unit: "kwatth",
    decimals: 1,
    at: [12, 6, 12, 8],
    queries: [
      { query: added(ENERGY, ["member"], WH_PER_KWH), alias: { en: "$tag_member", es: "$tag_member" } },
    ],
  },
  {
    view: "stat",
    title: { en: "Hours of work for jobs", es: "Horas de trabajo para trabajos" },
    description: {
      en: "Hours in which each machine worked for a job that ended in the chosen time.",
      es: "Horas en que cada máquina trabajó para trabajos que acabaron en el tiempo elegido.",
    },
    unit: "h",
    decimals: 1,
    at: [0, 14, 8, 6],
    queries: [{ query: added({ metric: "job_time" }, ["asset"], S_PER_H), alias: ASSET }],
  },
];

const MACHINES: readonly PanelSpec[] = [
  {
    view: "stat",
    title: { en: "Running hours in all", es: "Horas de marcha en total" },
    description: {
      en: "True running time of each machine since it is watched, by its status input or its power.",
      es: "Tiempo real de marcha de cada máquina desde que se la observa, por su entrada de estado o su potencia.",
    },
    unit: "h",
    decimals: 1,
    at: [8, 14, 8, 6],
    queries: [{ query: newestIn({ metric: "machine_time" }, ["asset"], S_PER_H), alias: ASSET }],
  },
  {
    view: "stat",
    title: { en: "Starts in all", es: "Arranques en total" },
    description: {
      en: "How often each machine began to work since it is watched.",
      es: "Cuántas veces empezó a trabajar cada máquina desde que se la observa.",
    },
    unit: "none",
    decimals: 0,
    at: [16, 14, 8, 6],
    queries: [{ query: newestIn({ metric: "machine_starts" }, ["asset"], 1), alias: ASSET }],
  },
  {
    view: "stat",
    title: { en: "Left until care is due", es: "Lo que falta para el mantenimiento" },
    description: {
      en: "Share of the interval of each care that is left, by hours or starts; at 0 it is due, below it is overdue.",
      es: "Parte del intervalo de cada mantenimiento que queda, por horas o arranques; en 0 toca, por debajo va con retraso.",
    },
    unit: "percentunit",
    decimals: 0,
    at: [0, 20, 12, 7],
    colors: [
      [null, "red"],
      [0, "orange"],
      [0.1, "green"],
    ],
    queries: [
      {
        query: newestIn({ metric: "care_left" }, ["asset", "care"], 1),
        alias: { en: "$tag_asset: $tag_care", es: "$tag_asset: $tag_care" },
      },
    ],
  },
  {
    view: "table",
    title: { en: "Newest jobs", es: "Últimos trabajos" },
    description: {
      en: "Each job with its machine, its member, how it ended and its energy in Wh.",
      es: "Cada trabajo con su máquina, su miembro, cómo acabó y su energía en Wh.",
    },
    unit: "none",
    at: [12, 20, 12, 7],
    queries: [{ query: told({ ...ENERGY, by: ["asset", "member", "outcome"] }) }],
  },
];

export const WORKSHOP: DashboardSpec = {
  id: "workshop",
  title: { en: "Workshop", es: "Taller" },
  description: {
    en: "Jobs of the workshop, what they took, running hours and care of its machines.",
    es: "Trabajos del taller, lo que consumieron, horas de marcha y mantenimiento de sus máquinas.",
  },
  from: "now-30d",
  refresh: "5m",
  periods: true,
  panels: [...JOBS, ...MACHINES],
};
