// Who gets how much of the community's own energy in a slot: the sharing keys. Whole Wh; what is shared out is exactly what
// there is or what is used, whichever is less; nobody gets more than they used; the order of the claims changes nothing; and
// who uses more never gets less. Equal claims to the last Wh go by the id.
import type { KeyKind } from "@gridwright/contract/ledger.ts";

export interface Claim {
  readonly id: string;
  /** Wh, whole. */
  readonly use: number;
  /** Whole and above 0; of priority: its rank. */
  readonly weight: number;
}

export type Shares = ReadonlyMap<string, number>;

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
const byId = (a: Claim, b: Claim): number => (a.id < b.id ? -1 : 1);

/** `total` in whole parts as the weights stand to each other, by largest remainder; equal remainders in the order given. */
export function byRemainder(total: number, weights: readonly number[]): readonly number[] {
  const all = BigInt(sum(weights));
  if (all === 0n) return weights.map(() => 0);
  const quotas = weights.map((weight) => BigInt(total) * BigInt(weight));
  const parts = quotas.map((quota) => Number(quota / all));
  const order = quotas
    .map((quota, place) => ({ place, rest: quota % all }))
    .sort((a, b) => (a.rest === b.rest ? a.place - b.place : a.rest > b.rest ? -1 : 1));
  for (const { place } of order.slice(0, total - sum(parts))) parts[place] = (parts[place] ?? 0) + 1;
  return parts;
}

function among(total: number, claims: readonly Claim[], weightOf: (claim: Claim) => number): Shares {
  const parts = byRemainder(total, claims.map(weightOf));
  return new Map(claims.map(({ id }, place) => [id, parts[place] ?? 0]));
}

const proRata = (total: number, claims: readonly Claim[]): Shares => among(total, claims, ({ use }) => use);

/** Water filling: each up to its use, the water standing as high for all by their weight. */
function byWeight(total: number, claims: readonly Claim[]): Shares {
  const order = claims.toSorted((a, b) => a.use * b.weight - b.use * a.weight || byId(a, b));
  const full = new Map<string, number>();
  let [rest, weights] = [total, sum(claims.map(({ weight }) => weight))];
  for (const { id, use, weight } of order) {
    if (use * weights > rest * weight) break;
    full.set(id, use);
    rest -= use;
    weights -= weight;
  }
  const thirsty = claims.filter(({ id }) => !full.has(id));
  return new Map([...full, ...among(rest, thirsty, ({ weight }) => weight)]);
}

/** Each its fixed part, up to its use; then what is left by what each still uses. */
function hybrid(total: number, claims: readonly Claim[]): Shares {
  const fixed = among(total, claims, ({ weight }) => weight);
  const first = new Map(claims.map(({ id, use }) => [id, Math.min(use, fixed.get(id) ?? 0)]));
  const open = claims.map((claim) => ({ ...claim, use: claim.use - (first.get(claim.id) ?? 0) }));
  const second = proRata(total - sum([...first.values()]), open);
  return new Map(claims.map(({ id }) => [id, (first.get(id) ?? 0) + (second.get(id) ?? 0)]));
}

/** The first rank is served before the second; within one rank by use. */
function byPriority(total: number, claims: readonly Claim[]): Shares {
  const ranks = Map.groupBy(claims, ({ weight }) => weight);
  const shares = new Map<string, number>();
  let rest = total;
  for (const [, rank] of [...ranks].sort(([a], [b]) => a - b)) {
    const wanted = Math.min(rest, sum(rank.map(({ use }) => use)));
    for (const [id, wh] of proRata(wanted, rank)) shares.set(id, wh);
    rest -= wanted;
  }
  return shares;
}

const KEYS: Readonly<Record<KeyKind, (total: number, claims: readonly Claim[]) => Shares>> = {
  static: byWeight,
  need: byWeight,
  "pro-rata": proRata,
  hybrid,
  priority: byPriority,
};

/** Shares `available` Wh out; the sum is the lesser of that and of all use. */
export function shareOut(kind: KeyKind, available: number, claims: readonly Claim[]): Shares {
  const wanted = Math.min(available, sum(claims.map(({ use }) => use)));
  return KEYS[kind](wanted, claims.toSorted(byId));
}
