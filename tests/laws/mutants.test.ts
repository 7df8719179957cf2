// How mutants of the core are counted (tests/long/mutation.test.ts makes them): every source of core is mutated, whatever lived
// counts against the score, and the score that is asked for is no lower than it was.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CAUGHT_LEAST, drawn, type Mutant, mutated, scoreOf } from "../long/mutation/chunks.ts";
import { isTest, readTree } from "./source.ts";

test("every source of core is mutated, but its tests and their fixtures", () => {
  const core = readTree().filter((file) => /^controller\/core\/.*\.ts$/.test(file.path) && !isTest(file));
  assert.deepEqual(
    core.map(({ path }) => path).filter((path) => !path.includes("/fixtures/")),
    mutated(),
  );
  assert.deepEqual(drawn().toSorted(), mutated());
});

test("the score of mutants: what survived or was never run is missed, what could not run counts for nothing", () => {
  const mutants = (...statuses: readonly string[]): readonly Mutant[] =>
    statuses.map((status, line) => ({ file: "a.ts", line, mutator: "ConditionalExpression", status }));
  //  how they ended, score, missed
  const rows: readonly [statuses: readonly string[], score: number, missed: number][] = [
    [["Killed", "Timeout", "Killed"], 1, 0],
    [["Killed", "Survived", "Killed", "Killed"], 0.75, 1],
    [["NoCoverage", "Killed"], 0.5, 1],
    [["Killed", "CompileError", "Ignored", "Survived"], 0.5, 1],
  ];
  for (const [statuses, score, missed] of rows) {
    const found = scoreOf({ of: "", files: [], mutants: mutants(...statuses) });
    assert.deepEqual([found.score, found.missed.length], [score, missed], statuses.join());
  }
  assert.ok(CAUGHT_LEAST >= 0.85);
});
