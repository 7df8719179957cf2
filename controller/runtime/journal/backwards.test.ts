// Pages of the journal from the newest back: nothing twice, nothing between two pages, and no more unpacked than allowed.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { JournalRecord } from "@gridwright/contract/records.ts";
import { readBackwards } from "./backwards.ts";
import { encodeBlock, encodeFileHeader, segmentName } from "./format.ts";

const dir = mkdtempSync(join(tmpdir(), "gridwright-backwards-"));
after(() => rmSync(dir, { recursive: true, force: true }));

const T0 = 1_700_000_000_000;
const decision = (asset: string, at: number) => ({
  ...{ k: "decision", t: T0 + at, m: 300 + at },
  decision: { asset, at: T0 + at },
});
const tick = (at: number) => ({ k: "tick", t: T0 + at, m: 300 + at, c: { 4: 0.7 } });
const segment = (number: number, blocks: readonly (readonly object[])[]): void =>
  writeFileSync(
    join(dir, segmentName(number)),
    Buffer.concat([
      encodeFileHeader(number),
      ...blocks.map((lines) =>
        encodeBlock(
          lines.map((line) => JSON.stringify(line)),
          7,
        ),
      ),
    ]),
  );
segment(3, [
  [tick(10), decision("saw", 20)],
  [decision("pump", 30), decision("saw", 30), decision("lamp", 30), tick(35)],
]);
segment(4, [[tick(40), decision("pump", 50)], [tick(60)], [decision("lamp", 70), decision("saw", 80)]]);

const DECISIONS = new Set<JournalRecord["k"]>(["decision"]);
const nameOf = (record: JournalRecord): string =>
  record.k === "decision" ? `${record.decision.asset} ${record.t - T0}` : record.k;

const ALL = { from: 0, before: T0 + 1_000, limit: 20, kinds: DECISIONS, wanted: () => true };
const rows: [string, Partial<Parameters<typeof readBackwards>[0]>, readonly string[], number | null][] = [
  [
    "everything, newest first, until none are left",
    {},
    ["saw 80", "lamp 70", "pump 50", "lamp 30", "saw 30", "pump 30", "saw 20"],
    null,
  ],
  ["a page says where the next one begins", { limit: 2 }, ["saw 80", "lamp 70"], 70],
  [
    "the next page begins there",
    { limit: 2, before: T0 + 70 },
    ["pump 50", "lamp 30", "saw 30", "pump 30"],
    30,
  ],
  [
    "what came in one tick is never torn apart",
    { limit: 3, before: T0 + 60 },
    ["pump 50", "lamp 30", "saw 30", "pump 30"],
    30,
  ],
  ["a period ends where it begins", { from: T0 + 45 }, ["saw 80", "lamp 70", "pump 50"], null],
  [
    "only what is wanted",
    { wanted: (record) => record.k === "decision" && record.decision.asset === "pump" },
    ["pump 50", "pump 30"],
    null,
  ],
  ["other kinds are asked for by name", { kinds: new Set(["tick"]), limit: 2 }, ["tick", "tick"], 40],
  [
    "more than may be unpacked is left for the next question",
    { packedBytesMax: 9 },
    ["saw 80", "lamp 70"],
    70,
  ],
];
for (const [sentence, asked, expected, reachedTo] of rows)
  test(`backwards: ${sentence}`, async () => {
    const found = await readBackwards({ ...ALL, dir, ...asked });
    assert.deepEqual(found.records.map(nameOf), expected);
    assert.equal(found.reachedTo === null ? null : found.reachedTo - T0, reachedTo);
  });

test("backwards: where there is no journal yet there is nothing", async () => {
  const found = await readBackwards({ ...ALL, dir: join(dir, "none") });
  assert.deepEqual(found, { records: [], reachedTo: null });
});
