import assert from "node:assert/strict";
import { test } from "node:test";
import { impurities, PURE_FOLDERS } from "./purity.ts";
import { readTree } from "./source.ts";

test("the pure rooms touch no clock, timer, chance, file, socket or environment", () => {
  assert.deepEqual(impurities(readTree()), []);
});

const IMPURE = [
  'import { readFileSync } from "node:fs";',
  'import { setTimeout as sleep } from "node:timers/promises";',
  'const fs = await import("node:fs");',
  "const at = Date.now();",
  "const at = new Date();",
  "const at = new Date;",
  "const at = Date();",
  "const at = performance.now();",
  "const x = Math.random();",
  "setTimeout(tick, 170);",
  "const timer = setInterval(tick, 170);",
  "queueMicrotask(tick);",
  "const where = process.env.HOME;",
  "const { env } = process;",
  'console.log("hello");',
  'const page = await fetch("http://example.org/");',
  "const key = globalThis.crypto;",
  "const id = crypto.randomUUID();",
  "const here = import.meta.url;",
  "const text = `at $" + "{Date.now()}`;",
];

const PURE = [
  "// Date.now() is not for us",
  'const words = "Date.now() and process.env";',
  "const day = new Date(atMs);",
  "const day = Date.UTC(2026, 6, 13);",
  "const heat = plant.process.heat;",
  "const plan = { process: 3, fetch: 7 };",
  "interface Clock { readonly performance: number }",
  "const most = Math.max(3, 7);",
];

for (const text of IMPURE) {
  test(`impure: ${text}`, () => {
    for (const folder of PURE_FOLDERS)
      assert.equal(impurities([{ path: `${folder}a.ts`, text }]).length, 1, folder);
    assert.deepEqual(impurities([{ path: "controller/runtime/a.ts", text }]), []);
    assert.deepEqual(impurities([{ path: "controller/core/a.test.ts", text }]), []);
  });
}

for (const text of PURE) {
  test(`pure: ${text}`, () => assert.deepEqual(impurities([{ path: "controller/core/a.ts", text }]), []));
}
