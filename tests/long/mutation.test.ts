import assert from "node:assert/strict";
import { it } from "node:test";
import { budget } from "../tools/budget.ts";
import { figure } from "../tools/figure.ts";
import { install, known, mutated, nextPiece, scoreOf } from "./mutation/chunks.ts";

/** What is left is done by the next call. */
const BUDGET_MS = 6_000_000;
const LEAST = 0.85;

it(`tests of the core catch ${LEAST * 100} % of its mutants; each call goes on where the last one ended`, (context) => {
  install();
  const all = mutated().length;
  const left = budget(BUDGET_MS);
  let run = known();
  while (run.files.length < all && left() > 0) run = nextPiece(run, left());
  const { score, missed } = scoreOf(run);
  const told = `${run.files.length} of ${all} files, ${run.mutants.length} mutants, ${(score * 100).toFixed(1)} % caught`;
  if (run.files.length < all) {
    context.skip(`${told}; npm run test:long goes on from there`);
    return;
  }
  context.diagnostic(told);
  const where = missed.map(({ file, line, mutator }) => `${file}:${line} ${mutator}`);
  assert.ok(score >= LEAST, `${told}; missed:\n${where.join("\n")}`);
  figure("mutants", { mutants: run.mutants.length, percent: Math.floor(score * 1_000) / 10 });
});
