import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Program } from "@gridwright/contract/plan/program.ts";
import { hostClock } from "../clock/host-clock.ts";
import { createSolverProcess } from "./solver-process.ts";

/** Two whole numbers of 7 and 4 kg worth 9 and 5, of which 26 kg may be carried. */
const SACK: Program = {
  cost: Float64Array.of(-9, -5),
  lower: Float64Array.of(0, 0),
  upper: Float64Array.of(9, 9),
  integer: Int32Array.of(1, 1),
  rowLower: Float64Array.of(Number.NEGATIVE_INFINITY),
  rowUpper: Float64Array.of(26),
  starts: Int32Array.of(0, 2),
  indices: Int32Array.of(0, 1),
  values: Float64Array.of(7, 4),
};
const IMPOSSIBLE: Program = { ...SACK, rowLower: Float64Array.of(190), rowUpper: Float64Array.of(200) };
const LIMITS = { gap: 1e-6, timeMs: 20_000 };

describe("the solver in a process of its own", () => {
  test("solves, says what is impossible, begins from a start, and serves on after its process was killed", async (t) => {
    const children: number[] = [];
    const solver = createSolverProcess(hostClock(), (pid) => children.push(pid));
    t.after(() => solver.close());
    const [sack, never] = await Promise.all([solver.solve(SACK, LIMITS), solver.solve(IMPOSSIBLE, LIMITS)]);
    // 2 · 7 + 3 · 4 = 26 kg: 18 + 15 = 33.
    assert.deepEqual("x" in sack && [...sack.x].map(Math.round), [2, 3]);
    assert.deepEqual(never, { status: "infeasible" });
    const begun = await solver.solve(SACK, { ...LIMITS, start: Float64Array.of(3, 1) });
    assert.equal("x" in begun && Math.round(begun.objective), -33);
    const killed = solver.solve(SACK, LIMITS);
    process.kill(children[0] ?? 0, "SIGKILL");
    const answer = await killed;
    assert.match(answer.status === "nothing" ? answer.why : "", /its process ended/);
    const again = await solver.solve(SACK, LIMITS);
    assert.equal(again.status, "optimal");
    assert.equal(children.length, 2);
  });
});
