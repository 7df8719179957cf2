// Which topics a filter takes and which filters stay inside another: the broker's access rules rest on it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { covers } from "./topic-filter.ts";

test("a filter inside another", () => {
  //  pattern             filter                    inside
  const table: [string, string, boolean][] = [
    ["stat/plug-3/#", "stat/plug-3/RESULT", true],
    ["stat/plug-3/#", "stat/plug-3/+", true],
    ["stat/plug-3/#", "stat/plug-3/#", true],
    ["stat/plug-3/#", "stat/plug-33/RESULT", false],
    ["stat/plug-3/#", "stat/#", false],
    ["stat/plug-3/#", "#", false],
    ["stat/plug-3/#", "stat/+/RESULT", false],
    ["a/+/c", "a/b/c", true],
    ["a/+/c", "a/+/c", true],
    ["a/+/c", "a/#", false],
    ["a/+/c", "a/b/c/d", false],
    ["a/b", "a/b", true],
    ["a/b", "a/b/c", false],
    ["a/b/c", "a/b", false],
    ["#", "anything/at/all", true],
    ["#", "$SYS/x/heartbeat", false],
    ["+/x", "$SYS/x", false],
    ["$SYS/#", "$SYS/x", true],
    ["gridwright/#", "gridwright", true],
    ["gridwright/+", "gridwright", false],
  ];
  for (const [pattern, filter, inside] of table)
    assert.equal(covers(pattern, filter), inside, `${pattern} ⊇ ${filter}`);
});
