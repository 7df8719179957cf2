// Every claim of RELIABILITY.md has a defect that must turn it red, and each can still be planted: its place stands in its file
// once. Whether they turn red, tests/long/planted-defects.test.ts sees.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { CLAIMS } from "@gridwright/cli/dev/reliability/claims.ts";
import { DEFECTS } from "../long/planting/all-defects.ts";
import { type Defect, planted } from "../long/planting/defect.ts";
import { figure } from "../tools/figure.ts";
import { ROOT } from "./source.ts";

const textOf = ({ file }: Defect): string => readFileSync(join(ROOT, file), "utf8");

test("every claim has a defect, and every defect a claim with that quick proof", () => {
  const rows = new Set(DEFECTS.map(({ row }) => row));
  assert.deepEqual(
    CLAIMS.map(({ id }) => id).filter((id) => !rows.has(id)),
    [],
  );
  for (const { defect, row, proof } of DEFECTS) {
    const quick = CLAIMS.find(({ id }) => id === row)?.quick ?? [];
    assert.ok(
      quick.some(({ file }) => file === proof),
      `${defect}: ${proof} is no quick proof of ${row}`,
    );
  }
  figure("planted-defects", { rows: DEFECTS.length, claims: rows.size });
});

test("no two defects are the same", () => {
  assert.equal(new Set(DEFECTS.map(({ defect }) => defect)).size, DEFECTS.length);
  assert.equal(new Set(DEFECTS.map(({ file, was, is }) => `${file} ${was} ${is}`)).size, DEFECTS.length);
});

for (const row of DEFECTS)
  test(`it can be planted: ${row.defect}`, () => assert.notEqual(planted(row, textOf(row)), textOf(row)));

test("what cannot be planted is refused", () => {
  const row = { defect: "", file: "a.ts", was: "sync();", is: "", row: "", proof: "" };
  assert.equal(planted(row, "write(); sync();"), "write(); ");
  assert.throws(() => planted(row, "write();"), /does not have it once/);
  assert.throws(() => planted(row, "sync(); sync();"), /does not have it once/);
});
