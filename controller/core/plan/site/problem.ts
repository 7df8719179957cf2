// A running site as one horizon of the planner: what is foretold, the state things are in now, and what a kWh is worth to
// whom. Prices that the site file does not say are round figures that keep the order: sun, grid, diesel, need.
import type { PlanBattery, PlanGenerator, PlanLoad } from "@gridwright/contract/plan/case.ts";
import type { AssetModel } from "@gridwright/contract/site/model.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { EFFICIENCY } from "../../battery.ts";
import { NOMINAL_V } from "../../view.ts";
import { cautious } from "../belief.ts";
import type { BatteryState, GeneratorState, Horizon } from "../horizon.ts";
import { type Foretold, type ForetoldLoad, sumBands } from "./foretold.ts";
import { jobsOf } from "./jobs.ts";
import { beginOf, type KnownSite, STEP_MS, STEPS } from "./known.ts";
import { pricesOf } from "./prices.ts";
import type { Stores } from "./stores.ts";
import { VALUES } from "./values.ts";

const PRICES = { diesel: 0.5, start: 0.6, wear: 0.03 } as const;
/** Worth of a kWh that is left after the horizon: less than any need, more than selling it. */
const LEFT = 0.2;
/** A set runs well above this share of its rating. */
const SET_MIN = 0.3;

const constant = (value: number): number[] => new Array<number>(STEPS).fill(value);
const ofKind = ({ model }: KnownSite, kind: string): AssetModel[] =>
  Object.values(model.assets).filter(({ spec }) => spec.kind === kind);

const inverterW = (site: KnownSite): number =>
  ofKind(site, "inverter").reduce((sum, { spec }) => sum + (spec.kind === "inverter" ? spec.rating : 0), 0);

function batteriesOf(site: KnownSite): BatteryState[] {
  const all = ofKind(site, "battery");
  const share = inverterW(site) / Math.max(1, all.length);
  return all.flatMap(({ id, spec }): BatteryState[] => {
    if (spec.kind !== "battery") return [];
    const socMin = Math.min(spec.socMax, spec.socMin + spec.restartReserve);
    const power = spec.power ?? (share > 0 ? share : spec.capacity);
    const battery: PlanBattery = {
      ...{ id, capacityWh: spec.capacity, chargeMaxW: power, dischargeMaxW: power },
      ...{ efficiencyCharge: EFFICIENCY, efficiencyDischarge: EFFICIENCY },
      ...{ socInitial: site.soc[id] ?? socMin, socMin, socMax: spec.socMax, socFinalMin: null },
      ...{ wearCostPerKWh: PRICES.wear, endValuePerKWh: LEFT },
    };
    return [{ spec: battery, energyWh: battery.socInitial * battery.capacityWh }];
  });
}

function generatorsOf(site: KnownSite): GeneratorState[] {
  return ofKind(site, "generator").flatMap(({ id, spec, actuator }): GeneratorState[] => {
    const on = site.running.includes(id);
    if (spec.kind !== "generator" || (actuator === undefined && !on)) return [];
    const set: PlanGenerator = {
      ...{ id, powerMinW: spec.rating * SET_MIN, powerMaxW: spec.rating },
      ...{
        costPerKWh: PRICES.diesel,
        startCost: PRICES.start,
        minRunSteps: Math.ceil(spec.minRun / STEP_MS),
      },
    };
    return [{ spec: set, on, runLeft: 0 }];
  });
}

/** What the plan may leave off: what gridwright switches and no rule of the site keeps it from. */
export const mayLeaveOff = (site: KnownSite, { id, spec }: ForetoldLoad): boolean => {
  const actuator = site.model.assets[id]?.actuator;
  return spec.tier >= 2 && spec.optOut !== true && actuator?.kind === "switch" && !actuator.locked;
};

/** Loads of one member and tier that can be left off, and those that cannot, are one each. */
function loadsOf(site: KnownSite, { loads }: Foretold): Horizon["loads"] {
  const key = (load: ForetoldLoad): string =>
    `${load.spec.member ?? ""}/${load.spec.tier}/${mayLeaveOff(site, load) ? "may" : "must"}`;
  return [...Map.groupBy(loads, key)].map(([id, group]) => {
    const [first] = group;
    const tier = first?.spec.tier ?? 0;
    const spec: PlanLoad = {
      ...{ id, member: first?.spec.member ?? null, tier, powerW: [] },
      // What nobody can switch off may still go dark: it costs most, and is never asked for.
      ...{ valuePerKWh: VALUES[tier] ?? 0, curtailable: "continuous" },
    };
    return { spec, powerW: sumBands(group.map(({ bands }) => bands)).map(({ mid }) => mid) };
  });
}

function importMaxOf(site: KnownSite): number {
  return ofKind(site, "grid").reduce((sum, { spec }) => {
    if (spec.kind !== "grid") return sum;
    const line = (spec.breaker ?? 0) * NOMINAL_V * spec.phases.length;
    return sum + (spec.importMax ?? (line > 0 ? line : inverterW(site)));
  }, 0);
}

/** The horizon from the present hour on. */
export function problemOf(site: KnownSite, foretold: Foretold, stores: Stores): Horizon {
  const importMax = importMaxOf(site);
  const exported = ofKind(site, "grid").some(({ spec }) => spec.kind === "grid" && (spec.exportMax ?? 1) > 0);
  const prices = pricesOf(site.model, epoch(beginOf(site)));
  const chances = foretold.grid ?? constant(0);
  return {
    ...{ steps: STEPS, hours: 1, firm: 1, decided: 24, ends: false },
    importMaxW: chances.map((chance) => chance * importMax),
    exportMaxW: chances.map((chance) => (exported ? chance * importMax : 0)),
    priceImport: prices.bought,
    priceExport: prices.sold,
    pvW: foretold.sun.map(cautious),
    batteries: batteriesOf(site),
    generators: generatorsOf(site),
    loads: loadsOf(site, foretold),
    ...{ vehicles: stores.vehicles, heaters: stores.heaters },
    ...jobsOf(site),
    siteMaxW: constant(Number.POSITIVE_INFINITY),
    ...{ before: new Map(), maxExtraUnserved: undefined },
  };
}
