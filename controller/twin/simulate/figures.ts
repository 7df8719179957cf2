// What a simulated day came to, for the report: energy served and not, by tier and by member, fairness, switchings,
// what battery, generator and sun did. Counted from the plant, not from what the controller believes.

import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { jainOf } from "@gridwright/core/fairness/jain.ts";
import type { LoadState, PlantWorld } from "../plant/world.ts";
import { consumerOf } from "./checks/decision-checks.ts";
import type { Tick } from "./tick.ts";

export interface Energy {
  servedWh: number;
  /** What loads wanted while they had no supply. */
  notServedWh: number;
}

export interface Figures {
  hours: number;
  ticks: number;
  byTier: Record<string, Energy>;
  byMember: Record<string, Energy>;
  switchings: number;
  decisions: number;
  inverterTrips: number;
  batteryThroughputWh: number;
  generatorHours: number;
  generatorWh: number;
  gridImportWh: number;
  gridExportWh: number;
  pvWh: number;
  curtailedWh: number;
}

/** The worst member's served share, and how even all of them are (Jain: 1 is even). */
export interface Fairness {
  readonly worstServedRatio: number;
  readonly worstMember: string;
  readonly jain: number;
}

const HOUR_MS = 3_600_000;
const COMMON = "community";

export const noFigures = (): Figures => ({
  hours: 0,
  ticks: 0,
  byTier: {},
  byMember: {},
  switchings: 0,
  decisions: 0,
  inverterTrips: 0,
  batteryThroughputWh: 0,
  generatorHours: 0,
  generatorWh: 0,
  gridImportWh: 0,
  gridExportWh: 0,
  pvWh: 0,
  curtailedWh: 0,
});

function add(sheet: Record<string, Energy>, key: string, { servedWh, notServedWh }: Energy): void {
  const energy = sheet[key] ?? { servedWh: 0, notServedWh: 0 };
  sheet[key] = energy;
  energy.servedWh += servedWh;
  energy.notServedWh += notServedWh;
}

const memberOf = (model: SiteModel, id: string): string => consumerOf(model, id)?.member ?? COMMON;

/** Watches a day and counts; `close` gives the figures. */
export function counter(model: SiteModel) {
  const figures = noFigures();
  const unserved = new Map<string, number>();
  let last = 0;
  const count = (load: LoadState, hours: number): void => {
    if (!load.supplied) unserved.set(load.id, (unserved.get(load.id) ?? 0) + load.wantedW * hours);
  };
  return {
    watch({ world, state, step }: Tick): void {
      const hours = (state.now - last) / HOUR_MS;
      last = state.now;
      figures.ticks += 1;
      figures.decisions += step.decisions.length;
      for (const load of world.loads) count(load, hours);
      if (world.generator.state === "running") figures.generatorHours += hours;
      for (const { availableW, powerW } of world.arrays)
        figures.curtailedWh += Math.max(0, availableW - powerW) * hours;
    },
    close(world: PlantWorld): Figures {
      for (const { id, tier, energyWh } of world.loads) {
        const energy = { servedWh: energyWh, notServedWh: unserved.get(id) ?? 0 };
        add(figures.byTier, String(tier), energy);
        add(figures.byMember, memberOf(model, id), energy);
      }
      const { totals, battery, generator, inverter, coilList, m } = world;
      return {
        ...figures,
        hours: m / HOUR_MS,
        switchings: coilList.reduce((sum, { changes }) => sum + changes, 0),
        inverterTrips: inverter.trips,
        batteryThroughputWh: battery.chargedWh + battery.dischargedWh,
        generatorWh: generator.energyWh,
        gridImportWh: totals.gridImport,
        gridExportWh: totals.gridExport,
        pvWh: totals.pv,
      };
    },
  };
}

/** Adds a day to a sum. */
export function plus(sum: Figures, day: Figures): Figures {
  const { byTier, byMember, ...numbers } = day;
  for (const [key, energy] of Object.entries(byTier)) add(sum.byTier, key, energy);
  for (const [key, energy] of Object.entries(byMember)) add(sum.byMember, key, energy);
  for (const [name, value] of Object.entries(numbers)) {
    const key = name as keyof typeof numbers;
    sum[key] += value;
  }
  return sum;
}

export function fairnessOf({ byMember }: Figures): Fairness {
  const ratios = Object.entries(byMember)
    .filter(([member]) => member !== COMMON)
    .map(([member, { servedWh, notServedWh }]) => ({
      member,
      ratio: servedWh + notServedWh > 0 ? servedWh / (servedWh + notServedWh) : 1,
    }));
  const [worst] = ratios.toSorted((left, right) => left.ratio - right.ratio);
  return {
    worstServedRatio: worst?.ratio ?? 1,
    worstMember: worst?.member ?? "",
    jain: jainOf(ratios.map(({ ratio }) => ratio)) ?? 1,
  };
}
