// The signs of surplus sun, and how much it is. Watts are counted where they are measured; where sun is thrown away
// (its inverters are limited, or an island's frequency throttles them) nobody knows how much: then one load more is
// tried at a time.
import { batteryFigures } from "./battery.ts";
import { allGiveW, chargeHeadroomW } from "./battery-power.ts";
import { importW } from "./export-room.ts";
import type { Tick } from "./tick.ts";
import { numberOf } from "./view.ts";

/** Above this charge an island's battery counts as nearly full, and down to here it stays so. */
const NEARLY_FULL = 0.9;
const STILL_FULL = 0.85;
/** A battery that takes this share of what it allows is limited by that. */
const LIMITED = 0.9;
/** Between these an inverter's own island throttles the sun, Hz. */
const THROTTLES_HZ = [50.3, 52.7] as const;
/** An array this close to its limit would give more. */
const AT_LIMIT = 0.95;

export interface Surplus {
  readonly ok: boolean;
  /** What runs on it must end, however little it takes. */
  readonly over: boolean;
  /** W that flow where they are not needed; negative: what runs on surplus takes it from elsewhere. */
  readonly watts: number;
  /** More could be had than flows. */
  readonly wasted: boolean;
  /** W of sun less load on each phase, for the choice. */
  readonly byPhase: readonly number[];
  readonly seen: readonly { readonly asset: string; readonly point: string }[];
}

const NO_SURPLUS = { ok: false, over: true, watts: 0, wasted: false, seen: [] } as const;

/** An agreed export keeps sun back now. */
const isKeptBack = ({ layout, state, memory }: Tick): boolean =>
  layout.suns.some(({ id, spec, meter }) => {
    const share = memory.capped[id]?.share ?? 1;
    const power = numberOf(state, meter.totalW);
    return share < 1 && power !== undefined && power >= share * spec.rating * AT_LIMIT;
  });

function onGrid(tick: Tick): Omit<Surplus, "byPhase"> {
  const parts = tick.layout.grids.map((grid) => importW(tick.state, grid));
  if (parts.length === 0 || parts.includes(undefined)) return NO_SURPLUS;
  const exported = -parts.reduce<number>((sum, part) => sum + (part ?? 0), 0);
  const wasted = isKeptBack(tick);
  // What batteries will take is not to spare, and what they give is no sun.
  const givesW = allGiveW(tick.state, tick.layout.batteries);
  const watts = exported - chargeHeadroomW(tick) - Math.max(0, givesW);
  const seen = tick.layout.grids.map(({ id }) => ({ asset: id, point: "power" }));
  return { ok: wasted || watts > 0, over: false, watts, wasted, seen };
}

function throttled({ layout, state }: Tick): string | undefined {
  const [from, to] = THROTTLES_HZ;
  return layout.inverters.find(({ points }) => {
    const hertz = numberOf(state, points.frequency);
    return hertz !== undefined && hertz > from && hertz < to;
  })?.id;
}

function onIsland(tick: Tick): Omit<Surplus, "byPhase"> {
  const { soc, chargeW, givesW } = batteryFigures(tick.layout, tick.state);
  if (givesW === undefined) return NO_SURPLUS;
  const charging = -givesW;
  const full = soc !== undefined && soc >= NEARLY_FULL;
  const limited = chargeW !== undefined && charging >= chargeW * LIMITED;
  const batteries = tick.layout.batteries.flatMap(({ id }) =>
    ["soc", "battery_current"].map((point) => ({ asset: id, point })),
  );
  const over = soc === undefined || soc < STILL_FULL;
  if (!full && !limited) return { ...NO_SURPLUS, over, watts: Math.min(0, charging) };
  const throttling = throttled(tick);
  const seen =
    throttling === undefined ? batteries : [{ asset: throttling, point: "frequency" }, ...batteries];
  const watts = full ? charging : 0;
  return {
    ok: throttling !== undefined || watts > 0,
    over: false,
    watts,
    wasted: throttling !== undefined,
    seen,
  };
}

/** W of sun beyond the load on each phase. */
function phases({ balance, layout }: Tick): readonly number[] {
  return [0, 1, 2].map((phase) => {
    const loads = layout.inverters.flatMap(({ id }) => balance.loads(id, phase).map(({ watts }) => watts));
    return balance.sun(phase) - Math.max(0, ...loads);
  });
}

/** What the plant has to spare now. A generator's bus never has any, whatever its frequency. */
export function surplusOf(tick: Tick): Surplus {
  const byPhase = phases(tick);
  if (tick.mode === "on-grid") return { ...onGrid(tick), byPhase };
  if (tick.mode === "island-inverter") return { ...onIsland(tick), byPhase };
  return { ...NO_SURPLUS, byPhase };
}
