// What must hold of every community and key, over communities that are drawn. The long suite draws a hundred thousand.
import assert from "node:assert/strict";
import { KEY_KINDS } from "@gridwright/contract/ledger.ts";
import { byRemainder, type Claim, shareOut } from "@gridwright/core/ledger/share-out.ts";
import fc from "fast-check";
import { settledLaw } from "./settled-communities.ts";

const claim = (place: number) =>
  fc.record({
    id: fc.constant(`house-${place}`),
    use: fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 60_000 })),
    weight: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 1_000_000 })),
  });
const claims = fc
  .integer({ min: 1, max: 14 })
  .chain((size) => fc.tuple(...Array.from({ length: size }, (_, place) => claim(place))));
const community = fc.record({
  kind: fc.constantFrom(...KEY_KINDS),
  available: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 500_000 })),
  claims,
  seed: fc.integer(),
});

interface Community {
  readonly kind: (typeof KEY_KINDS)[number];
  readonly available: number;
  readonly claims: readonly Claim[];
  readonly seed: number;
}

const sum = (values: Iterable<number>): number => [...values].reduce((all, value) => all + value, 0);
const sharesOf = ({ kind, available, claims: asked }: Community) => shareOut(kind, available, asked);

const always = (law: (community: Community) => void) => (runs: number) =>
  fc.assert(
    fc.property(community, (drawn) => law(drawn)),
    { numRuns: runs },
  );

/** The claims in another order, which the seed says. */
const mixed = (asked: readonly Claim[], seed: number): readonly Claim[] =>
  asked.toSorted((a, b) => ((a.use * 31 + seed) % 7) - ((b.use * 31 + seed) % 7) || (a.id < b.id ? 1 : -1));

export const communityLaws: Readonly<Record<string, (runs: number) => void>> = {
  "a settled quarter of an hour sums to zero, and books what each meter counted": settledLaw,
  "what is shared out is what there is, or what is used": always((drawn) => {
    const used = sum(drawn.claims.map(({ use }) => use));
    assert.equal(sum(sharesOf(drawn).values()), Math.min(drawn.available, used));
  }),
  "nobody gets more than they used, or less than nothing": always((drawn) => {
    const shares = sharesOf(drawn);
    for (const { id, use } of drawn.claims) {
      const got = shares.get(id) ?? Number.NaN;
      assert.ok(Number.isInteger(got) && got >= 0 && got <= use, `${id}: ${got} of ${use}`);
    }
  }),
  "the order of the claims changes nothing": always((drawn) => {
    const other = sharesOf({ ...drawn, claims: mixed(drawn.claims, drawn.seed) });
    assert.deepEqual(new Map([...other].sort()), new Map([...sharesOf(drawn)].sort()));
  }),
  "who uses more never gets less": always((drawn) => {
    const place = Math.abs(drawn.seed) % drawn.claims.length;
    const { id, use } = drawn.claims[place] ?? { id: "", use: 0 };
    const more = drawn.claims.map((one) =>
      one.id === id ? { ...one, use: use + 1 + (Math.abs(drawn.seed) % 90) } : one,
    );
    const before = sharesOf(drawn).get(id) ?? 0;
    assert.ok((sharesOf({ ...drawn, claims: more }).get(id) ?? 0) >= before);
  }),
  "whole parts are the quota rounded down or up, and the largest remainders go up": always(
    ({ available, claims: asked }) => {
      const weights = asked.map(({ weight }) => weight);
      const all = sum(weights);
      const parts = byRemainder(available, weights);
      assert.equal(sum(parts), available);
      const rests = weights.map((weight, place) => {
        const quota = BigInt(available) * BigInt(weight);
        const down = Number(quota / BigInt(all));
        const part = parts[place] ?? Number.NaN;
        assert.ok(part === down || part === down + 1);
        return { up: part > down, rest: quota % BigInt(all) };
      });
      for (const { up, rest } of rests)
        for (const other of rests) if (up && !other.up) assert.ok(rest >= other.rest);
    },
  ),
};
