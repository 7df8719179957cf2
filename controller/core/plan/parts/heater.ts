// A heater with its tank or room as a thermal store: heat goes in by electric power, a share of what is there is lost, and heat
// is drawn; what is not there then is missing, at its price.
import { type Draft, IDLE, sooner } from "../draft.ts";
import type { HeaterState } from "../horizon.ts";

export interface HeaterColumns {
  readonly state: HeaterState;
  readonly power: readonly number[];
  /** kWh of heat at the end of each step. */
  readonly level: readonly number[];
  /** kW of heat that is missing. */
  readonly short: readonly number[];
}

export function addHeater(draft: Draft, state: HeaterState): HeaterColumns {
  const { builder, horizon, balance, demand } = draft;
  const { spec, demandW, levelWh } = state;
  const { hours } = horizon;
  const keeps = (1 - spec.lossPerHour) ** hours;
  const columns = { power: [] as number[], level: [] as number[], short: [] as number[] };
  for (const [step, terms] of balance.entries()) {
    const drawn = (demandW[step] ?? 0) / 1_000;
    const last = step === horizon.steps - 1;
    const power = builder.column({
      cost: sooner(horizon, step),
      upper: spec.powerMaxW / 1_000,
    });
    const short = builder.column({ cost: (spec.valuePerKWh + IDLE) * hours, upper: drawn });
    const level = builder.column({
      cost: last ? -spec.endValuePerKWh : 0,
      upper: spec.capacityWh / 1_000,
    });
    const before = columns.level[step - 1];
    const start = (before === undefined ? (keeps * levelWh) / 1_000 : 0) - drawn * hours;
    builder.row(start, start, [
      [level, 1],
      ...(before === undefined ? [] : ([[before, -keeps]] as const)),
      [power, -spec.heatPerEnergy * hours],
      [short, -hours],
    ]);
    terms.push([power, -1]);
    demand[step]?.push([power, 1]);
    columns.power.push(power);
    columns.level.push(level);
    columns.short.push(short);
  }
  return { state, ...columns };
}
