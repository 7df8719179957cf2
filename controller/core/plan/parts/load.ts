// What people use: served whole, in part or not, by what each kWh is worth; and the cap on the whole site.
import { type Draft, gives, slackFor } from "../draft.ts";
import type { Horizon } from "../horizon.ts";

type Load = Horizon["loads"][number];

export interface LoadColumns {
  readonly load: Load;
  /** By step: kW not served of one unit of its column; null: all of it is always served. */
  readonly unserved: readonly ({ readonly column: number; readonly kW: number } | null)[];
}

/** 0/1 where the step will be carried out as planned, a share of the load after that. */
function onOffColumn({ builder, horizon, onOff }: Draft, cost: number, step: number): number {
  if (step >= horizon.firm) return builder.column({ cost, upper: 1 });
  const column = builder.binary(cost);
  onOff.push(column);
  return column;
}

/** The column by which a step of the load may go without; its cost is the value of what is not served. */
function unservedColumn(draft: Draft, { spec }: Load, at: { kW: number; step: number }) {
  const { kW, step } = at;
  const { builder, horizon } = draft;
  const cost = spec.valuePerKWh * horizon.hours;
  if (kW === 0) return null;
  if (spec.curtailable === "continuous") return { column: builder.column({ cost, upper: kW }), kW: 1 };
  if (spec.curtailable === "onoff") return { column: onOffColumn(draft, cost * kW, step), kW };
  if (!gives(draft, "load")) return null;
  const unit = 1_000 * horizon.hours;
  const column = slackFor(draft, { limit: "load", id: spec.id, unit }, kW);
  return column === undefined ? null : { column, kW: 1 };
}

export function addLoad(draft: Draft, load: Load): LoadColumns {
  const { horizon, balance, demand, unserved: all } = draft;
  const { spec, powerW } = load;
  const unserved = powerW.map((watts, step) => {
    const kW = watts / 1_000;
    const without = unservedColumn(draft, load, { kW, step });
    draft.load[step] = (draft.load[step] ?? 0) + kW;
    if (without === null) return null;
    balance[step]?.push([without.column, without.kW]);
    demand[step]?.push([without.column, -without.kW]);
    const weight = without.kW * horizon.hours * spec.valuePerKWh;
    all.push({ member: spec.member, column: without.column, weight });
    return without;
  });
  return { load, unserved };
}

/** The cap on loads and jobs together, and the balance of each step: to be added last. */
export function closeSteps(draft: Draft): void {
  const { builder, horizon, balance, demand, load } = draft;
  for (const [step, terms] of balance.entries()) {
    const constant = load[step] ?? 0;
    builder.row(constant, constant, terms);
    const cap = horizon.siteMaxW[step] ?? Number.POSITIVE_INFINITY;
    if (!Number.isFinite(cap)) continue;
    const slack = slackFor(draft, { limit: "site-max", id: "site", unit: 1_000 * horizon.hours });
    builder.row(Number.NEGATIVE_INFINITY, cap / 1_000 - constant, [
      ...(demand[step] ?? []),
      ...(slack === undefined ? [] : ([[slack, -1]] as const)),
    ]);
  }
}
