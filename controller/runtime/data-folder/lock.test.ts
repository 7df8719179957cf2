import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { lockDataFolder } from "./lock.ts";

const folder = (): string => mkdtempSync(join(tmpdir(), "gridwright-lock-"));
const refusal = (dir: string): string => {
  try {
    lockDataFolder(dir)();
    return "taken";
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : "?";
  }
};

describe("one controller per data folder", () => {
  it("a second one is refused while the first lives, and let in after it", () => {
    const dir = folder();
    const release = lockDataFolder(dir);
    assert.equal(refusal(dir), "data-folder-locked");
    release();
    assert.equal(refusal(dir), "taken");
  });
  it("a lock left by a process that is gone is taken over", () => {
    const dir = folder();
    const { pid } = spawnSync("true");
    writeFileSync(join(dir, "control.lock"), JSON.stringify({ pid, startTime: "4711" }));
    assert.equal(refusal(dir), "taken");
  });
  it("a lock whose pid belongs to somebody else now is taken over", () => {
    const dir = folder();
    writeFileSync(join(dir, "control.lock"), JSON.stringify({ pid: process.pid, startTime: "12" }));
    assert.equal(refusal(dir), "taken");
  });
  it("a half-written lock is taken over", () => {
    const dir = folder();
    writeFileSync(join(dir, "control.lock"), '{"pid": 8');
    assert.equal(refusal(dir), "taken");
  });
  it("a folder that cannot be made is named with its cure", () =>
    assert.throws(() => lockDataFolder("/dev/null/data"), /cannot be used: .* --data DIR/));
});
