// What is planted in a journal is found by `replay` and told in words; what is torn, damaged, merged or of another site
// is left out and told, and nothing else of the journal with it.
import assert from "node:assert/strict";
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { JournalRecord } from "@gridwright/contract/records.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { mergeTicks } from "@gridwright/runtime/journal/thin.ts";
import { demoRecords, journals, replayed, verified } from "./demo-journal.ts";

const folders = journals();
let records: readonly JournalRecord[] = [];
before(() => {
  records = demoRecords(32 / 60);
});
after(() => folders.remove());

/** The journal with one record replaced. */
const planted = (
  find: (record: JournalRecord) => boolean,
  change: (record: JournalRecord) => JournalRecord[],
): string => {
  const place = records.findIndex(find);
  assert.ok(place > 0);
  const record = records[place];
  return folders.of(records.toSpliced(place, 1, ...(record === undefined ? [] : change(record))));
};
const shed = (record: JournalRecord): record is JournalRecord & { k: "decision" } =>
  record.k === "decision" && record.decision.rule === "overload";

const plants: [given: string, journal: () => string, then: RegExp][] = [
  [
    "a decision with another reason",
    () =>
      planted(shed, (record) => {
        if (!shed(record)) return [record];
        const reason = { ...record.decision.reason, code: "overload-warning" } as const;
        return [{ ...record, decision: { ...record.decision, reason } }];
      }),
    /1 difference\. The first, at 2026-11-21 \d\d:\d\d:\d\d: - .+: the journal says off by «overload of the inverter»: Battery inverter itself warned.+; decided again it goes off by .+ had used 5\d %/,
  ],
  [
    "a decision that is not there",
    () => planted(shed, () => []),
    /the journal has no decision; decided again/,
  ],
  [
    "a decision that nobody made",
    () =>
      planted(
        (record) => record.k === "tick" && record.m > 600_000,
        (record) => {
          const other = records.find(shed);
          const { t, m } = record;
          return other !== undefined && shed(other)
            ? [record, { k: "decision", t, m, decision: { ...other.decision, at: epoch(t) } }]
            : [];
        },
      ),
    /the journal says off by .+; decided again nothing is done/,
  ],
  [
    "a memory that was never had",
    () =>
      planted(
        (record) => record.k === "snapshot" && record.cause === "minute",
        (record) =>
          record.k === "snapshot"
            ? [{ ...record, memory: { ...(record.memory as object), restored: { at: 7, share: 0.3 } } }]
            : [],
      ),
    /differences?\. The first, .+ what the controller remembered differs in restored/,
  ],
];

describe("replay finds", () => {
  for (const [given, journal, then] of plants)
    it(given, async () => {
      const { code, text } = await replayed(journal());
      assert.match(text, then);
      assert.equal(code, 1);
    });
});

const segmentsOf = (dir: string): string[] =>
  readdirSync(dir)
    .sort()
    .map((name) => join(dir, name));
const missing: [given: string, journal: () => string, then: RegExp, whole: 0 | 1][] = [
  [
    "a torn tail",
    () => {
      const dir = folders.of(records);
      appendFileSync(segmentsOf(dir).at(-1) ?? "", readFileSync(segmentsOf(dir)[0] ?? "").subarray(24, 400));
      return dir;
    },
    /1,920 ticks/,
    0,
  ],
  [
    "a damaged place",
    () => {
      const dir = folders.of(records);
      const second = segmentsOf(dir)[1] ?? "";
      const bytes = readFileSync(second);
      bytes.writeUInt32LE(0xdead_beef, bytes.length >> 1);
      writeFileSync(second, bytes);
      return dir;
    },
    /\d+ ticks were decided again but not compared.+bytes in 1 places could not be read/,
    1,
  ],
  [
    "ticks that were merged on a full card",
    () => {
      const place = records.findIndex(shed);
      const ticks = records
        .slice(0, place)
        .flatMap((record, at) => (record.k === "tick" ? [at] : []))
        .slice(-2);
      const [one, two] = ticks.map((at) => records[at]);
      assert.ok(one?.k === "tick" && two?.k === "tick");
      const merged = mergeTicks(one, two);
      return folders.of([
        ...records.slice(0, ticks[0]),
        ...records.slice((ticks[0] ?? 0) + 1, ticks[1]),
        ...records.slice((ticks[1] ?? 0) + 1, place + 1),
        merged,
        ...records.slice(place + 1),
      ]);
    },
    /\d+ ticks were decided again but not compared/,
    0,
  ],
  [
    "a stretch of another site file",
    () =>
      folders.of(
        records.map((record) =>
          record.k === "snapshot" && record.m > 1_500_000 ? { ...record, siteHash: "other" } : record,
        ),
      ),
    /\d\d\d ticks were not decided again: they belong to another site file/,
    0,
  ],
];
describe("replay copes with", () => {
  for (const [given, journal, then, damaged] of missing)
    it(given, async () => {
      const dir = journal();
      const { code, text } = await replayed(dir);
      assert.match(text, then);
      assert.match(text, /No difference/);
      assert.equal(code, 0);
      const check = await verified(dir);
      assert.equal(check.code, damaged);
      if (given === "a torn tail") assert.match(check.text, /The newest 376 B are no whole block/);
    });
});
