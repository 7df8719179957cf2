// The figures that a scenario file may speak of («the inverter on phase L1», «grid export»), read from the simulated
// plant itself: what is so, not what any meter says. One table; docs/scenarios.md lists it.
import { PHASES, type PhaseName } from "@gridwright/contract/points.ts";
import type { QuantityUnit } from "@gridwright/contract/quantity-text.ts";
import { nearest } from "@gridwright/protocols/documents/nearest.ts";
import { generatorPower } from "../plant/generator.ts";
import type { PhaseState } from "../plant/phase.ts";
import { quantity } from "../plant/quantity.ts";
import type { PlantWorld } from "../plant/world.ts";
import { Unclear, type Vocabulary } from "./phrase.ts";

/** SI value now; of one phase, or of all together (of the worst one where a share of a rating is asked). */
type Read = (world: PlantWorld, phase: PhaseName | undefined) => number;

const over = ({ phases }: PlantWorld, phase: PhaseName | undefined): readonly PhaseState[] =>
  phases.filter(({ name }) => phase === undefined || name === phase);
const sum = (world: PlantWorld, phase: PhaseName | undefined, of: (state: PhaseState) => number): number =>
  over(world, phase).reduce((total, state) => total + of(state), 0);

const ofGrid = (world: PlantWorld, phase: PhaseName | undefined): number =>
  world.grid.accepted ? sum(world, phase, ({ acInW }) => acInW) : 0;
const worstGridA = (world: PlantWorld, phase: PhaseName | undefined): number =>
  Math.max(
    0,
    ...over(world, phase).map(({ name, voltage }) => Math.abs(ofGrid(world, name)) / Math.max(1, voltage)),
  );

export const FIGURES: Readonly<Record<string, Partial<Record<QuantityUnit, Read>>>> = {
  "the inverter": {
    "%": (world, phase) =>
      Math.max(0, ...over(world, phase).map(({ inverterVa }) => inverterVa / world.inverter.phaseRating)),
    VA: (world, phase) => sum(world, phase, ({ inverterVa }) => inverterVa),
    W: (world, phase) => sum(world, phase, ({ inverterW }) => inverterW),
  },
  "battery discharge": {
    W: ({ battery }) => battery.powerW,
    A: ({ battery }) => battery.powerW / battery.voltage,
  },
  "battery charge": {
    W: ({ battery }) => -battery.powerW,
    A: ({ battery }) => -battery.powerW / battery.voltage,
  },
  "the charge": { "%": ({ battery }) => battery.soc },
  "grid import": { W: ofGrid, A: worstGridA },
  "grid export": { W: (world, phase) => -ofGrid(world, phase) },
  "the generator": {
    "%": ({ generator }) => generator.powerW / Math.max(1, generatorPower(generator)),
    W: ({ generator }) => generator.powerW,
  },
  "the sun": { W: (world, phase) => sum(world, phase, ({ pvW }) => pvW) },
  "all loads": { W: (world, phase) => sum(world, phase, ({ loadW }) => loadW) },
  "the frequency": { Hz: ({ frequency }) => frequency },
};

/** Units by what a person writes after the number. */
const UNIT_OF: readonly (readonly [RegExp, QuantityUnit])[] = [
  [/%$/, "%"],
  [/VA$/, "VA"],
  [/W$/, "W"],
  [/Hz$/, "Hz"],
  [/A$/, "A"],
];

const ASSET_POINT: Partial<Record<QuantityUnit, string>> = {
  A: "current",
  W: "power",
  VA: "apparent_power",
  "%": "level",
};

function ofAsset(id: string, unit: QuantityUnit): Read | undefined {
  const point = ASSET_POINT[unit];
  if (point === undefined) return undefined;
  return (world, phase) => {
    const value = quantity(world, id, phase === undefined ? point : `${point}_${phase.toLowerCase()}`);
    return typeof value === "number" ? value : Number.NaN;
  };
}

export interface Figure {
  readonly unit: QuantityUnit;
  readonly phase: PhaseName | undefined;
  readonly read: Read;
}

/** The figure that `text` names, in the unit that `value` is written in. Throws Unclear. */
export function figureOf(text: string, value: string, { model }: Vocabulary): Figure {
  const [, name = "", written] = /^(.+?)(?: (?:of|on) phase (L[123]))?$/.exec(text) ?? [];
  const phase = PHASES.find((one) => one === written);
  const unit = UNIT_OF.find(([end]) => end.test(value))?.[1];
  if (unit === undefined) throw new Unclear(`«${value}» has no unit that fits; write %, W, kW, VA, A or Hz`);
  const known = FIGURES[name];
  const read = known === undefined && model.assets[name] !== undefined ? ofAsset(name, unit) : known?.[unit];
  if (read !== undefined) return { unit, phase, read };
  if (known === undefined) {
    const figures = Object.keys(FIGURES).join(", ");
    const near = nearest(name, [...Object.keys(FIGURES), ...Object.keys(model.assets)]);
    const hint = near === undefined ? "there are" : `do you mean «${near}»? There are`;
    throw new Unclear(`«${name}» is no figure; ${hint} ${figures}, and assets by their id`);
  }
  throw new Unclear(`«${name}» is told in ${Object.keys(known).join(", ")}`);
}
