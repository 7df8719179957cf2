// A solution as flows: every power of every step in W, netted where a battery would charge and discharge at once.
import type { PlanStep, Relaxed } from "@gridwright/contract/plan/answer.ts";
import type { Drawn } from "./draw.ts";
import { apartKey, type BatteryColumns } from "./parts/battery.ts";
import { storeFlows } from "./store-flows.ts";

export interface Flows {
  readonly steps: readonly PlanStep[];
  /** Steps of the horizon in which each job runs. */
  readonly jobSteps: ReadonlyMap<string, readonly number[]>;
  readonly relaxed: readonly Relaxed[];
  /** `battery/step` where it charges and discharges at once and nothing else can give. */
  readonly conflicts: readonly string[];
}

/** Less than this is the solver's rounding, W. */
const NOISE_W = 1e-3;
const clean = (watts: number): number => (Math.abs(watts) < NOISE_W ? 0 : watts);

interface Supply {
  importW: number;
  pvW: number;
}

/** Turns simultaneous charge and discharge into the one flow that leaves the same energy; gives what then is too much. */
export function netFlow(spec: BatteryColumns["state"]["spec"], chargeW: number, dischargeW: number) {
  const inside = chargeW * spec.efficiencyCharge - dischargeW / spec.efficiencyDischarge;
  const charge = Math.max(0, inside) / spec.efficiencyCharge;
  const discharge = Math.max(0, -inside) * spec.efficiencyDischarge;
  return { charge, discharge, freedW: chargeW - dischargeW - (charge - discharge) };
}

/** Less is used of the sun, then bought; false where neither can give all of it. */
function takeBack(supply: Supply, freedW: number, price: number): boolean {
  const sun = Math.min(supply.pvW, freedW);
  const bought = price >= 0 ? Math.min(supply.importW, freedW - sun) : 0;
  if (freedW - sun - bought > NOISE_W) return false;
  supply.pvW -= sun;
  supply.importW -= bought;
  return true;
}

/** One step of one solution. */
interface At {
  readonly drawn: Drawn;
  readonly x: Float64Array;
  readonly step: number;
}

const valueAt = ({ x }: At, column: number | undefined): number =>
  column === undefined ? 0 : (x[column] ?? 0);
const wattsOf = (at: At, column: number | undefined): number => clean(valueAt(at, column) * 1_000);

function batteryFlows(at: At, supply: Supply) {
  const { drawn, step } = at;
  const conflicts: string[] = [];
  const flow = {
    chargeW: {} as Record<string, number>,
    dischargeW: {} as Record<string, number>,
    soc: {} as Record<string, number>,
  };
  for (const { state, charge, discharge, energy } of drawn.batteries) {
    const { spec } = state;
    const net = netFlow(spec, wattsOf(at, charge[step]), wattsOf(at, discharge[step]));
    const price = drawn.draft.horizon.priceImport[step] ?? 0;
    if (net.freedW > NOISE_W && !takeBack(supply, net.freedW, price)) conflicts.push(apartKey(spec.id, step));
    flow.chargeW[spec.id] = clean(net.charge);
    flow.dischargeW[spec.id] = clean(net.discharge);
    flow.soc[spec.id] = (valueAt(at, energy[step]) * 1_000) / spec.capacityWh;
  }
  return { flow, conflicts };
}

function generatorFlows(at: At): Pick<PlanStep, "generatorW" | "generatorOn"> {
  const read = at.drawn.generators.map(({ state, power, on }) => {
    const watts = wattsOf(at, power[at.step]);
    const decides = on[at.step];
    return { id: state.spec.id, watts, runs: decides === undefined ? watts > 0 : valueAt(at, decides) > 0.5 };
  });
  return {
    generatorW: Object.fromEntries(read.map(({ id, watts }) => [id, watts])),
    generatorOn: Object.fromEntries(read.map(({ id, runs }) => [id, runs])),
  };
}

function loadFlows(at: At): Pick<PlanStep, "loadW" | "unservedW"> {
  const { drawn, step } = at;
  const unserved = drawn.loads.flatMap(({ load, unserved: without }): [string, number][] => {
    const part = without[step];
    const missing = part ? clean(valueAt(at, part.column) * part.kW * 1_000) : 0;
    return missing > 0 ? [[load.spec.id, missing]] : [];
  });
  const demandW = drawn.loads.reduce((sum, { load }) => sum + (load.powerW[step] ?? 0), 0);
  return {
    loadW: demandW - unserved.reduce((sum, [, missing]) => sum + missing, 0),
    unservedW: Object.fromEntries(unserved),
  };
}

const picked = ({ jobs }: Drawn, x: Float64Array) =>
  jobs.map(({ state, picks }) => ({
    id: state.spec.id,
    run: picks.filter(({ column }) => (x[column] ?? 0) > 0.5).flatMap(({ run }) => run),
  }));

function stepOf(at: At): { flow: PlanStep; conflicts: readonly string[] } {
  const { drawn, x, step } = at;
  const { grid, draft } = drawn;
  const supply: Supply = { importW: wattsOf(at, grid.imports[step]), pvW: wattsOf(at, grid.sun[step]) };
  const { flow, conflicts } = batteryFlows(at, supply);
  const jobW = picked(drawn, x)
    .flatMap(({ run }) => run.filter((part) => part.step === step))
    .reduce((sum, { kW }) => sum + kW * 1_000, 0);
  return {
    conflicts,
    flow: {
      step,
      ...supply,
      exportW: wattsOf(at, grid.exports[step]),
      curtailedW: clean((draft.horizon.pvW[step] ?? 0) - supply.pvW),
      ...flow,
      ...generatorFlows(at),
      ...loadFlows(at),
      ...storeFlows(drawn, step, (column) => valueAt(at, column)),
      jobW,
    },
  };
}

function relaxedIn({ draft }: Drawn, x: Float64Array): Relaxed[] {
  const given = new Map<string, Relaxed>();
  for (const { limit, id, column, unit } of draft.slacks) {
    const by = (x[column] ?? 0) * unit;
    if (by < (limit === "job" ? 0.5 : 0.01)) continue;
    const key = `${limit}/${id}`;
    given.set(key, { limit, id, by: (given.get(key)?.by ?? 0) + by });
  }
  return [...given.values()];
}

/** The flows of a solution, W; charging and discharging at once is netted where that costs nothing. */
export function flowsOf(drawn: Drawn, x: Float64Array): Flows {
  const read = Array.from({ length: drawn.draft.horizon.steps }, (_, step) => stepOf({ drawn, x, step }));
  const runs = picked(drawn, x).map(({ id, run }): [string, number[]] => [
    id,
    run.map(({ step }) => step).sort((a, b) => a - b),
  ]);
  return {
    steps: read.map(({ flow }) => flow),
    jobSteps: new Map(runs),
    relaxed: relaxedIn(drawn, x),
    conflicts: read.flatMap(({ conflicts }) => conflicts),
  };
}
