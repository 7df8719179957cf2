// Defects are planted into a copy of the tree, one after the other: the proof of the claim that each breaks must fail there, and the
// copy's RELIABILITY.md must call that claim red, and no other that this proof does not serve. What turned red before, of the same
// sources, is not tried again; when its time is over, the next call goes on.
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { CLAIMS } from "@gridwright/cli/dev/reliability/claims.ts";
import { budget } from "../tools/budget.ts";
import { figure } from "../tools/figure.ts";
import { DEFECTS } from "./planting/all-defects.ts";
import type { Defect } from "./planting/defect.ts";
import { keptReds } from "./planting/kept.ts";
import { copyTree, type TreeCopy } from "./planting/tree-copy.ts";

const BUDGET_MS = 2_400_000;

let copy: TreeCopy | undefined;
const well = new Set<string>();
const kept = keptReds();
const left = DEFECTS.filter((defect) => !kept.has(defect));

const servedBy = (proof: string): readonly string[] =>
  CLAIMS.filter(({ quick, long = [] }) => [...quick, ...long].some(({ file }) => file === proof)).map(
    ({ id }) => id,
  );

/** Without a defect the proof passes in the copy, and no claim is red there. Looked at once for each proof. */
function assertWell(copy: TreeCopy, proof: string): void {
  if (well.has(proof)) return;
  const { ok, output } = copy.run("test", proof);
  assert.ok(ok, `without a defect: ${output}`);
  assert.ok(copy.run("reliability").ok);
  assert.deepEqual(copy.rows().red, [], "without a defect no claim is red");
  copy.keep();
  well.add(proof);
}

/** The claims that the copy calls red while the defect is in it. */
function redWith(copy: TreeCopy, defect: Defect): readonly string[] {
  return copy.plant(defect, () => {
    const { ok, output } = copy.run("test", defect.proof);
    assert.equal(ok, false, `${defect.proof} does not see it: mend the test`);
    assert.match(
      output,
      /AssertionError|Broken:|not ended after|not within \d+ ms/,
      `${defect.proof} fails, but asserts nothing`,
    );
    assert.equal(copy.run("reliability").ok, true);
    return copy.rows().red;
  });
}

describe("planted defects", () => {
  const begun = performance.now();
  const timeLeft = budget(BUDGET_MS);
  const seconds = (since: number): string => `${((performance.now() - since) / 1_000).toFixed(0)} s`;
  let red = DEFECTS.length - left.length;
  let failed = 0;
  after(() => copy?.close());
  for (const [at, defect] of left.entries())
    it(`${defect.row}: ${defect.defect}`, (context) => {
      if (timeLeft() <= 0) return context.skip("its time is over; npm run test:long goes on from there");
      copy ??= copyTree();
      failed += 1;
      const from = performance.now();
      assertWell(copy, defect.proof);
      const found = redWith(copy, defect);
      assert.ok(found.includes(defect.row), `${defect.row} is not red`);
      const served = servedBy(defect.proof);
      assert.deepEqual(
        found.filter((id) => !served.includes(id)),
        [],
      );
      red += 1;
      failed -= 1;
      kept.add(defect);
      console.log(
        `${at + 1} of ${left.length}: ${defect.row}, ${defect.defect}: red after ${seconds(from)} (${seconds(begun)} in all)`,
      );
    });
  it("each that was tried turned its claim red", () => {
    assert.equal(failed, 0);
    figure("planted-defects", { planted: red, red, left: DEFECTS.length - red });
  });
});
