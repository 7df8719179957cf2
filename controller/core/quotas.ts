// How loads that can be told how much share what is scarce: weighted max-min. Nobody is limited further while somebody keeps more of
// their entitlement, and nobody is given more than they draw. Who cannot run on its part is left out, and the others share anew.
import { waterFill } from "./water-level.ts";

/** A load as the sharing sees it; all VA (or W) on the phase that is short. */
export interface Sharer {
  readonly id: string;
  readonly draws: number;
  /** Its part of its owner's share times need. */
  readonly weight: number;
  /** Below this it does not run. */
  readonly least: number;
  /** It was chosen to go: it goes as a whole where its part is too small. Others are then left as they are. */
  readonly chosen: boolean;
}

const sum = (sharers: readonly Sharer[]): number => sharers.reduce((all, { draws }) => all + draws, 0);

/** The first who does not run on its part; of them those are left out first who were not chosen. */
function tooLittle(sharing: readonly Sharer[], parts: readonly number[]): Sharer | undefined {
  const short = sharing.filter(({ draws, least }, place) => (parts[place] ?? 0) < Math.min(draws, least));
  return short.find(({ chosen }) => !chosen) ?? short[0];
}

/**
 * What each may keep while `away` of what they draw must go, by id: at most what it draws. Who is not named goes as a whole, if it was
 * chosen, or keeps all. `sharers` in the order in which they would go.
 */
export function quotas(sharers: readonly Sharer[], away: number): ReadonlyMap<string, number> {
  let sharing = sharers;
  let left = away;
  for (;;) {
    const vessels = sharing.map(({ draws: max, weight }) => ({ max, weight }));
    const parts = waterFill(sum(sharing) - Math.max(0, left), vessels);
    const out = tooLittle(sharing, parts);
    if (out === undefined) return new Map(sharing.map(({ id }, place) => [id, parts[place] ?? 0]));
    if (out.chosen) left -= out.draws;
    sharing = sharing.filter((one) => one !== out);
  }
}

/** A load that is limited and may get more. */
export interface Limited {
  /** VA up to which it is allowed, and the most that it can take. */
  readonly allowed: number;
  readonly most: number;
  readonly weight: number;
}

/** How far it stands: allowed VA for each part of its entitlement. */
export const levelOf = ({ allowed, weight }: Limited): number => allowed / weight;

/** VA up to which `one` may be allowed when `free` more are shared by it and its `peers`; never less than now. */
export function fairVa(one: Limited, peers: readonly Limited[], free: number): number {
  const all = [one, ...peers];
  const total = all.reduce((allowed, each) => allowed + each.allowed, free);
  return Math.max(
    one.allowed,
    waterFill(
      total,
      all.map(({ most: max, weight }) => ({ max, weight })),
    )[0] ?? 0,
  );
}
