import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { importEffects, mustBeSilent } from "./import-effects.ts";
import { readTree } from "./source.ts";

test("importing the rooms starts nothing and says nothing", () => {
  const paths = readTree()
    .filter(mustBeSilent)
    .map(({ path }) => path);
  assert.deepEqual(importEffects(paths), []);
});

const folder = mkdtempSync(join(tmpdir(), "gridwright-law-"));
after(() => rmSync(folder, { recursive: true, force: true }));

//  case                     source                                                    what is seen
const CASES: readonly (readonly [string, string, string | undefined])[] = [
  ["constants", "export const a = 3;", undefined],
  ["a timer", "export const timer = setInterval(() => {}, 1700);", "active resource Timeout"],
  ["a socket", 'import net from "node:net";\nnet.createServer().listen(0);', "active resource TCPServerWrap"],
  ["words", 'console.log("hello");', "wrote to stdout: hello"],
  ["a listener", 'process.on("SIGUSR2", () => {});', "process listener SIGUSR2"],
  ["the environment", 'process.env.GRIDWRIGHT_LAW = "broken";', "environment variable GRIDWRIGHT_LAW"],
  ["a file that is not there", 'import "./nowhere.ts";', "cannot be imported"],
];

for (const [name, source, seen] of CASES) {
  test(`seen on import: ${name}`, () => {
    const file = `${name.replaceAll(" ", "-")}.ts`;
    writeFileSync(join(folder, file), source);
    const found = importEffects([file], folder).join("\n");
    if (seen === undefined) assert.equal(found, "");
    else assert.match(found, new RegExp(seen));
  });
}
