// Ticks that wait for a full card are merged, oldest first; what people must know is never touched.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { TickRecord } from "@gridwright/contract/records.ts";
import { epoch, mono } from "@gridwright/contract/units.ts";
import { type Entry, entryBytes, mergeTicks, thin } from "./thin.ts";

const T0 = 1_700_000_000_000;
const tick = (at: number, c: TickRecord["c"], d?: TickRecord["d"]): TickRecord => ({
  k: "tick",
  t: epoch(T0 + at),
  m: mono(500 + at),
  ...(d && { d }),
  ...(c && { c }),
});
const entry = (record: { k: string }): Entry => ({ k: record.k, line: JSON.stringify(record) });
const told = (entries: readonly Entry[]): string =>
  entries
    .map(({ k, line }) =>
      k === "tick" ? `${JSON.parse(line).t - T0}:${JSON.stringify(JSON.parse(line).c)}` : k,
    )
    .join(" ");

test("a merged tick says how the plant stood at the later time", () => {
  assert.deepEqual(
    mergeTicks(tick(100, { 3: 231.5, 7: true }, { 2: 40, 5: 11 }), tick(350, { 7: ["s"] }, { 5: 17 })),
    { ...tick(350, { 3: 231.5, 7: ["s", true] }, { 2: 290, 5: 17 }), n: 2 },
  );
});

test("and how many it stands for", () => {
  const three = mergeTicks(mergeTicks(tick(100, {}), tick(350, {})), tick(600, {}));
  assert.equal(mergeTicks(three, mergeTicks(tick(700, {}), tick(800, {}))).n, 5);
});

describe("thinning", () => {
  const ticks = [tick(10, { 3: 21 }), tick(20, { 4: 22 }), tick(30, { 3: 23 }), tick(40, { 5: 24 })].map(
    entry,
  );
  const decision = entry({ k: "decision" });
  const snapshot: Entry = { ...entry({ k: "snapshot" }), opens: true };
  const minute: Entry = { k: "snapshot", line: JSON.stringify({ k: "snapshot", cause: "minute" }) };
  const config: Entry = { k: "snapshot", line: JSON.stringify({ k: "snapshot", cause: "config" }) };
  const [a, b, c, d] = ticks as [Entry, Entry, Entry, Entry];
  //  case, given, bytes to free, then
  const CASES: [string, Entry[], number, string][] = [
    [
      "merges the oldest first and only as many as needed",
      ticks,
      5,
      '20:{"3":21,"4":22} 30:{"3":23} 40:{"5":24}',
    ],
    ["merges all when it must", ticks, 9_999, '40:{"3":23,"4":22,"5":24}'],
    ["never touches a decision", [a, decision, b, c], 9_999, 'decision 30:{"3":23,"4":22}'],
    ["merges across the snapshot of a minute", [a, minute, c], 9_999, '30:{"3":23}'],
    ["keeps the snapshot of a new configuration", [a, config, c], 9_999, 'snapshot 30:{"3":23}'],
    ["forgets ticks before a snapshot", [a, b, snapshot, c, d], 9_999, 'snapshot 40:{"3":23,"5":24}'],
  ];
  for (const [name, given, free, then] of CASES) {
    test(name, () => {
      const { entries, freedBytes } = thin(given, free);
      assert.equal(told(entries), then);
      const bytes = (list: readonly Entry[]): number => list.reduce((sum, item) => sum + entryBytes(item), 0);
      assert.equal(freedBytes, bytes(given) - bytes(entries));
    });
  }
});
