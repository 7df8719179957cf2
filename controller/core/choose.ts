// Who is shed when supply is short: the one place where scarcity is solved. Least need first (tier 4 before 3);
// within a tier who was deprived least, and then who helps most. The order does not depend on how much is needed, so
// that a smaller need never sheds a load that a bigger one would spare.

/** A load that may be shed now. */
export interface Candidate {
  readonly id: string;
  readonly tier: number;
  /** VA (or W) that goes when it is switched off, on the phase that is short. */
  readonly relief: number;
  /** VAh that its owner went without lately. */
  readonly deprived: number;
  /** Its job is under way: it goes last within its tier. */
  readonly busy: boolean;
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
/** Frugal loads are spared as long as bigger ones of their tier remain. */
const FRUGAL = 100;

const rank = ({ tier, busy, relief, deprived }: Candidate): readonly number[] => [
  -tier,
  Number(busy),
  Number(relief < FRUGAL),
  Math.floor(deprived / DEPRIVED_STEP_VAH),
  -relief,
];

function byRank(a: Candidate, b: Candidate): number {
  const left = rank(a);
  const right = rank(b);
  for (const [place, value] of left.entries()) {
    const difference = value - (right[place] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.id < b.id ? -1 : Number(a.id > b.id);
}

/** Picks loads in order until `need` (same unit as `relief`) is met or none is left. */
export function choose(candidates: readonly Candidate[], need: number): Choice {
  const idle = candidates.filter(({ relief }) => relief < RELIEF_MIN);
  const picked: Candidate[] = [];
  let left = need;
  for (const candidate of candidates.filter(({ relief }) => relief >= RELIEF_MIN).sort(byRank)) {
    if (left <= 0) break;
    picked.push(candidate);
    left -= candidate.relief;
  }
  return { picked, idle, left: Math.max(0, left) };
}

const HALF_LIFE_MS = 86_400_000;

/** VAh of deprivation that is left of an earlier amount after `ms`: half of it each day. */
export const faded = (vah: number, ms: number): number => vah * 0.5 ** (ms / HALF_LIFE_MS);
