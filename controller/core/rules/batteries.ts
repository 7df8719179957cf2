// Batteries with a setpoint, beside a grid: together they give what loads take beyond the sun, or take what the sun
// leaves, each by its headroom. All setpoints have one sign, and what another battery gives charges none: no battery
// ever charges another. Where the connection or a battery cannot be read, it rests at 0. On an island load decides.

import type { Answer } from "@gridwright/contract/request.ts";
import { type Mono, mono, seconds } from "@gridwright/contract/units.ts";
import { askedReason } from "../asked-by.ts";
import { allGiveW, clipped, type Pack, packsOf, STEP, stepped, toldBatteries } from "../battery-power.ts";
import { hearSteers, steerAnswer, steered } from "../battery-steers.ts";
import { importW, limitOf } from "../export-room.ts";
import type { Steer } from "../memory.ts";
import {
  type Bound,
  coarse,
  inputOf,
  NOTHING,
  type Outcome,
  type Rule,
  reason,
  round,
  type Tick,
} from "../tick.ts";
import { waterFill } from "../water-level.ts";

/** An exchange with the grid below this is left alone, W, … */
const DEADBAND_W = 60;
/** … and so is what this many steps of all batteries together make. */
const DEADBAND_STEPS = 1.5;
/** A battery has followed, and its meters show it, so long after it was told. */
const SETTLES = seconds(1);

/** W of import over all connections; undefined: one of them cannot be read. */
function gridW({ layout, state }: Tick): number | undefined {
  const parts = layout.grids.map((grid) => importW(state, grid));
  return parts.length > 0 && parts.every((part) => part !== undefined)
    ? parts.reduce<number>((sum, part) => sum + (part ?? 0), 0)
    : undefined;
}

/** W that batteries give which nobody tells. */
function othersW({ layout, state }: Tick, packs: readonly Pack[]): number {
  const told = new Set(packs.map(({ id }) => id));
  return allGiveW(
    state,
    layout.batteries.filter(({ id }) => !told.has(id)),
  );
}

/** W that all told batteries should give together, without what other batteries give or take. */
function wantedW(tick: Tick, packs: readonly Pack[], grid: number): number {
  const others = othersW(tick, packs);
  const all = packs.reduce((sum, { givesW }) => sum + givesW, 0) + grid;
  return all > 0 ? Math.max(0, all + Math.min(0, others)) : Math.min(0, all + Math.max(0, others));
}

function sharesOf(packs: readonly Pack[], wanted: number): readonly number[] {
  const parts = packs.map(({ aboveWh, belowWh, giveMaxW, takeMaxW }) =>
    wanted > 0 ? { weight: aboveWh, max: giveMaxW } : { weight: belowWh, max: takeMaxW },
  );
  return waterFill(Math.abs(wanted), parts).map((watts, place) => {
    const power = packs[place]?.power ?? 0;
    return power > 0 ? stepped((Math.sign(wanted) * watts) / power) : 0;
  });
}

/** Since when all that the next setpoints rest on is measured; a device that says nothing is not waited for. */
function measuredAt({ layout, state }: Tick): Mono {
  const sources = [
    ...layout.grids.flatMap(({ meter }) => [meter.totalW, ...meter.power]),
    ...layout.batteries.flatMap(({ points }) => points.battery_power ?? points.power),
  ];
  const times = sources.flatMap((source) => {
    const reading = source === undefined ? undefined : state.points.get(source);
    return reading?.quality === "fresh" ? [reading.at] : [];
  });
  return mono(Math.min(...times));
}

/**
 * The setpoints that stand, where they need no change or their own effect is not measured yet: told again on what was
 * measured before, batteries would swing by all they give. Undefined: new ones are due.
 */
function standing(tick: Tick, packs: readonly Pack[], grid: number): readonly number[] | undefined {
  const last = packs.map(({ id }) => tick.memory.wanted[id]);
  const power = packs.reduce((sum, pack) => sum + pack.power, 0);
  const steps = STEP * power;
  // Export beyond what was agreed is taken to the last step: the sun would be limited for it.
  const over = -grid > tick.layout.grids.reduce((sum, node) => sum + limitOf(node), 0);
  const small = Math.abs(grid) < (over ? steps : Math.max(DEADBAND_W, DEADBAND_STEPS * steps));
  const told = Math.max(...last.map((one) => (one?.rule === "batteries" ? one.since : 0)));
  if (!small && measuredAt(tick) >= told + SETTLES) return undefined;
  const shares = last.map((one, place) => {
    const pack = packs[place];
    const before = one?.rule === "batteries" && one.set.kind === "setpoint" ? one.set.share : 0;
    return pack === undefined ? 0 : clipped(pack, before);
  });
  const charging = shares.some((share) => share < 0);
  const against = othersW(tick, packs) * (charging ? 1 : -1) > DEADBAND_W;
  return against ? undefined : shares;
}

function why(share: number, grid: number | undefined): Bound["reason"] {
  if (grid === undefined) return reason("batteries-blind");
  if (share === 0) return reason("battery-rests");
  return reason(share > 0 ? "battery-gives" : "battery-takes", { gridW: round(grid, 100) });
}

function reasonOf(share: number, grid: number | undefined, steer: Steer | undefined): Bound["reason"] {
  if (steer === undefined || grid === undefined) return why(share, grid);
  return askedReason(steer, { flow: "flow-setpoint", others: "requested-setpoint" });
}

function boundOf(
  tick: Tick,
  { id, share, grid }: { id: string; share: number; grid: number | undefined },
): Bound {
  const steer = tick.memory.steers[id];
  return {
    asset: id,
    set: { kind: "setpoint", share },
    reason: reasonOf(share, grid, steer),
    until:
      steer === undefined
        ? reason("until-flows-change")
        : reason("until-request-ends", { leftMs: coarse(steer.expiresAt - tick.state.now) }),
    inputs: [
      ...tick.layout.grids.map((node) => inputOf(tick, node.id, "power")),
      ...["soc", "charge_current_limit", "discharge_current_limit"].map((point) => inputOf(tick, id, point)),
    ],
    ...(steer !== undefined && { by: steer.role }),
  };
}

export const batteries: Rule = {
  name: "batteries",
  apply(opened): Outcome {
    const isTold = opened.mode === "on-grid" && toldBatteries(opened).length > 0;
    const { steers, fresh, answers } = hearSteers(opened);
    if (!isTold && answers.length + fresh.length + Object.keys(opened.memory.steers).length === 0)
      return NOTHING;
    const tick = { ...opened, memory: { ...opened.memory, steers } };
    const told = (shareOf: (asset: string) => number | undefined): readonly Answer[] => [
      ...answers,
      ...fresh.map((request) =>
        steerAnswer(request, "asset" in request.body ? shareOf(request.body.asset) : undefined),
      ),
    ];
    if (!isTold) return { bounds: [], memory: { steers: {} }, answers: told(() => undefined) };
    const packs = packsOf(tick);
    const grid = gridW(tick);
    const shares =
      grid === undefined
        ? packs.map(() => 0)
        : steered(
            { tick, packs, gridW: grid },
            standing(tick, packs, grid) ?? sharesOf(packs, wantedW(tick, packs, grid)),
            steers,
          );
    const bounds = packs.map(({ id }, place) => boundOf(tick, { id, share: shares[place] ?? 0, grid }));
    return {
      bounds,
      memory: { steers },
      answers: told((asset) =>
        grid === undefined ? undefined : shares[packs.findIndex(({ id }) => id === asset)],
      ),
    };
  },
};
