// The grid mode as a pure transition: observed, never enforced. gridwright closes no sources and never synchronises;
// it only sees by the inverter's words which of them carries the bus.
import type { GridMode } from "@gridwright/contract/messages.ts";
import { elapsed, type Mono } from "@gridwright/contract/units.ts";
import type { Layout, NodePlan } from "./layout.ts";
import type { ModeMemory } from "./memory.ts";
import type { PlantState } from "./state.ts";
import { flagOf, NOMINAL_V, numberOf } from "./view.ts";

export interface ModeSigns {
  /** The public grid is there and accepted; undefined: not known. A site without one says false. */
  readonly grid: boolean | undefined;
  readonly generator: boolean | undefined;
  /** The bus has voltage; undefined: no voltage can be read. */
  readonly alive: boolean | undefined;
}

/** Below this share of the nominal voltage a bus is dead. */
const DEAD_BELOW = 0.5;
/** 0 V may also be «not available»: it is believed when it lasts. */
export const DEAD_AFTER_MS = 1_500;
/** A voltage older than this says nothing about the bus now. */
const EVIDENCE_MS = 3_000;

function living(signs: ModeSigns, before: GridMode): GridMode {
  if (signs.grid === true) return "on-grid";
  if (signs.grid === undefined && before === "on-grid") return before;
  if (signs.generator === true) return "island-generator";
  if (signs.alive === true) return "island-inverter";
  return before === "dead-bus" ? "unknown" : before;
}

/** The mode after seeing `signs`. A dead bus is believed after it was seen for DEAD_AFTER_MS without a break. */
export function nextMode(before: ModeMemory, signs: ModeSigns, now: Mono): ModeMemory {
  const dead = signs.alive === false;
  const deadSince = dead ? (before.deadSince ?? now) : null;
  const believed = deadSince !== null && elapsed(deadSince, now) >= DEAD_AFTER_MS;
  const mode = believed ? "dead-bus" : dead ? before.mode : living(signs, before.mode);
  const revives = before.mode === "dead-bus" && mode !== "dead-bus";
  return {
    mode,
    since: mode === before.mode ? before.since : now,
    deadSince,
    revivedAt: revives ? now : before.revivedAt,
  };
}

const NOT_ON_THE_BUS: ReadonlySet<string> = new Set(["battery", "grid", "generator"]);

/** Voltages of one node's phases that can be read, and whether they are of now. */
function voltagesOf(state: PlantState, { meter }: NodePlan): readonly { volts: number; young: boolean }[] {
  return meter.voltage.flatMap((source) => {
    const volts = numberOf(state, source);
    const at = source === undefined ? undefined : state.points.get(source)?.at;
    return volts === undefined || at === undefined ? [] : [{ volts, young: state.now - at <= EVIDENCE_MS }];
  });
}

/** Whether any meter still sees voltage: the inverter's word alone does not make a bus dead. */
function aliveOf(layout: Layout, state: PlantState): boolean | undefined {
  let seen: boolean | undefined;
  for (const node of layout.nodes.values()) {
    if (NOT_ON_THE_BUS.has(node.spec.kind)) continue;
    const voltages = voltagesOf(state, node);
    if (voltages.some(({ volts, young }) => young && volts >= NOMINAL_V * DEAD_BELOW)) return true;
    if (node.spec.kind === "inverter" && voltages.some(({ volts }) => volts < NOMINAL_V * DEAD_BELOW))
      seen = false;
  }
  return seen;
}

/** A generator that says nothing of itself counts as running while its start contact is closed. */
function asked({ actuator: actuators }: Layout, state: PlantState, generator: string): boolean | undefined {
  const actuator = actuators.get(generator);
  const coil = actuator && flagOf(state, actuator.source);
  return coil === undefined ? undefined : coil !== actuator?.inverted;
}

export function modeSigns(layout: Layout, state: PlantState): ModeSigns {
  const grids = layout.grids.map(({ points }) => flagOf(state, points.grid_present));
  const running = layout.generators.map(({ points, meter, id }) => {
    const power = numberOf(state, meter.totalW);
    return flagOf(state, points.running) ?? (power === undefined ? asked(layout, state, id) : power > 0);
  });
  const any = (flags: readonly (boolean | undefined)[]) =>
    flags.includes(true) ? true : flags.includes(undefined) ? undefined : false;
  return {
    grid: layout.grids.length === 0 ? false : any(grids),
    generator: any(running),
    alive: aliveOf(layout, state),
  };
}
