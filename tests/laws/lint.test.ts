import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { ROOT } from "./source.ts";

const folder = mkdtempSync(join(tmpdir(), "gridwright-lint-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const body = (n: number): string => "  step();\n".repeat(n);
const longFunction = (n: number): string => `export function work(step: () => void): void {\n${body(n)}}\n`;
const branches = Array.from({ length: 17 }, (_, i) => `  if (n > ${i + 3}) return ${i};\n`).join("");
const twoPromises = "async function later(): Promise<number> {\n  return 3;\n}\n";

//  rule                                  file                        source
const BROKEN: readonly (readonly [string, string, string])[] = [
  ["complexity/noExcessiveLinesPerFunction", "controller/core/long.ts", longFunction(41)],
  ["complexity/noExcessiveLinesPerFunction", "controller/core/long.test.ts", longFunction(121)],
  [
    "complexity/noExcessiveCognitiveComplexity",
    "controller/core/branches.ts",
    `export function pick(n: number): number {\n${branches}  return n;\n}\n`,
  ],
  [
    "complexity/useMaxParams",
    "controller/core/many.ts",
    "export const sum = (a: number, b: number, c: number, d: number): number => a + b + c + d;\n",
  ],
  ["style/noExcessiveLinesPerFile", "controller/core/file.ts", "export {};\n".repeat(251)],
  ["style/noExcessiveLinesPerFile", "controller/core/file.test.ts", "export {};\n".repeat(401)],
  [
    "style/noNonNullAssertion",
    "controller/core/sure.ts",
    "export const first = (l: number[]): number => l[0]!;\n",
  ],
  ["style/noDefaultExport", "controller/core/default.ts", "const a = 3;\nexport default a;\n"],
  ["style/noEnum", "controller/core/enum.ts", "export enum Colour {\n  Red = 3,\n}\n"],
  ["style/noNamespace", "controller/core/space.ts", "export namespace Space {\n  export const a = 3;\n}\n"],
  [
    "style/noParameterProperties",
    "controller/core/property.ts",
    "export class Box {\n  constructor(readonly size: number) {}\n}\n",
  ],
  ["suspicious/noExplicitAny", "controller/core/any.ts", "export const a: any = 3;\n"],
  ["suspicious/noEmptyBlockStatements", "controller/core/empty.ts", "try {\n  f();\n} catch {}\n"],
  [
    "suspicious/noImportCycles",
    "controller/core/here.ts",
    'import { there } from "./there.ts";\nexport const here = (): number => there() + 3;\n',
  ],
  [
    "nursery/noFloatingPromises",
    "controller/core/float.ts",
    `${twoPromises}export function go(): void {\n  later();\n}\n`,
  ],
  [
    "nursery/noMisusedPromises",
    "controller/core/misuse.ts",
    `${twoPromises}export function go(): void {\n  if (later()) return;\n}\n`,
  ],
  [
    "nursery/useExhaustiveSwitchCases",
    "controller/core/switch.ts",
    'export function n(k: "a" | "b"): number {\n  switch (k) {\n    case "a":\n      return 3;\n  }\n  return 7;\n}\n',
  ],
];

const FINE: readonly (readonly [string, string])[] = [
  ["controller/core/forty.ts", longFunction(40)],
  ["controller/core/forty.test.ts", longFunction(119)],
  ["dashboards/web/vite.config.ts", "const config = { base: 3 };\nexport default config;\n"],
  [
    "controller/core/there.ts",
    'import { here } from "./here.ts";\nexport const there = (): number => here();\n',
  ],
];

/** The rules that each file breaks, as Biome sees it with the settings of this repository. */
function lint(): Map<string, string[]> {
  for (const [path, text] of [...BROKEN.map(([, ...file]) => file), ...FINE]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  for (const name of ["biome.json", ".gitignore"]) copyFileSync(join(ROOT, name), join(folder, name));
  execFileSync("git", ["init", "--quiet", folder]);
  const biome = join(ROOT, "node_modules/.bin/biome");
  const { stdout } = spawnSync(biome, ["lint", "--reporter=json", "--max-diagnostics=none", "."], {
    cwd: folder,
    encoding: "utf8",
  });
  const found: { category: string; severity: string; location: { path: string } }[] =
    JSON.parse(stdout).diagnostics;
  const errors = found.filter(({ severity }) => severity === "error");
  const byPath = Map.groupBy(errors, ({ location }) => location.path);
  return new Map([...byPath].map(([path, list]) => [path, list.map(({ category }) => category)]));
}

const seen = lint();

for (const [rule, path] of BROKEN) {
  test(`Biome sees ${rule} in ${path}`, () =>
    assert.ok(seen.get(path)?.includes(`lint/${rule}`), `${seen.get(path)}`));
}

for (const [path] of FINE.filter(([name]) => !name.endsWith("there.ts"))) {
  test(`Biome finds nothing wrong in ${path}`, () => assert.equal(seen.get(path), undefined));
}
