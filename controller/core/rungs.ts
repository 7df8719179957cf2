// The rungs of the ladder: as the community declared them, and below them the reserve for what is needed most. And how
// the battery stands to each: by charge, by voltage or by the hours that are left.
import type { LadderStep } from "@gridwright/contract/site/site.ts";
import { ratio } from "@gridwright/contract/units.ts";
import { batteryFigures } from "./battery.ts";
import { cutOutOf, hoursTo } from "./hours-left.ts";
import type { Layout } from "./layout.ts";
import type { Tick } from "./tick.ts";

/** The reserve ends this far above where it begins. */
const RESERVE_GAP = 0.1;
/** Tiers from here on leave the reserve to those before. */
const RESERVE_TIER = 2;

export interface ReserveStep {
  readonly name: string;
  readonly reserve: number;
  readonly below: LadderStep["below"];
  readonly restore: LadderStep["restore"];
}
export type Rung = LadderStep | ReserveStep;

/** What a rung may look at. */
export interface Levels {
  readonly soc: number | undefined;
  readonly voltage: number | undefined;
  readonly hours: number | undefined;
}

export function levelsOf(tick: Pick<Tick, "layout" | "state" | "memory">): Levels {
  const { soc, voltage } = batteryFigures(tick.layout, tick.state);
  const { layout, memory } = tick;
  return { soc, voltage, hours: hoursTo(cutOutOf(layout), { layout, soc, drain: memory.drain }) };
}

/** Charge 0..1, V or hours; undefined: unknown. */
export const levelOf = ({ below }: Pick<Rung, "below">, levels: Levels): number | undefined =>
  levels[below.by];

/** The highest reserve that a battery declares; undefined: none. */
const reserveOf = ({ batteries }: Layout): number | undefined =>
  batteries.reduce<number | undefined>(
    (most, { spec }) => (spec.reserve === undefined ? most : Math.max(most ?? 0, spec.reserve)),
    undefined,
  );

/** All rungs; the declared ones keep their places. The reserve is for outages: on the grid it binds nobody. */
export function rungsOf({ layout, mode }: Tick, declared: readonly LadderStep[]): readonly Rung[] {
  const reserve = reserveOf(layout);
  if (reserve === undefined || mode === "on-grid") return declared;
  return [
    ...declared,
    {
      name: "reserve",
      reserve: RESERVE_TIER,
      below: { by: "soc", value: ratio(reserve) },
      restore: { by: "soc", value: ratio(Math.min(1, reserve + RESERVE_GAP)) },
    },
  ];
}

/** The first tier that a rung takes its supply from; undefined: it sheds none. */
export function shedTier(rung: Rung): number | undefined {
  if ("shed" in rung) return rung.shed;
  return "reserve" in rung ? rung.reserve : undefined;
}
