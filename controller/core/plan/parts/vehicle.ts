// A vehicle: charged while it is here, full enough when it leaves, emptier when it is back. What is missing at its leaving is
// taken elsewhere, at its price.
import { type Draft, IDLE, sooner } from "../draft.ts";
import type { VehicleState } from "../horizon.ts";

export interface VehicleColumns {
  readonly state: VehicleState;
  readonly charge: readonly number[];
  /** kWh at the end of each step. */
  readonly energy: readonly number[];
  /** kWh that are missing when it leaves, by the step in which it is gone; the last one may be the horizon's end. */
  readonly short: ReadonlyMap<number, number>;
}

type Trip = VehicleState["trips"][number];
const isAway = ({ leaveStep, returnStep = Number.POSITIVE_INFINITY }: Trip, step: number): boolean =>
  step >= leaveStep && step < returnStep;

/** What is missing for a trip, as a column with its price. */
function shortColumn({ builder }: Draft, { spec }: VehicleState, { socLeave }: Trip): number {
  return builder.column({
    cost: Math.max(spec.valuePerKWh, spec.endValuePerKWh) + IDLE,
    upper: (socLeave * spec.capacityWh) / 1_000,
  });
}

interface Making {
  readonly charge: number[];
  readonly energy: number[];
  readonly short: Map<number, number>;
}

/** It leaves with what it wants, if need be with what is missing. */
function leave(draft: Draft, state: VehicleState, at: { made: Making; step: number; trip: Trip }): void {
  const { made, step, trip } = at;
  const column = shortColumn(draft, state, trip);
  const before = made.energy[step - 1];
  const there = before === undefined ? state.energyWh / 1_000 : 0;
  draft.builder.row((trip.socLeave * state.spec.capacityWh) / 1_000 - there, Number.POSITIVE_INFINITY, [
    ...(before === undefined ? [] : ([[before, 1]] as const)),
    [column, 1],
  ]);
  made.short.set(step, column);
}

function addStep(draft: Draft, state: VehicleState, at: { made: Making; step: number }): void {
  const { made, step } = at;
  const { spec, trips } = state;
  const { builder, horizon, balance, demand } = draft;
  const leaving = trips.find(({ leaveStep }) => leaveStep === step);
  if (leaving !== undefined) leave(draft, state, { made, step, trip: leaving });
  const here = state.plugged?.[step] ?? Number(!trips.some((trip) => isAway(trip, step)));
  const charge = builder.column({
    cost: sooner(horizon, step),
    upper: (here * spec.chargeMaxW) / 1_000,
  });
  const energy = builder.column({
    cost: step === horizon.steps - 1 ? -spec.endValuePerKWh : 0,
    upper: spec.capacityWh / 1_000,
  });
  const used = trips.find(({ returnStep }) => returnStep === step)?.usesWh ?? 0;
  const before = made.energy[step - 1];
  const start = (before === undefined ? state.energyWh / 1_000 : 0) - used / 1_000;
  const missing = made.short.get(step);
  builder.row(start, start, [
    [energy, 1],
    ...(before === undefined ? [] : ([[before, -1]] as const)),
    [charge, -spec.efficiencyCharge * horizon.hours],
    ...(missing === undefined ? [] : ([[missing, -1]] as const)),
  ]);
  balance[step]?.push([charge, -1]);
  demand[step]?.push([charge, 1]);
  made.charge.push(charge);
  made.energy.push(energy);
}

export function addVehicle(draft: Draft, state: VehicleState): VehicleColumns {
  const made: Making = { charge: [], energy: [], short: new Map() };
  const { steps } = draft.horizon;
  for (let step = 0; step < steps; step += 1) addStep(draft, state, { made, step });
  const last = state.trips.find(({ leaveStep }) => leaveStep === steps);
  if (last !== undefined) leave(draft, state, { made, step: steps, trip: last });
  return { state, ...made };
}
