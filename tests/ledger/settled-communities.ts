// What must hold of every settled quarter of an hour, over communities that are drawn whole: meters, feeders, roofs, battery, line,
// key and jobs.
import assert from "node:assert/strict";
import {
  KEY_KINDS,
  type LedgerMeter,
  type LedgerRules,
  type MeterEntry,
  memberAccount,
  POOL,
} from "@gridwright/contract/ledger.ts";
import { balances } from "@gridwright/core/ledger/balances.ts";
import { settle } from "@gridwright/core/ledger/settle.ts";
import fc from "fast-check";

const wh = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 40_000 }));
const house = fc.record({
  used: wh,
  roof: fc.oneof(fc.constant(0), wh),
  weight: fc.integer({ min: 1, max: 4 }),
  feeder: fc.integer({ min: 0, max: 2 }),
});
const community = fc.record({
  kind: fc.constantFrom(...KEY_KINDS),
  houses: fc.array(house, { minLength: 1, maxLength: 9 }),
  ...{ sun: wh, charged: wh, discharged: wh, imported: wh, exported: wh, shared: wh },
  lossShare: fc.integer({ min: -5, max: 12 }),
  silent: fc.integer({ min: -1, max: 8 }),
});
type Drawn = typeof community extends fc.Arbitrary<infer T> ? T : never;

const meter = (
  id: string,
  { role, account, under }: Pick<LedgerMeter, "role" | "account" | "under">,
): LedgerMeter => ({
  ...{ id, role, account, under },
  channels: { in: `${id}/in`, out: null, power: null },
});
const source = (role: "sun" | "battery" | "grid"): LedgerMeter =>
  meter(role, { role, account: role, under: null });
const FEEDERS = ["street", "yard", "hill"] as const;
const nameOf = (place: number): string => `house-${place}`;

function drawnSlot(drawn: Drawn): { readonly rules: LedgerRules; readonly entries: readonly MeterEntry[] } {
  const { kind, houses, sun, charged, discharged, imported, exported, shared, lossShare, silent } = drawn;
  const entry = (wIn: number, wOut = 0): MeterEntry => [wIn, wOut, "ok", null];
  const through = FEEDERS.map((_, place) =>
    houses.reduce((sum, one) => (one.feeder === place ? sum + one.used - one.roof : sum), 0),
  );
  const feeders = through.map((below) => Math.round(below * (1 + lossShare / 100)));
  const meters = [
    ...(["sun", "battery", "grid"] as const).map(source),
    ...FEEDERS.map((id) => meter(id, { role: "feeder", account: `losses:${id}`, under: null })),
    ...houses.map(({ feeder }, place) =>
      meter(nameOf(place), {
        role: "member",
        account: memberAccount(nameOf(place)),
        under: FEEDERS[feeder] ?? null,
      }),
    ),
    meter("pump", { role: "shared", account: "shared:pump", under: null }),
  ];
  const entries = [
    ...[entry(sun), entry(discharged, charged), entry(imported, exported)],
    ...feeders.map((flow) => entry(Math.max(0, flow), Math.max(0, -flow))),
    ...houses.map(
      ({ used, roof }, place): MeterEntry => (place === silent ? [0, 0, "none", null] : entry(used, roof)),
    ),
    entry(shared),
  ];
  const weights = Object.fromEntries(houses.map(({ weight }, place) => [nameOf(place), weight]));
  return { rules: { meters, key: { kind, weights }, prices: null }, entries };
}

/** `runs` communities: all accounts sum to zero, so does the pool, and each home is booked what its meter counted, no more. */
export function settledLaw(runs: number): void {
  const law = (drawn: Drawn): void => {
    const { rules, entries } = drawnSlot(drawn);
    const transfers = settle({ rules, entries, jobs: [] });
    const sums = balances(transfers);
    assert.equal(
      [...sums.values()].reduce((all, one) => all + one, 0),
      0,
    );
    assert.equal(sums.get(POOL) ?? 0, 0);
    for (const [place, { used, roof }] of drawn.houses.entries()) {
      const account = memberAccount(nameOf(place));
      const booked = transfers.reduce(
        (sum, [kind, , to, wh]) =>
          to === account && (kind === "local" || kind === "bought") ? sum + wh : sum,
        0,
      );
      const given = transfers.reduce(
        (sum, [kind, from, , wh]) => (from === account && kind === "given" ? sum + wh : sum),
        0,
      );
      const isSilent = place === drawn.silent;
      assert.deepEqual([booked, given], isSilent ? [0, 0] : [used, roof], account);
    }
    for (const [, , , wh] of transfers) assert.ok(Number.isSafeInteger(wh) && wh > 0);
  };
  fc.assert(fc.property(community, law), { numRuns: runs });
}
