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

const skip = needs("gcc", "libc6-dev", "make");

/** Compiles a program of the core for this machine and gives what it says. */
function said(program: string): string {
  const folder = mkdtempSync(join(tmpdir(), "gridwright-core-"));
  try {
    const made = spawnSync("make", ["-s", "-C", FIRMWARE, `OUT=${folder}`, program], {
      encoding: "utf8",
      timeout: COMPILE_MAX_MS,
    });
    assert.equal(made.status, 0, made.stdout + made.stderr);
    const ran = spawnSync(join(folder, program), { encoding: "utf8" });
    assert.equal(ran.status, 0, ran.stdout + ran.stderr);
    return ran.stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("C writes and reads every shared vector as TypeScript does", { skip }, () => {
  assert.equal(said("vectors"), `${2 * vectors().length + 1} hold, 0 differ\n`);
});

test("of 2,000 commands with each single bit flipped none is accepted", { skip }, () => {
  const [, heard, flips, accepted] = /^(\d+) heard, (\d+) flips, (\d+) accepted$/m.exec(said("flips")) ?? [];
  assert.equal(Number(heard), 2_000);
  assert.ok(Number(flips) > 250_000, flips);
  assert.equal(Number(accepted), 0);
});
