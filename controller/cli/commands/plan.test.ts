// The command as a user types it: a case in, an answer out, mistakes named.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { EXAMPLE_CASE } from "../dev/generators/plan-docs.ts";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "gridwright-plan-"));
after(() => rmSync(folder, { recursive: true, force: true }));

async function plan(given: object, ...more: readonly string[]) {
  const file = join(folder, "case.json");
  writeFileSync(file, JSON.stringify(given, null, 1));
  const run = promisify(execFile)(process.execPath, [MAIN, "plan", "--case", file, ...more]);
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      code,
      stdout,
      stderr,
    }),
  );
}

const CASE = {
  version: 1,
  stepMinutes: 30,
  steps: 2,
  grid: { importMaxW: [4_000, 4_000], priceImport: [0.2, 0.3] },
  loads: [{ id: "house", powerW: [600, 800] }],
};

describe("gridwright plan", () => {
  test("solves the example of the manual: the planks are cut while the sun and the cheap hour allow", async () => {
    const { stdout } = await plan(EXAMPLE_CASE);
    const answer = JSON.parse(stdout) as { status: string; relaxed: readonly unknown[] };
    assert.equal(answer.status, "optimal");
    assert.deepEqual(answer.relaxed, []);
  });

  test("writes the answer to stdout, and to a file with --out", async () => {
    const { stdout, stderr } = await plan({ ...CASE, fairness: null, machines: null });
    const answer = JSON.parse(stdout) as { objective: number; status: string };
    // 0.3 kWh at 0.2 and 0.4 kWh at 0.3.
    assert.deepEqual([answer.status, Math.round(answer.objective * 1e6)], ["optimal", 180_000]);
    assert.match(stderr, /optimal: objective 0\.1800/);
    const out = join(folder, "plan.json");
    const filed = await plan(CASE, "--out", out);
    assert.match(filed.stdout, /everything is served/);
    assert.equal((JSON.parse(readFileSync(out, "utf8")) as { importWh: number }).importWh, 700);
  });
  test("names every mistake with its line and plans nothing", async () => {
    const wrong = {
      ...CASE,
      loads: [{ id: "house", powerW: [600] }],
      pv: [{ id: "roof", powerW: [1, 2, 3] }],
    };
    const { code, stdout, stderr } = await plan(wrong);
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, /case\.json:\d+ loads\[0\]\.powerW: has 1 values; the case has 2 steps/);
    assert.match(stderr, /case\.json:\d+ pv\[0\]\.powerW: has 3 values/);
    assert.match(
      (await plan({ ...CASE, batterys: [] })).stderr,
      /batterys: is not a key here; did you mean "batteries"/,
    );
  });
});
