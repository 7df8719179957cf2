import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { driftedFiles, type Generator, writeGenerated } from "./generate.ts";

const root = mkdtempSync(join(tmpdir(), "gridwright-generate-"));
after(() => rmSync(root, { recursive: true, force: true }));

const generators: readonly Generator[] = [
  { path: "docs/topics.md", render: () => "| topic |\n" },
  { path: "docs/metrics.md", render: async () => "| metric |\n" },
];

test("what is missing has drifted, what is written has not, what a hand changed has again", async () => {
  assert.deepEqual(await driftedFiles(generators, root), ["docs/topics.md", "docs/metrics.md"]);
  assert.deepEqual(await writeGenerated(generators, root), ["docs/topics.md", "docs/metrics.md"]);
  assert.deepEqual(await driftedFiles(generators, root), []);
  writeFileSync(join(root, "docs/metrics.md"), "| by hand |\n");
  assert.deepEqual(await driftedFiles(generators, root), ["docs/metrics.md"]);
  assert.deepEqual(await writeGenerated(generators, root), ["docs/metrics.md"]);
  assert.equal(readFileSync(join(root, "docs/metrics.md"), "utf8"), "| metric |\n");
});
