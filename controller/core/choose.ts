// Who is shed when supply is short: the one place where scarcity is solved. Least need first (tier 4 before 3, the
// declared last resort after all); within a tier weighted max-min: whose entitlement went least unserved, counting what
// is chosen now, and then who helps most. The order does not depend on how much is needed, so that a smaller need
// never sheds a load that a bigger one would spare.

/** A load that may be shed now. */
export interface Candidate {
  readonly id: string;
  readonly tier: number;
  /** Tier 0: its place in the last-resort order. */
  readonly place?: number;
  readonly owner: string;
  /** Its owner's share times need. */
  readonly weight: number;
  /** VA (or W) that goes when it is switched off, on the phase that is short. */
  readonly relief: number;
  /** Weighted VAh of its owner's entitlement that went unserved lately, with what is off now. */
  readonly deprived: number;
  /** Its job is under way: it goes last within its tier. */
  readonly busy: boolean;
  /** It stands on a phase that would be short next: it goes before its equals. */
  readonly crowded: boolean;
}

export interface Choice {
  readonly picked: readonly Candidate[];
  /** Passed over because they draw too little to help. */
  readonly idle: readonly Candidate[];
  /** What remains short after all of them; never negative. */
  readonly left: number;
}

/** Owners whose deprivation differs by less than this are equal. */
const DEPRIVED_STEP_VAH = 250;
/** Less than this helps nobody. */
const RELIEF_MIN = 20;
/** Frugal loads are spared as long as bigger ones of their tier remain: below this, or a tenth of the biggest. */
const FRUGAL = 100;
const FRUGAL_SHARE = 0.1;
/** What is off now is expected to be off for so long: that much counts before it has passed. */
export const AHEAD_H = 0.5;

interface Draft {
  /** Weighted VAh that each owner loses by what is picked so far. */
  readonly losing: Map<string, number>;
  readonly frugalBelow: ReadonlyMap<number, number>;
}

const rank = (
  { tier, place = 0, busy, relief, deprived, owner, crowded }: Candidate,
  { losing, frugalBelow }: Draft,
): readonly number[] => [
  -tier,
  place,
  Number(busy),
  Number(relief < (frugalBelow.get(tier) ?? FRUGAL)),
  Math.floor((deprived + (losing.get(owner) ?? 0)) / DEPRIVED_STEP_VAH),
  -Number(crowded),
  -relief,
];

function isBefore(a: Candidate, b: Candidate, draft: Draft): boolean {
  const right = rank(b, draft);
  for (const [index, value] of rank(a, draft).entries()) {
    const difference = value - (right[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return a.id < b.id;
}

function frugalLines(candidates: readonly Candidate[]): ReadonlyMap<number, number> {
  const lines = new Map<number, number>();
  for (const { tier, relief } of candidates)
    lines.set(tier, Math.max(FRUGAL, relief * FRUGAL_SHARE, lines.get(tier) ?? 0));
  return lines;
}

/** Picks loads in order until `need` (same unit as `relief`) is met or none is left. */
export function choose(candidates: readonly Candidate[], need: number): Choice {
  const idle = candidates.filter(({ relief }) => relief < RELIEF_MIN);
  const rest = new Set(candidates.filter(({ relief }) => relief >= RELIEF_MIN));
  const draft: Draft = { losing: new Map(), frugalBelow: frugalLines([...rest]) };
  const picked: Candidate[] = [];
  let left = need;
  while (left > 0 && rest.size > 0) {
    let next: Candidate | undefined;
    for (const one of rest) if (next === undefined || isBefore(one, next, draft)) next = one;
    if (next === undefined) break;
    rest.delete(next);
    picked.push(next);
    left -= next.relief;
    const { owner, relief, weight } = next;
    draft.losing.set(owner, (draft.losing.get(owner) ?? 0) + weight * relief * AHEAD_H);
  }
  return { picked, idle, left: Math.max(0, left) };
}

const HALF_LIFE_MS = 86_400_000;

/** VAh of deprivation that is left of an earlier amount after `ms`: half of it each day. */
export const faded = (vah: number, ms: number): number => vah * 0.5 ** (ms / HALF_LIFE_MS);
