// The C core, compiled for this machine with every warning and sanitizer, against the same vectors as the TypeScript codec.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { vectors } from "@gridwright/firmware-bridge/src/protocol/vectors.ts";
import { needs } from "../tools/needs.ts";

const FIRMWARE = new URL("../../firmware-bridge/firmware/", import.meta.url).pathname;
const COMPILE_MAX_MS = 60_000;

test("C writes and reads every shared vector as TypeScript does", {
  skip: needs("gcc", "libc6-dev", "make"),
}, () => {
  const folder = mkdtempSync(join(tmpdir(), "gridwright-vectors-"));
  try {
    const made = spawnSync("make", ["-s", "-C", FIRMWARE, `OUT=${folder}`, "vectors"], {
      encoding: "utf8",
      timeout: COMPILE_MAX_MS,
    });
    assert.equal(made.status, 0, made.stdout + made.stderr);
    const ran = spawnSync(join(folder, "vectors"), { encoding: "utf8" });
    assert.equal(ran.stdout, `${2 * vectors().length + 1} hold, 0 differ\n`);
    assert.equal(ran.status, 0, ran.stderr);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
