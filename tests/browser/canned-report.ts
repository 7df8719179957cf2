// What else the canned village tells: how its homes were served, how its lines and its controller do, and a plan of 48 hours
// with a sunny noon each day. Data only, the same each time.
import type { FairnessReport } from "@gridwright/contract/fairness.ts";
import type { BusesMessage, ProcessMessage } from "@gridwright/contract/messages.ts";
import type { PlanReport, SitePlanStep } from "@gridwright/contract/plan/site-plan.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { MOMENT } from "./village-moment.ts";

const HOUR_MS = 3_600_000;
const HOURS = 48;

export const villageFairness = ({ site }: SiteModel): FairnessReport => ({
  ...{ supply: "normal", worst: 0.88, jain: 0.97 },
  members: Object.fromEntries(
    Object.keys(site.members).map((id, place) => [
      id,
      {
        ...{ servedRatio: 0.99 - place * 0.015, estimated: place % 2 === 0, servedWh: 41_000 + place * 900 },
        ...{ notServedWh: [0, place === 3 ? 130 : 0, 90 * place, 400, 1_700], offMs: place * 1_300_000 },
        ...{ usedTodayWh: 3_100 + place * 410, countedTodayWh: 3_100 + place * 400, allowanceWh: 9_000 },
        ...{ powerLimitVa: 3_600, stage: place === 5 ? "near" : "ok" },
      },
    ]),
  ),
});

export const villageBuses = ({ site }: SiteModel): BusesMessage => {
  const links = Object.entries(site.links).filter(([, { kind }]) => kind !== "mqtt");
  return {
    t: MOMENT,
    buses: Object.fromEntries(
      links.map(([id], place) => [
        id,
        {
          ...{ up: place !== 1, requests: 91_430 + place * 700, timeouts: place * 47, strays: place },
          ...(place === 1 && { why: "connect ECONNREFUSED" }),
          ...{ connections: 2, utilisation: 0.21 + place * 0.07, latency: { p50: 9, p95: 31, p99: 88 } },
          units: {},
        },
      ]),
    ),
  };
};

export const villageProcess: ProcessMessage = {
  ...{
    t: MOMENT,
    ticks: 86_431,
    latenessMs: { p50: 2, p99: 19, max: 174 },
    tickMs: { p50: 3, p99: 8, max: 41 },
  },
  ...{ memoryBytes: 191_000_000, diskWrittenBytes: 14_300_000 },
  journal: { writtenBytes: 9_700_000, queuedBytes: 3_100, merged: 0, refused: 0, failing: false },
};

function stepAt(hour: number): SitePlanStep {
  const at = epoch(MOMENT + hour * HOUR_MS);
  const noon = Math.max(0, Math.sin(((new Date(at).getUTCHours() - 5) / 14) * Math.PI));
  const sun = 9_400 * noon;
  const load = 4_100 + 1_900 * Math.cos((hour * Math.PI) / 7);
  return {
    ...{
      at,
      sun: { low: sun * 0.7, mid: sun, high: sun * 1.15 },
      load: { low: load * 0.8, mid: load, high: load * 1.3 },
    },
    ...{ gridChance: 0.8, soc: 0.45 + 0.4 * noon, generatorW: 0, importW: 700, jobW: noon > 0.9 ? 2_200 : 0 },
    ...{ spareW: Math.max(0, sun - load - 2_500), unservedW: hour === 19 ? { 4: 1_100 } : {} },
  };
}

export const villagePlan = (): PlanReport => ({
  ...{
    state: "fresh",
    tookMs: 910,
    errors: {
      sun: { count: 211, mae: 640, bias: -390, coverage: 0.82 },
      grid: { count: 230, hits: 0.94, brier: 0.06, bias: 0.02 },
    },
  },
  plan: {
    ...{
      madeAt: MOMENT,
      stepMs: HOUR_MS,
      historyDays: 12,
      status: "optimal",
      gap: 0.002,
      relaxed: [{ limit: "soc-min", id: "battery", by: 420 }],
    },
    ...{ wishes: [], jobs: [], steps: Array.from({ length: HOURS }, (_, hour) => stepAt(hour)) },
    windows: [{ from: epoch(MOMENT + 2 * HOUR_MS), to: epoch(MOMENT + 5 * HOUR_MS), powerW: 2_600 }],
  },
});
