// The AC input of a drawn plant that a gateway can tell how much it takes. Drawn last of all: what was there before stays as it was.
import { type Draft, percent } from "./draft.ts";

const NOMINAL_V = 230;

/** Binds the point of the gateway, and says what the sources give. */
export function drawInput({ dice, frame, assets }: Draft): void {
  if (assets.inverter?.measure !== "gx-inverter" || !dice.chance(0.5)) return;
  const amps = Math.ceil((frame.ratingVa / frame.phases.length / NOMINAL_V) * dice.between(1, 1.6));
  assets.inverter = {
    ...assets.inverter,
    ...{ inputLimit: "gx-inverter/input_current_limit", inputMax: `${amps} A` },
  };
  if (assets.genset !== undefined && dice.chance(0.6))
    assets.genset = { ...assets.genset, loadMax: percent(dice.one([0.5, 0.6, 0.7])) };
  if (assets.grid !== undefined && dice.chance(0.4))
    assets.grid = { ...assets.grid, inputMax: `${dice.one([4, 6, 10])} A` };
}
