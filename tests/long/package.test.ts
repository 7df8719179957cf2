// Two builds of the same sources are the same package, to the byte.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { buildPackage } from "../deploy/built-package.ts";

const hashOf = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex");

it("the same sources give the same bytes", () => {
  const folder = mkdtempSync(join(tmpdir(), "gridwright-twice-"));
  const hashes = ["first", "second"].map((name) => {
    mkdirSync(join(folder, name));
    return hashOf(buildPackage(join(folder, name)));
  });
  rmSync(folder, { recursive: true });
  assert.equal(hashes[1], hashes[0]);
});
