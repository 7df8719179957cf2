// Who owns which loads, what each is entitled to, and how much of it went unserved. The demand of a load that is off is
// a guess, and counting it would reward leaving things on: what counts is bounded by an equal part of the inverters.
import type { RuleName } from "@gridwright/contract/decision.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { elapsed, minutes } from "@gridwright/contract/units.ts";
import { AHEAD_H, faded } from "../choose.ts";
import { keptBeside } from "../kept-beside.ts";
import { type Layout, layoutOf } from "../layout.ts";
import type { Memory, Wanted } from "../memory.ts";
import { isOff, type Tick } from "../tick.ts";

/** Rules by which a load is shed, as people understand it: supply is short or something must be protected. */
export const SHEDS: ReadonlySet<RuleName> = new Set([
  "emergency-stop",
  "black-start",
  "device-limits",
  "battery-limits",
  "overload",
  "source-limits",
  "load-rejection",
  "export-limit",
  "import-limit",
  "ladder",
]);

/** Whether a load is off because a rule sheds it. */
export const isShed = (wanted: Wanted | undefined): boolean =>
  wanted !== undefined && isOff(wanted.set) && SHEDS.has(wanted.rule);

export interface Owner {
  /** Share times need. */
  readonly weight: number;
  /** Indices of its loads. */
  readonly loads: readonly number[];
}

export interface Owners {
  readonly of: ReadonlyMap<string, Owner>;
  /** VA that count at most as unserved of one owner: an equal part of the inverters' rating. */
  readonly partVa: number;
}

function build(model: SiteModel, { loads, inverters }: Layout): Owners {
  const groups = Map.groupBy(loads, ({ owner }) => owner);
  const of = new Map(
    [...groups].map(([id, own]): [string, Owner] => {
      const member = model.site.members[id];
      return [
        id,
        { weight: (member?.share ?? 1) * (member?.need ?? 1), loads: own.map(({ index }) => index) },
      ];
    }),
  );
  const rating = inverters.reduce((sum, { spec }) => sum + spec.rating, 0);
  return { of, partVa: rating > 0 ? rating / Math.max(1, of.size) : Number.POSITIVE_INFINITY };
}

/** The owners of a model's loads; built at the first call. */
export const ownersOf = keptBeside((model: SiteModel) => build(model, layoutOf(model)));

/** Weighted VA of its entitlement that an owner goes without while `offVa` of it are off. */
const unserved = ({ of, partVa }: Owners, owner: string, offVa: number): number =>
  Math.min(offVa, partVa) * (of.get(owner)?.weight ?? 1);

/** Weighted VAh that count against shedding this owner again: the past, fading, and what is off at this moment. */
export function deprivedVah(tick: Tick, owner: string, offVa: number): number {
  const past = tick.memory.deprived[owner];
  const before = past === undefined ? 0 : faded(past.vah, tick.state.now - past.at);
  return before + unserved(ownersOf(tick.model), owner, offVa) * AHEAD_H;
}

/** Time that a single step may add to anybody's deprivation. */
const STEP_MAX = minutes(10);

/** Share of its rating that a load goes without: shed, or limited in the stead of that. */
function withoutShare({ memory }: Tick, wanted: Wanted | undefined, id: string): number {
  if (isShed(wanted)) return 1;
  const eased = memory.eased[id];
  return eased === undefined ? 0 : 1 - eased.share;
}

/** What every owner went without, after this tick. */
export function deprivedAfter(tick: Tick, wanted: Memory["wanted"]): Memory["deprived"] {
  const { now } = tick.state;
  const ms = Math.min(STEP_MAX, Math.max(0, elapsed(tick.before.at, now)));
  const off = new Map<string, number>();
  for (const { id, owner, spec } of tick.layout.loads) {
    const without = withoutShare(tick, wanted[id], id);
    if (without > 0) off.set(owner, (off.get(owner) ?? 0) + without * spec.rating);
  }
  if (off.size === 0) return tick.memory.deprived;
  const owners = ownersOf(tick.model);
  const deprived: Record<string, Memory["deprived"][string]> = { ...tick.memory.deprived };
  for (const [owner, va] of off) {
    const before = deprived[owner];
    const left = before === undefined ? 0 : faded(before.vah, now - before.at);
    deprived[owner] = { vah: left + (unserved(owners, owner, va) * ms) / 3_600_000, at: now };
  }
  return deprived;
}
