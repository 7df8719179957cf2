import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Block, planReads, type Span, splitBlock } from "./plan.ts";

const span = (address: number, count = 2, table: Span["table"] = "input"): Span => ({
  table,
  address,
  count,
});
const shown = (blocks: readonly Block[]): string =>
  blocks
    .map(({ table, address, count, spans }) => `${table} ${address}+${count} (${spans.length})`)
    .join(", ");

const rows: readonly [sentence: string, spans: readonly Span[], max: number, plan: string][] = [
  [
    "neighbours are read together, whatever their order",
    [span(14), span(12), span(16)],
    80,
    "input 12+6 (3)",
  ],
  ["a small hole is read along", [span(3), span(21)], 80, "input 3+20 (2)"],
  ["a large hole makes a second read", [span(3), span(22)], 80, "input 3+2 (1), input 22+2 (1)"],
  [
    "the device's maximum ends a block before the value it would cut",
    [span(5), span(7), span(9)],
    5,
    "input 5+4 (2), input 9+2 (1)",
  ],
  ["tables are never mixed", [span(5), span(6, 3, "holding")], 80, "holding 6+3 (1), input 5+2 (1)"],
  ["the same register asked for twice is read once", [span(40, 1), span(40, 1)], 80, "input 40+1 (1)"],
  ["coils have a maximum of their own", [span(2, 1, "coil"), span(17, 1, "coil")], 4, "coil 2+16 (2)"],
  ["nothing to read is no read", [], 80, ""],
];

test("the planner's blocks", () => {
  for (const [sentence, spans, max, plan] of rows) assert.equal(shown(planReads(spans, max)), plan, sentence);
});

test("a rejected block is split until single values are left", () => {
  const [block] = planReads([span(12), span(14), span(18)], 80);
  assert.ok(block);
  assert.equal(shown(splitBlock(block)), "input 12+4 (2), input 18+2 (1)");
  assert.deepEqual(splitBlock(splitBlock(block)[1] ?? block), []);
});

test("every value is in exactly one block, whole, and no block is too large", () => {
  const spans = fc.uniqueArray(fc.record({ address: fc.nat(600), count: fc.constantFrom(1, 2, 4) }), {
    selector: ({ address }) => address,
    maxLength: 60,
  });
  fc.assert(
    fc.property(spans, fc.integer({ min: 4, max: 125 }), (raw, max) => {
      const wanted = raw.map(({ address, count }) => span(address * 4, count));
      const blocks = planReads(wanted, max);
      for (const { address, count, spans: inside } of blocks) {
        assert.ok(count <= max);
        for (const part of inside)
          assert.ok(part.address >= address && part.address + part.count <= address + count);
      }
      assert.equal(blocks.flatMap((block) => block.spans).length, wanted.length);
    }),
    { numRuns: 100, seed: 3 },
  );
});
