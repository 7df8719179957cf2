// A generator: on or off, between its least and its full power while on, with a price per start and a least run.
import type { Term } from "../builder.ts";
import type { Draft } from "../draft.ts";
import type { GeneratorState } from "../horizon.ts";

export interface GeneratorColumns {
  readonly state: GeneratorState;
  readonly power: readonly number[];
  /** 0/1 by step; empty where it needs no decision. */
  readonly on: readonly number[];
}

const neverDecides = ({ spec }: GeneratorState): boolean =>
  spec.powerMinW === 0 && spec.startCost === 0 && spec.minRunSteps <= 1;

/** It stays on for its least run after each start, as far as the horizon reaches. */
function leastRun(
  { builder }: Draft,
  spec: GeneratorState["spec"],
  columns: { on: number[]; start: number[] },
): void {
  for (const [step, on] of columns.on.entries()) {
    const recent = columns.start.slice(Math.max(0, step - spec.minRunSteps + 1), step + 1);
    builder.row(Number.NEGATIVE_INFINITY, 0, [...recent.map((start): Term => [start, 1]), [on, -1]]);
  }
}

function addDecisions(draft: Draft, { spec, on: onBefore, runLeft }: GeneratorState): number[] {
  const { builder, balance, horizon } = draft;
  const columns = { on: [] as number[], start: [] as number[] };
  for (const step of balance.keys()) {
    const on = builder.column({ lower: step < runLeft ? 1 : 0, upper: 1, integer: step < horizon.decided });
    // A start follows from two whole numbers: it need not be asked to be whole itself.
    const start = builder.column({ cost: spec.startCost, upper: 1 });
    const before = columns.on[step - 1];
    builder.row(before === undefined && onBefore ? -1 : 0, Number.POSITIVE_INFINITY, [
      [start, 1],
      [on, -1],
      ...(before === undefined ? [] : ([[before, 1]] as const)),
    ]);
    columns.on.push(on);
    columns.start.push(start);
  }
  leastRun(draft, spec, columns);
  return columns.on;
}

export function addGenerator(draft: Draft, state: GeneratorState): GeneratorColumns {
  const { builder, balance, horizon } = draft;
  const { spec } = state;
  const on = neverDecides(state) ? [] : addDecisions(draft, state);
  const power = balance.map((terms, step): number => {
    const column = builder.column({ cost: spec.costPerKWh * horizon.hours, upper: spec.powerMaxW / 1_000 });
    const decides = on[step];
    if (decides !== undefined) {
      builder.row(0, Number.POSITIVE_INFINITY, [
        [column, 1],
        [decides, -spec.powerMinW / 1_000],
      ]);
      builder.row(Number.NEGATIVE_INFINITY, 0, [
        [column, 1],
        [decides, -spec.powerMaxW / 1_000],
      ]);
    }
    terms.push([column, 1]);
    return column;
  });
  return { state, power, on };
}
