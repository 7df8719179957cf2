import assert from "node:assert/strict";
import { test } from "node:test";
import { choose, inLongOrder, processesFor, type Suite, suiteOf, suites } from "./suites.ts";

//  file                                     suite
const FILES: readonly (readonly [string, string])[] = [
  ["tests/e2e/start.test.ts", "e2e"],
  ["tests/laws/shape.test.ts", "laws"],
  ["controller/core/rules/overload.test.ts", "unit"],
  ["dashboards/web/src/story.test.ts", "unit"],
  ["firmware-bridge/src/frame.test.ts", "unit"],
  ["tests/tools/needs.test.ts", "unit"],
  ["tests/browser/phone/page.test.ts", "browser"],
  ["tests/long/kill.test.ts", "long"],
];
const ALL = FILES.map(([file]) => file);

for (const [file, suite] of FILES) test(`${file} is of ${suite}`, () => assert.equal(suiteOf(file), suite));

const shape = (list: readonly Suite[]): string[] => list.map(({ name, files }) => `${name} ${files.length}`);

//  case                                           long   words                              suites and their files
const CHOICES: readonly (readonly [string, boolean, readonly string[], readonly string[]])[] = [
  ["the quick ones stand first", false, [], ["laws 1", "unit 4", "browser 1", "e2e 1"]],
  ["the long ones only when asked for", true, [], ["long 1"]],
  ["a suite by its name", false, ["e2e"], ["e2e 1"]],
  ["files by the beginning of their path", false, ["controller/core", "tests/laws"], ["laws 1", "unit 1"]],
  ["words that name nothing", false, ["nowhere"], []],
];

for (const [name, long, words, expected] of CHOICES) {
  test(name, () => assert.deepEqual(shape(choose(suites(ALL, long), words)), expected));
}

const room = (count: number): string[] =>
  Array.from({ length: count }, (_, place) => `controller/core/rules/rule-${place}.test.ts`);

//  case                                       files                                                  files per process
const SHARED: readonly (readonly [string, readonly string[], readonly number[]])[] = [
  [
    "pure rooms share, others stand alone",
    [...room(3), "controller/runtime/a.test.ts", "tests/e2e/b.test.ts"],
    [3, 1, 1],
  ],
  ["a room is not mixed with another", [...room(2), "controller/twin/plant/c.test.ts"], [2, 1]],
  ["no process holds more than twelve", room(29), [12, 12, 5]],
];

for (const [name, files, expected] of SHARED)
  test(`processes: ${name}`, () =>
    assert.deepEqual(
      processesFor(files).map(({ length }) => length),
      expected,
    ));

test("of the long suite the longest is begun first, and what goes on where it ended comes last", () => {
  const [year, days, other] = ["village-year", "simulated-days", "journal-kill"].map(
    (name) => `tests/long/${name}.test.ts`,
  ) as [string, string, string];
  assert.deepEqual(inLongOrder([other, days, year]), [year, other, days]);
});
