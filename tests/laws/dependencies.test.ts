import assert from "node:assert/strict";
import { test } from "node:test";
import { lockfileGaps, unaccountedPackages, undeclaredPackages } from "./dependencies.ts";
import { readTree, type SourceFile } from "./source.ts";

test("what a workspace imports, its package.json declares", () => {
  assert.deepEqual(undeclaredPackages(readTree()), []);
});

test("every npm package is accounted for in ARCHITECTURE.md", () => {
  assert.deepEqual(unaccountedPackages(readTree()), []);
});

test("the lockfile names every platform and no host", () => assert.deepEqual(lockfileGaps(readTree()), []));

const MANIFESTS: readonly SourceFile[] = [
  { path: "package.json", text: '{ "name": "gridwright", "devDependencies": { "typescript": "7" } }' },
  {
    path: "controller/core/package.json",
    text: '{ "name": "@gridwright/core", "dependencies": { "@gridwright/contract": "0", "@scope/lp": "3" } }',
  },
  {
    path: "dashboards/web/package.json",
    text: '{ "name": "@gridwright/web", "devDependencies": { "vite": "8" } }',
  },
  {
    path: "tests/package.json",
    text: '{ "name": "@gridwright/tests", "dependencies": { "fast-check": "4" } }',
  },
];

//  case                                           file                              specifier                       fine
const IMPORTS: readonly (readonly [string, string, string, boolean])[] = [
  ["a declared package", "controller/core/a.ts", "@scope/lp/simplex", true],
  ["a declared workspace", "controller/core/rules/a.ts", "@gridwright/contract/units.ts", true],
  ["its own workspace", "controller/core/a.ts", "@gridwright/core/decide.ts", true],
  ["a built-in module", "controller/core/a.ts", "node:fs", true],
  ["a package nobody declares", "controller/core/a.ts", "lodash", false],
  ["a sibling that it does not declare", "controller/core/a.ts", "@gridwright/runtime/loop.ts", false],
  ["a package only the root declares", "controller/core/a.ts", "typescript", false],
  ["a package only the tests declare", "controller/core/a.ts", "fast-check", false],
  ["the same in a unit test", "controller/core/a.test.ts", "fast-check", true],
  ["a sibling in a unit test", "controller/core/a.test.ts", "@gridwright/twin/village.ts", true],
  ["a build tool in a source", "dashboards/web/src/a.ts", "vite", false],
  ["a build tool in a config file", "dashboards/web/vite.config.ts", "vite", true],
];

for (const [name, path, specifier, fine] of IMPORTS) {
  test(`undeclared: ${name}`, () => {
    const files = [...MANIFESTS, { path, text: `import { a } from "${specifier}";` }];
    assert.equal(undeclaredPackages(files).length, fine ? 0 : 1);
  });
}

const page = (text: string): SourceFile => ({ path: "ARCHITECTURE.md", text });
const row = (name: string): string => `| \`${name}\` | solves | smallest |\n`;

//  case                                  page                                                         complaints
const PAGES: readonly (readonly [string, readonly SourceFile[], number])[] = [
  ["no page", [], 1],
  ["a row for each", [page(["typescript", "@scope/lp", "vite", "fast-check"].map(row).join(""))], 0],
  ["one forgotten", [page(["typescript", "vite", "fast-check"].map(row).join(""))], 1],
  [
    "a row without a reason",
    [page(`${["typescript", "vite", "fast-check"].map(row).join("")}| @scope/lp | solves | |\n`)],
    1,
  ],
  [
    "a mention outside the table",
    [page(`We use @scope/lp.\n${["typescript", "vite", "fast-check"].map(row).join("")}`)],
    1,
  ],
];

for (const [name, pages, complaints] of PAGES) {
  test(`unaccounted: ${name}`, () => {
    assert.equal(unaccountedPackages([...MANIFESTS, ...pages]).length, complaints);
  });
}

test("lockfile: a platform without an entry and a host are seen", () => {
  const packages = {
    "": { dependencies: { a: "3" } },
    "node_modules/a": { optionalDependencies: { "a-linux": "3", "a-darwin": "3" } },
    "node_modules/a-linux": { resolved: "https://example.org/a-linux.tgz" },
  };
  const file = { path: "package-lock.json", text: JSON.stringify({ packages }) };
  assert.deepEqual(lockfileGaps([file]), [
    "package-lock.json: node_modules/a needs a-darwin, which has no entry",
    "package-lock.json: node_modules/a-linux names a host",
  ]);
  assert.equal(lockfileGaps([]).length, 1);
});
