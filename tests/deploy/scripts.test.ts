// Every shell script that an installed site has, by shellcheck; and what the installer says that it would do.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { needs } from "../tools/needs.ts";

const DEPLOY = fileURLToPath(new URL("../../deploy/", import.meta.url));
const SCRIPTS = globSync("**/*", { cwd: DEPLOY, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ parentPath, name }) => join(parentPath, name))
  .filter((path) => readFileSync(path, "utf8").startsWith("#!/bin/sh"));

describe("shell scripts", { skip: needs("shellcheck") }, () => {
  it("there are some", () => assert.ok(SCRIPTS.length >= 5));
  for (const path of SCRIPTS)
    it(`${path.slice(DEPLOY.length)} is clean`, () => {
      const { stdout } = spawnSync("shellcheck", [path], { encoding: "utf8" });
      assert.equal(stdout, "");
    });
});

describe("install.sh --dry-run", () => {
  it("says what it would do for another tree, and does none of it", () => {
    const root = mkdtempSync(join(tmpdir(), "gridwright-dry-"));
    const args = [
      join(DEPLOY, "install.sh"),
      "--dry-run",
      "--root",
      root,
      "--flows",
      "--listen",
      "192.168.7.9",
    ];
    const missing = spawnSync("sh", args, { encoding: "utf8" });
    assert.match(missing.stderr, /no Debian and no Raspberry Pi OS/);
    spawnSync("sh", ["-c", `mkdir -p ${root}/etc && echo 12.11 > ${root}/etc/debian_version`]);
    const { status, stdout, stderr } = spawnSync("sh", args, { encoding: "utf8" });
    assert.equal(status, 0, stderr);
    for (const said of [
      /would: .*releases\/0\.1\.0/,
      /would: systemd-sysusers/,
      /write .*\/listen/,
      /write .*\/flows/,
    ])
      assert.match(stdout, said);
    assert.deepEqual(readdirSync(root), ["etc"]);
    assert.deepEqual(readdirSync(join(root, "etc")), ["debian_version"]);
    rmSync(root, { recursive: true });
  });
  it("an address that no phone reaches is refused before anything else", () => {
    for (const address of ["127.0.0.1", "127.0.1.1:8443", "localhost", "[::1]:8443"]) {
      const args = [join(DEPLOY, "install.sh"), "--dry-run", "--listen", address];
      const { status, stdout, stderr } = spawnSync("sh", args, { encoding: "utf8" });
      assert.deepEqual([status, stdout], [1, ""], address);
      assert.match(stderr, /this machine as it sees itself/);
    }
  });
  it("what it does not know is refused", () => {
    const { status, stderr } = spawnSync("sh", [join(DEPLOY, "install.sh"), "--cloud"], { encoding: "utf8" });
    assert.notEqual(status, 0);
    assert.match(stderr, /--help/);
  });
});
