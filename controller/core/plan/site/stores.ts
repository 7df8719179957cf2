// What a site's vehicles and tanks are in its plan: stores of the horizon, what each takes and will miss, and what the plan
// asks of them in its present hour. A relay knows only on and off: hours in which little is planned are rounded so that
// neither a vehicle's need nor a tank's heat falls short by it.
import type { PlannedStore, PlanWish, StoreKnown } from "@gridwright/contract/plan/site-plan.ts";
import type { Asset } from "@gridwright/contract/site/assets.ts";
import type { AssetModel } from "@gridwright/contract/site/model.ts";
import { epoch } from "@gridwright/contract/units.ts";
import type { HeaterState, Horizon, VehicleState } from "../horizon.ts";
import type { Plan } from "../solve.ts";
import { beginOf, type KnownSite, STEP_MS } from "./known.ts";
import { heaterOf, isHeater } from "./tanks.ts";
import { isAwayNow, isVehicle, nextWay, vehicleOf, waysOf } from "./vehicles.ts";

/** It runs in an hour when the plan gives it this much of what it can take; less than that much is rounding. */
const RUNS = 0.5;
const NOISE = 0.01;

/** Loads that the plan knows as stores, not by their habits. */
export const isStore = (spec: Asset): boolean => isVehicle(spec) || isHeater(spec);

const assetsOf = ({ model }: KnownSite): readonly AssetModel[] => Object.values(model.assets);

export interface Stores extends Pick<Horizon, "vehicles" | "heaters"> {
  readonly known: ReadonlyMap<string, StoreKnown>;
}

export function storesOf(site: KnownSite): Stores {
  const vehicles = assetsOf(site).flatMap(({ id, spec }) =>
    isVehicle(spec) ? [vehicleOf(site, id, spec)] : [],
  );
  const heaters = assetsOf(site).flatMap(({ id, spec }) =>
    isHeater(spec) ? [heaterOf(site, id, spec)] : [],
  );
  return {
    vehicles: vehicles.map(({ state }) => state),
    heaters: heaters.map(({ state }) => state),
    known: new Map([...vehicles, ...heaters].map(({ state, known }) => [state.spec.id, known])),
  };
}

/** When a vehicle that leaves in this step does so. */
const leavingIn = (site: KnownSite, id: string, step: number): number | undefined => {
  const spec = site.model.assets[id]?.spec;
  if (spec === undefined || !isVehicle(spec)) return undefined;
  const [from, to] = [step - 1, step].map((at) => beginOf(site) + at * STEP_MS);
  return waysOf(site, spec).find(({ leaves }) => leaves > (from ?? 0) && leaves <= (to ?? 0))?.leaves;
};

/** What each takes by step, and what it will miss. */
export const plannedStores = (site: KnownSite, { vehicles, heaters, known }: Stores, { steps }: Plan) =>
  [...vehicles, ...heaters].map(({ spec: { id } }): PlannedStore => {
    const missing = steps.map(({ missingWh }) => missingWh[id] ?? 0);
    const first = missing.findIndex((wh) => wh > 0);
    const at = leavingIn(site, id, first) ?? beginOf(site) + first * STEP_MS;
    return {
      asset: id,
      known: known.get(id) ?? "unknown",
      powerW: steps.map(({ vehicleW, heaterW }) => vehicleW[id] ?? heaterW[id] ?? 0),
      missingWh: missing.reduce((sum, wh) => sum + wh, 0),
      ...(first >= 0 && { missingAt: epoch(at) }),
    };
  });

/** Whether the present step is among the fullest that together give what is planned until it leaves. */
function chargesNow({ spec, trips, plugged = [] }: VehicleState, powerW: readonly number[]): boolean {
  const leaves = trips.find(({ leaveStep }) => leaveStep > 0)?.leaveStep ?? powerW.length;
  const planned = powerW.slice(0, leaves);
  let left = planned.reduce((sum, watts) => sum + watts, 0);
  const most = (step: number): number => spec.chargeMaxW * (plugged[step] ?? 0);
  const share = (step: number): number => (planned[step] ?? 0) / Math.max(1, most(step));
  const fullest = planned
    .map((_, step) => step)
    .filter((step) => share(step) > NOISE)
    .toSorted((a, b) => share(b) - share(a) || a - b);
  for (const step of fullest) {
    if (left <= NOISE * spec.chargeMaxW) return false;
    if (step === 0) return true;
    left -= most(step);
  }
  return false;
}

/** Whether it heats: much is planned, or a little without which it is cold before much is. */
function heatsNow({ spec, levelWh, demandW }: HeaterState, powerW: readonly number[]): boolean {
  const [first = 0] = powerW;
  const much = RUNS * spec.powerMaxW;
  if (first >= much || first <= NOISE * spec.powerMaxW) return first >= much;
  let level = levelWh;
  for (const [step, watts] of powerW.entries()) {
    if (watts >= much) return false;
    level = level * (1 - spec.lossPerHour) - (demandW[step] ?? 0);
    if (level < 0) return true;
  }
  return false;
}

type Course = Pick<PlannedStore, "powerW" | "known">;

/** Whether it runs in the present step, and until when the wish holds; undefined: nothing is asked. */
function runsNow(
  site: KnownSite,
  { vehicles, heaters }: Stores,
  { asset, powerW }: PlannedStore,
): Pick<PlanWish, "on" | "until"> | undefined {
  const heater = heaters.find(({ spec }) => spec.id === asset);
  if (heater !== undefined) return { on: heatsNow(heater, powerW) };
  const vehicle = vehicles.find(({ spec }) => spec.id === asset);
  const spec = site.model.assets[asset]?.spec;
  if (vehicle === undefined || spec === undefined || !isVehicle(spec)) return undefined;
  const ways = waysOf(site, spec);
  if (isAwayNow(ways, site)) return undefined;
  const next = nextWay(ways, site);
  return { on: chargesNow(vehicle, powerW), ...(next && { until: epoch(next.leaves) }) };
}

/** It may be asked to wait where gridwright switches it, nobody opted out, and it is known what it holds. */
function mayWait({ spec }: AssetModel, { known }: Course): boolean {
  if (spec.kind !== "ev" && spec.kind !== "load") return false;
  return spec.tier >= 2 && spec.runs === "always" && known !== "unknown";
}

/** What the plan asks of stores in its present step. */
export const storeWishes = (site: KnownSite, stores: Stores, planned: readonly PlannedStore[]): PlanWish[] =>
  planned.flatMap((store): PlanWish[] => {
    const model = site.model.assets[store.asset];
    const runs = runsNow(site, stores, store);
    if (model?.actuator === undefined || model.actuator.locked || runs === undefined) return [];
    if ("optOut" in model.spec && model.spec.optOut === true) return [];
    return runs.on || mayWait(model, store) ? [{ asset: store.asset, ...runs }] : [];
  });
