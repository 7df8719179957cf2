import assert from "node:assert/strict";
import { it } from "node:test";
import { budget } from "../tools/budget.ts";
import { figure } from "../tools/figure.ts";
import { CAUGHT_LEAST, install, known, mutated, nextPiece, scoreOf } from "./mutation/chunks.ts";

/** What is left is done by the next call. */
const BUDGET_MS = 6_000_000;

it(`tests of the core catch ${CAUGHT_LEAST * 100} % of its mutants; each call goes on where the last one ended`, (context) => {
  install();
  const all = mutated().length;
  const left = budget(BUDGET_MS);
  let run = known();
  while (run.files.length < all && left() > 0) run = nextPiece(run, left());
  const { score, missed } = scoreOf(run);
  const told = `${run.files.length} of ${all} files, ${run.mutants.length} mutants, ${(score * 100).toFixed(1)} % caught`;
  const filesLeft = all - run.files.length;
  const percent = Math.floor(score * 1_000) / 10;
  const seen = { files: run.files.length, left: filesLeft, mutants: run.mutants.length, percent };
  if (filesLeft > 0) {
    if (run.files.length > 0) figure("mutants", seen);
    context.skip(`${told}; npm run test:long goes on from there`);
    return;
  }
  context.diagnostic(told);
  const where = missed.map(({ file, line, mutator }) => `${file}:${line} ${mutator}`);
  assert.ok(score >= CAUGHT_LEAST, `${told}; missed:\n${where.join("\n")}`);
  figure("mutants", seen);
});
