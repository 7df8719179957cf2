// Sums over transfers: what stands on each account, and the transfers that lead from what was booked to what is right.
import type { Transfer } from "@gridwright/contract/ledger.ts";

/** Account → Wh, what it was given less what was taken from it. The sum over all is 0 by construction. */
export function balances(transfers: Iterable<Transfer>): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const [, from, to, wh] of transfers) {
    sums.set(from, (sums.get(from) ?? 0) - wh);
    sums.set(to, (sums.get(to) ?? 0) + wh);
  }
  return sums;
}

/** Between two accounts and of one kind, in the direction of the alphabet; a pair's transfers become one signed figure. */
function netOf(transfers: Iterable<Transfer>, sign: 1 | -1, into: Map<string, number>): void {
  for (const [kind, from, to, wh] of transfers) {
    const [key, signed] = from < to ? [`${kind} ${from} ${to}`, wh] : [`${kind} ${to} ${from}`, -wh];
    into.set(key, (into.get(key) ?? 0) + sign * signed);
  }
}

/** The transfers that, added to `booked`, give what `right` says; sorted, so that there is one answer. */
export function difference(booked: Iterable<Transfer>, right: Iterable<Transfer>): readonly Transfer[] {
  const net = new Map<string, number>();
  netOf(right, 1, net);
  netOf(booked, -1, net);
  return [...net]
    .filter(([, wh]) => wh !== 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, wh]): Transfer => {
      const [kind = "", one = "", other = ""] = key.split(" ");
      const ways = wh > 0 ? [one, other] : [other, one];
      return [kind as Transfer[0], ways[0] ?? "", ways[1] ?? "", Math.abs(wh)];
    });
}
