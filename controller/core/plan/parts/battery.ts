// A battery: charge and discharge on the AC side, energy inside, its reserve, its wear and what is left at the end.

import { type Draft, IDLE, slackFor } from "../draft.ts";
import type { BatteryState } from "../horizon.ts";

export interface BatteryColumns {
  readonly state: BatteryState;
  readonly charge: readonly number[];
  readonly discharge: readonly number[];
  /** kWh at the end of each step. */
  readonly energy: readonly number[];
}

export const apartKey = (battery: string, step: number): string => `${battery}/${step}`;

interface Flow {
  readonly charge: number;
  readonly discharge: number;
}

/** One direction at a time; asked for only where the solution without it broke the rule. */
function keepApart({ builder, apart }: Draft, { spec }: BatteryState, at: { step: number } & Flow): void {
  if (!apart.has(apartKey(spec.id, at.step))) return;
  const charges = builder.binary();
  builder.row(Number.NEGATIVE_INFINITY, 0, [
    [at.charge, 1],
    [charges, -spec.chargeMaxW / 1_000],
  ]);
  builder.row(Number.NEGATIVE_INFINITY, spec.dischargeMaxW / 1_000, [
    [at.discharge, 1],
    [charges, spec.dischargeMaxW / 1_000],
  ]);
}

/** The reserve as a bound, or as a row that may give. */
function energyColumn(draft: Draft, { spec }: BatteryState, last: boolean): number {
  const { builder } = draft;
  const capacity = spec.capacityWh / 1_000;
  const floor = spec.socMin * capacity;
  const slack = slackFor(draft, { limit: "soc-min", id: spec.id, unit: 1_000 }, floor);
  const energy = builder.column({
    cost: last ? -spec.endValuePerKWh : 0,
    lower: slack === undefined ? floor : 0,
    upper: spec.socMax * capacity,
  });
  if (slack !== undefined)
    builder.row(floor, Number.POSITIVE_INFINITY, [
      [energy, 1],
      [slack, 1],
    ]);
  return energy;
}

function finalCharge(draft: Draft, { spec }: BatteryState, energy: number | undefined): void {
  if (spec.socFinalMin === null || !draft.horizon.ends || energy === undefined) return;
  const slack = slackFor(draft, { limit: "soc-final", id: spec.id, unit: 1_000 });
  draft.builder.row((spec.socFinalMin * spec.capacityWh) / 1_000, Number.POSITIVE_INFINITY, [
    [energy, 1],
    ...(slack === undefined ? [] : ([[slack, 1]] as const)),
  ]);
}

export function addBattery(draft: Draft, state: BatteryState): BatteryColumns {
  const { builder, balance, horizon } = draft;
  const { spec, energyWh } = state;
  const { hours } = horizon;
  const columns = { charge: [] as number[], discharge: [] as number[], energy: [] as number[] };
  for (const [step, terms] of balance.entries()) {
    const charge = builder.column({ cost: IDLE * hours, upper: spec.chargeMaxW / 1_000 });
    const discharge = builder.column({
      cost: spec.wearCostPerKWh * hours,
      upper: spec.dischargeMaxW / 1_000,
    });
    keepApart(draft, state, { step, charge, discharge });
    const energy = energyColumn(draft, state, step === horizon.steps - 1);
    const before = columns.energy[step - 1];
    const start = before === undefined ? energyWh / 1_000 : 0;
    builder.row(start, start, [
      [energy, 1],
      ...(before === undefined ? [] : ([[before, -1]] as const)),
      [charge, -spec.efficiencyCharge * hours],
      [discharge, hours / spec.efficiencyDischarge],
    ]);
    terms.push([charge, -1], [discharge, 1]);
    columns.charge.push(charge);
    columns.discharge.push(discharge);
    columns.energy.push(energy);
  }
  finalCharge(draft, state, columns.energy.at(-1));
  return { state, ...columns };
}
