// Three ways of shedding that are found in the field, as small pure policies: they see the same readings as the brain and
// drive the same relays. Each is what a careful installer would set up, at its usual figures; none knows the others.

/** What a policy sees of a load. */
export interface Load {
  readonly id: string;
  readonly tier: number;
  readonly house: string | undefined;
}

export interface Seen {
  /** Plant ms. */
  readonly now: number;
  /** 0..1; undefined: unknown. */
  readonly soc: number | undefined;
  /** The inverter's worst phase as a share of its rating. */
  readonly load: number;
  readonly loads: readonly Load[];
}

export interface Policy<S> {
  readonly name: string;
  readonly how: string;
  readonly start: S;
  /** Which loads are off now. */
  next(before: S, seen: Seen): { readonly after: S; readonly off: ReadonlySet<string> };
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Least needed first, and always the same within a tier. Tier 0 is never on the list. */
const listed = (loads: readonly Load[]): readonly Load[] =>
  loads.filter(({ tier }) => tier > 0).toSorted((a, b) => b.tier - a.tier || (a.id < b.id ? -1 : 1));

interface Fixed {
  /** How many of the list an overload has cut, and since when that stands. */
  readonly cut: number;
  readonly at: number;
  /** Shed for the battery. */
  readonly low: ReadonlySet<string>;
}

const FIXED = { from: 0.5, to: 0.15, back: 0.1, stage: 2 * SECOND, calm: 2 * MINUTE, restoreBelow: 0.7 };

/** A priority relay's cut grows by one load each stage of an overload, and gives one back after a calm while. */
function fixedCut({ cut, at }: Fixed, { load, now }: Seen): Pick<Fixed, "cut" | "at"> {
  if (load > 1) return now - at >= FIXED.stage ? { cut: cut + 1, at: now } : { cut, at };
  const calm = cut > 0 && load < FIXED.restoreBelow && now - at >= FIXED.calm;
  return calm ? { cut: cut - 1, at: now } : { cut, at };
}

export const fixedOrder: Policy<Fixed> = {
  name: "fixed order",
  how: "a priority list, least needed first and always the same: one load more each 2 s of overload, one back after 2 min below 70 %; each load with a charge threshold of its own, from 50 % for the first to 15 % for the last, back 10 points above",
  start: { cut: 0, at: 0, low: new Set() },
  next(before, seen) {
    const list = listed(seen.loads);
    const low = new Set<string>();
    for (const [place, { id }] of list.entries()) {
      const below = FIXED.from - ((FIXED.from - FIXED.to) * place) / Math.max(1, list.length - 1);
      const limit = before.low.has(id) ? below + FIXED.back : below;
      if (seen.soc === undefined ? before.low.has(id) : seen.soc < limit) low.add(id);
    }
    const after = { ...fixedCut(before, seen), low };
    const off = new Set([...low, ...list.slice(0, after.cut).map(({ id }) => id)]);
    return { after: { ...after, cut: Math.min(after.cut, list.length) }, off };
  },
};

const STAGES = { shed: 0.3, reconnect: 0.5 };

export const socStages: Policy<boolean> = {
  name: "charge stages",
  how: "a contactor in front of everything that is not essential (tiers 2–4): open below 30 % charge, closed above 50 %, as off-grid inverters offer it; overload is left to the inverter",
  start: false,
  next(before, { soc, loads }) {
    const open = soc === undefined ? before : soc < (before ? STAGES.reconnect : STAGES.shed);
    return {
      after: open,
      off: new Set(open ? loads.filter(({ tier }) => tier >= 2).map(({ id }) => id) : []),
    };
  },
};

interface Turn {
  /** Houses that an overload has cut, and until when. */
  readonly cut: ReadonlyMap<string, number>;
  readonly next: number;
  readonly at: number;
  readonly half: boolean;
  readonly most: boolean;
}

const ROTATION = {
  half: 0.4,
  most: 0.25,
  back: 0.1,
  turn: 120 * MINUTE,
  overloadCut: 10 * MINUTE,
  stage: 2 * SECOND,
  groups: 4,
};

const below = (soc: number | undefined, before: boolean, limit: number): boolean =>
  soc === undefined ? before : soc < (before ? limit + ROTATION.back : limit);

function cutNext(
  before: Turn,
  { now, load }: Seen,
  houses: readonly string[],
): Pick<Turn, "cut" | "next" | "at"> {
  const cut = new Map([...before.cut].filter(([, until]) => until > now));
  if (load <= 1 || now - before.at < ROTATION.stage || houses.length === 0) return { ...before, cut };
  cut.set(houses[before.next % houses.length] ?? "", now + ROTATION.overloadCut);
  return { cut, next: before.next + 1, at: now };
}

export const rotation: Policy<Turn> = {
  name: "rotation",
  how: "whole houses take turns: below 40 % charge half of them are off for 2 h at a time and the workshop stands, below 25 % three quarters; an overload cuts the next house in turn for 10 min",
  start: { cut: new Map(), next: 0, at: 0, half: false, most: false },
  next(before, seen) {
    const houses = [...new Set(seen.loads.flatMap(({ house }) => house ?? []))].sort();
    const half = below(seen.soc, before.half, ROTATION.half);
    const most = below(seen.soc, before.most, ROTATION.most);
    const after: Turn = { ...cutNext(before, seen, houses), half, most };
    const shift = Math.floor(seen.now / ROTATION.turn);
    const share = most ? 3 : half ? 2 : 0;
    const dark = (house: string): boolean =>
      after.cut.has(house) || (houses.indexOf(house) + shift) % ROTATION.groups < share;
    const off = seen.loads.filter(({ house, tier }) =>
      house === undefined ? half && tier >= 3 : dark(house),
    );
    return { after, off: new Set(off.map(({ id }) => id)) };
  },
};
