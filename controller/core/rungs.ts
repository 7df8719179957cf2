// The rungs of the ladder: as the community declared them, and below them the reserve for what is needed most. And how
// the battery stands to each: by charge, by voltage or by the hours that are left.
import type { LadderStep } from "@gridwright/contract/site/site.ts";
import { ratio } from "@gridwright/contract/units.ts";
import { batteryFigures } from "./battery.ts";
import { cutOutOf, hoursTo } from "./hours-left.ts";
import type { Layout } from "./layout.ts";
import { type KeptRung, outageRungs, sureHours } from "./outlook/outage-rungs.ts";
import type { Tick } from "./tick.ts";

/** The reserve ends this far above where it begins. */
const RESERVE_GAP = 0.1;
/** Tiers from here on leave the reserve to those before. */
const RESERVE_TIER = 2;

export type Rung = LadderStep | KeptRung;

/** Whether a rung that nobody declared keeps so. */
export const keepsBy = (rung: Rung, way: KeptRung["keeps"]): rung is KeptRung =>
  "keeps" in rung && rung.keeps === way;

/** A battery this full gives a set nothing more to do, however short it would last; it starts none before there is room. */
const FULL = 0.95;
const ROOM = 0.8;

/** Whether a set would run for the hours that are left although the battery has hardly room. */
export const hasNoRoom = (rung: Rung, { soc }: Pick<Levels, "soc">): boolean =>
  rung.below.by === "hours" && "start" in rung && (soc ?? 0) > ROOM;

/** What a rung may look at. */
export interface Levels {
  readonly soc: number | undefined;
  readonly voltage: number | undefined;
  /** h that are left if so many W more are taken. */
  readonly hours: (moreW: number) => number | undefined;
  /** h if no set gave what it gives, for ever once the battery is full: one that the hours started would else stop as soon
   * as it runs. */
  readonly alone: number | undefined;
  /** h for which all tiers before one are sure. */
  readonly sure: (tier: number) => number | undefined;
}

export function levelsOf(tick: Pick<Tick, "layout" | "state" | "memory">): Levels {
  const { soc, voltage } = batteryFigures(tick.layout, tick.state);
  const { layout, memory } = tick;
  const { drain } = memory;
  const lasts = (watts: number): number | undefined =>
    hoursTo(cutOutOf(layout), { layout, soc, drain: drain && { ...drain, watts } });
  const { watts = 0, alone = watts } = drain ?? {};
  return {
    ...{ soc, voltage, alone: (soc ?? 0) >= FULL ? Number.POSITIVE_INFINITY : lasts(alone) },
    hours: (moreW) => lasts(watts + moreW),
    sure: (tier) => sureHours({ memory }, tier),
  };
}

/** Charge 0..1, V or hours; undefined: unknown. */
export function levelOf(rung: Rung, levels: Levels): number | undefined {
  if (keepsBy(rung, "sure")) return levels.sure(rung.tier);
  if (rung.below.by !== "hours") return levels[rung.below.by];
  return "start" in rung ? levels.alone : levels.hours(0);
}

/** The highest reserve that a battery declares; undefined: none. */
const reserveOf = ({ batteries }: Layout): number | undefined =>
  batteries.reduce<number | undefined>(
    (most, { spec }) => (spec.reserve === undefined ? most : Math.max(most ?? 0, spec.reserve)),
    undefined,
  );

function reserveRungs({ layout, mode }: Tick): readonly KeptRung[] {
  const reserve = reserveOf(layout);
  if (reserve === undefined || mode === "on-grid") return [];
  return [
    {
      ...{ name: "reserve", keeps: "reserve", tier: RESERVE_TIER },
      below: { by: "soc", value: ratio(reserve) },
      restore: { by: "soc", value: ratio(Math.min(1, reserve + RESERVE_GAP)) },
    },
  ];
}

/** All rungs; the declared ones keep their places. What is for outages binds nobody on the grid. */
export const rungsOf = (tick: Tick, declared: readonly LadderStep[]): readonly Rung[] => [
  ...declared,
  ...reserveRungs(tick),
  ...outageRungs(tick),
];

export const shedsByHours = (rung: Rung): boolean =>
  rung.below.by === "hours" && !keepsBy(rung, "sure") && shedTier(rung) !== undefined;

/** The first tier that a rung takes its supply from; undefined: it sheds none. */
export function shedTier(rung: Rung): number | undefined {
  if ("shed" in rung) return rung.shed;
  return "keeps" in rung ? rung.tier : undefined;
}
