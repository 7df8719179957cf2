import assert from "node:assert/strict";
import { test } from "node:test";
import { importCycles, wrongImports } from "./imports.ts";
import { readTree } from "./source.ts";

test("every room imports only what the table gives it", () => assert.deepEqual(wrongImports(readTree()), []));

test("no chain of imports comes back to where it began", () =>
  assert.deepEqual(importCycles(readTree()), []));

//  case                                    from                              specifier                         allowed
const CASES: readonly (readonly [string, string, string, boolean])[] = [
  ["core may import contract by name", "controller/core/a.ts", "@gridwright/contract/units.ts", true],
  ["core may not import runtime by name", "controller/core/a.ts", "@gridwright/runtime/loop.ts", false],
  ["core may not import runtime by path", "controller/core/rules/a.ts", "../../runtime/loop.ts", false],
  ["core may import its own files", "controller/core/rules/a.ts", "../state.ts", true],
  ["contract may import nobody", "controller/contract/a.ts", "@gridwright/core/decide.ts", false],
  ["contract may use zod", "controller/contract/a.ts", "zod", true],
  ["contract may use a part of zod", "controller/contract/a.ts", "zod/v4", true],
  ["contract may use no other package", "controller/contract/a.ts", "yaml", false],
  ["core may use suncalc, which is pure", "controller/core/a.ts", "suncalc", true],
  ["core may use no other package", "controller/core/a.ts", "zod", false],
  ["protocols may use yaml", "controller/protocols/a.ts", "yaml", true],
  ["protocols may use no socket package", "controller/protocols/a.ts", "mqtt", false],
  ["runtime may not import the twin", "controller/runtime/a.ts", "@gridwright/twin/plant/sun.ts", false],
  ["runtime may import the bridge", "controller/runtime/a.ts", "../../firmware-bridge/src/link.ts", true],
  ["the twin may not import runtime", "controller/twin/a.ts", "../runtime/loop.ts", false],
  ["the bridge may not import core", "firmware-bridge/src/a.ts", "@gridwright/core/decide.ts", false],
  ["flows may not import runtime", "flows/src/a.ts", "@gridwright/runtime/loop.ts", false],
  ["the page may import contract", "dashboards/web/src/a.ts", "@gridwright/contract/api.ts", true],
  ["the page may not import core", "dashboards/web/src/a.ts", "../../../controller/core/decide.ts", false],
  ["nothing imports cli", "controller/runtime/a.ts", "@gridwright/cli/main.ts", false],
  ["nothing imports tests", "controller/cli/a.ts", "../../tests/tools/needs.ts", false],
  ["cli may import every room", "controller/cli/a.ts", "@gridwright/twin/village.ts", true],
  ["a room that is not in the table is refused", "controller/cli/a.ts", "@gridwright/attic/a.ts", false],
  ["a way out of the rooms is refused", "controller/cli/a.ts", "../../scripts/a.ts", false],
  ["a unit test may import everything", "controller/core/a.test.ts", "@gridwright/twin/village.ts", true],
  ["the tests may import everything", "tests/e2e/start.ts", "@gridwright/cli/main.ts", true],
];

for (const [name, path, specifier, allowed] of CASES) {
  for (const text of [`import { a } from "${specifier}";`, `const a = await import("${specifier}");`]) {
    test(`${name}: ${text.split(" ", 1)}`, () => {
      assert.equal(wrongImports([{ path, text }]).length, allowed ? 0 : 1);
    });
  }
}

const chain = (closing: string) => [
  { path: "controller/core/a.ts", text: 'import { b } from "./b.ts";' },
  { path: "controller/core/b.ts", text: 'export { c } from "@gridwright/core/rules/c.ts";' },
  { path: "controller/core/rules/c.ts", text: closing },
];

test("a cycle over three files and a workspace name is found once", () => {
  assert.deepEqual(importCycles(chain('import { a } from "../a.ts";')), [
    "controller/core/a.ts → controller/core/b.ts → controller/core/rules/c.ts → controller/core/a.ts",
  ]);
});

test("a chain that only types close is no cycle", () => {
  assert.deepEqual(importCycles(chain('import type { A } from "../a.ts";')), []);
});
