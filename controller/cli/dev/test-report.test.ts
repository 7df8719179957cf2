import assert from "node:assert/strict";
import { test } from "node:test";
import { summary } from "./result.ts";
import { failuresOf, reportCounts, skipReasons } from "./test-report.ts";

const REPORT = `✔ opens (0.8ms)
﹣ speaks to influx (0.1ms) # skipped: apt install influxdb
﹣ writes to influx (0.1ms) # skipped: apt install influxdb
﹣ later (0.1ms) # SKIP
✖ closes (2.7ms)
ℹ tests 23
ℹ suites 0
ℹ pass 11
ℹ fail 2
ℹ cancelled 3
ℹ skipped 6
ℹ todo 1
ℹ duration_ms 9.9

✖ failing tests:

✖ closes (2.7ms)
  AssertionError: it did not
`;
const GOOD = REPORT.replace("fail 2", "fail 0").replace("cancelled 3", "cancelled 0");

//  case                                         report   ended well   passed, failed, skipped
const CASES: readonly (readonly [string, string, boolean, readonly [number, number, number]])[] = [
  ["cancelled is failed, todo is skipped", REPORT, false, [11, 5, 7]],
  ["a good file", GOOD, true, [11, 0, 7]],
  ["a crash after the last test is a failure", GOOD, false, [11, 1, 7]],
  ["a file that does not load is one failure", "", false, [0, 1, 0]],
];

for (const [name, report, endedWell, [passed, failed, skipped]] of CASES) {
  test(name, () => assert.deepEqual(reportCounts(report, endedWell), { passed, failed, skipped }));
}

test("failures are shown from their heading on", () => {
  assert.match(failuresOf(REPORT), /^✖ failing tests:\n\n✖ closes .*\n {2}AssertionError: it did not/);
});

test("each reason to skip is said once", () => {
  assert.deepEqual(skipReasons(REPORT), ["skipped: apt install influxdb"]);
});

test("the last line of a summary is the sum", () => {
  const lines = summary(
    [
      { name: "lint", passed: 1, failed: 0, skipped: 0, tookMs: 310 },
      { name: "e2e", passed: 17, failed: 2, skipped: 5, tookMs: 61_200 },
    ],
    38_700,
  ).split("\n");
  assert.equal(lines.at(-1), "18 passed, 2 failed, 5 skipped");
  assert.match(lines.at(-3) ?? "", /^in all +38\.7 s$/);
});
