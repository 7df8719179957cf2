// What vehicles and heaters do in a step of a solution: power, charge and heat, and what is missing, as they are told and scored.
import type { PlanStep } from "@gridwright/contract/plan/answer.ts";
import type { Drawn } from "./draw.ts";

export type StoreFlows = Pick<PlanStep, "vehicleW" | "vehicleSoc" | "heaterW" | "heatLevel" | "missingWh">;

/** Less than this is the solver's rounding. */
const NOISE = 1e-3;
const clean = (value: number): number => (Math.abs(value) < NOISE ? 0 : value);

/** `inSolution`: the solution's value of a column; 0 where there is none. */
export function storeFlows(
  { vehicles, heaters, draft }: Drawn,
  step: number,
  inSolution: (column: number | undefined) => number,
): StoreFlows {
  const { hours, steps } = draft.horizon;
  const each = <T>(all: readonly T[], id: (one: T) => string, value: (one: T) => number) =>
    Object.fromEntries(all.map((one) => [id(one), value(one)]));
  const vehicle = ({ state }: Drawn["vehicles"][number]): string => state.spec.id;
  const heater = ({ state }: Drawn["heaters"][number]): string => state.spec.id;
  const missing = [
    ...vehicles.map((one): [string, number] => {
      const leaves = inSolution(one.short.get(step));
      const atEnd = step === steps - 1 ? inSolution(one.short.get(steps)) : 0;
      return [vehicle(one), clean((leaves + atEnd) * 1_000)];
    }),
    ...heaters.map((one): [string, number] => [
      heater(one),
      clean(inSolution(one.short[step]) * 1_000 * hours),
    ]),
  ];
  return {
    vehicleW: each(vehicles, vehicle, ({ charge }) => clean(inSolution(charge[step]) * 1_000)),
    vehicleSoc: each(
      vehicles,
      vehicle,
      ({ energy, state }) => (inSolution(energy[step]) * 1_000) / state.spec.capacityWh,
    ),
    heaterW: each(heaters, heater, ({ power }) => clean(inSolution(power[step]) * 1_000)),
    heatLevel: each(
      heaters,
      heater,
      ({ level, state }) => (inSolution(level[step]) * 1_000) / state.spec.capacityWh,
    ),
    missingWh: Object.fromEntries(missing.filter(([, wh]) => wh > 0)),
  };
}
