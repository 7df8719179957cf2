// Batteries with a setpoint, beside a grid: together they give what loads take beyond the sun, or take what the sun
// leaves, each by its headroom. All setpoints have one sign, and what another battery gives charges none: no battery
// ever charges another. Where the connection or a battery cannot be read, it rests at 0. On an island load decides.

import { type Pack, packGivesW, packsOf, toldBatteries } from "../battery-power.ts";
import { importW } from "../export-room.ts";
import { type Bound, inputOf, NOTHING, type Outcome, type Rule, reason, round, type Tick } from "../tick.ts";
import { waterFill } from "../water-level.ts";

/** An exchange with the grid below this is left alone, W. */
const DEADBAND_W = 60;
/** Setpoints are told in steps of this share. */
const STEP = 0.01;

/** W of import over all connections; undefined: one of them cannot be read. */
function gridW({ layout, state }: Tick): number | undefined {
  const parts = layout.grids.map((grid) => importW(state, grid));
  return parts.length > 0 && parts.every((part) => part !== undefined)
    ? parts.reduce<number>((sum, part) => sum + (part ?? 0), 0)
    : undefined;
}

/** W that all told batteries should give together, without what other batteries give or take. */
function wantedW(tick: Tick, packs: readonly Pack[], grid: number): number {
  const told = new Set(packs.map(({ id }) => id));
  const others = tick.layout.batteries
    .filter(({ id }) => !told.has(id))
    .reduce((sum, battery) => sum + (packGivesW(tick.state, battery) ?? 0), 0);
  const gives = packs.reduce((sum, { givesW }) => sum + givesW, 0);
  const all = gives + (Math.abs(grid) < DEADBAND_W ? 0 : grid);
  return all > 0 ? Math.max(0, all + Math.min(0, others)) : Math.min(0, all + Math.max(0, others));
}

/** Towards rest: a setpoint never passes the limit that it was worked out from. */
const stepped = (share: number): number => Math.trunc(share / STEP + Math.sign(share) * 1e-9) * STEP + 0;

function sharesOf(packs: readonly Pack[], wanted: number): readonly number[] {
  const parts = packs.map(({ aboveWh, belowWh, giveMaxW, takeMaxW }) =>
    wanted > 0 ? { weight: aboveWh, max: giveMaxW } : { weight: belowWh, max: takeMaxW },
  );
  return waterFill(Math.abs(wanted), parts).map((watts, place) => {
    const power = packs[place]?.power ?? 0;
    return power > 0 ? Number(stepped((Math.sign(wanted) * watts) / power).toFixed(2)) : 0;
  });
}

function why(share: number, grid: number | undefined): Bound["reason"] {
  if (grid === undefined) return reason("batteries-blind");
  if (share === 0) return reason("battery-rests");
  return reason(share > 0 ? "battery-gives" : "battery-takes", { gridW: round(grid, 100) });
}

export const batteries: Rule = {
  name: "batteries",
  apply(tick): Outcome {
    if (tick.mode !== "on-grid" || toldBatteries(tick).length === 0) return NOTHING;
    const packs = packsOf(tick);
    const grid = gridW(tick);
    const wanted = grid === undefined ? 0 : wantedW(tick, packs, grid);
    const shares = sharesOf(packs, wanted);
    const bounds = packs.map(({ id }, place): Bound => {
      const share = shares[place] ?? 0;
      return {
        asset: id,
        set: { kind: "setpoint", share },
        reason: why(share, grid),
        until: reason("until-flows-change"),
        inputs: [
          ...tick.layout.grids.map((node) => inputOf(tick, node.id, "power")),
          ...["soc", "charge_current_limit", "discharge_current_limit"].map((point) =>
            inputOf(tick, id, point),
          ),
        ],
      };
    });
    return { bounds };
  },
};
