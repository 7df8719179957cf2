// Every shell script that an installed site has, by shellcheck; and what the installer says that it would do.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
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
  it("mosquitto, InfluxDB and Grafana: says each step; another broker is not replaced", () => {
    const root = mkdtempSync(join(tmpdir(), "gridwright-dry-"));
    const install = (...flags: readonly string[]) =>
      spawnSync("sh", [join(DEPLOY, "install.sh"), "--dry-run", "--root", root, ...flags], {
        encoding: "utf8",
      });
    const files = (name: string, text: string) => {
      mkdirSync(join(root, "etc/gridwright"), { recursive: true });
      writeFileSync(join(root, "etc", name), text);
    };
    files("debian_version", "12.11\n");
    const { status, stdout, stderr } = install("--mosquitto", "--influxdb", "--grafana");
    assert.equal(status, 0, stderr);
    for (const said of [
      /would: add to .*site\.yaml: broker: \{ program: mosquitto \}/,
      /would: write .*mosquitto\.service\.d\/gridwright\.conf/,
      /would: write .*influxdb\.service\.d\/gridwright\.conf/,
      /would: write .*influxdb-password/,
      /would: add to .*site\.yaml: metrics: .*https:.*caFile/,
      /Grafana is not installed, and Debian has none/,
    ])
      assert.match(stdout, said);
    const others = ["broker: mqtt://10.0.7.2", "broker:\n  listen: 10.0.7.2\n  port: 1884"];
    for (const broker of others) {
      files("gridwright/site.yaml", `gridwright: 1\n${broker}\nlinks: {}\n`);
      const refused = install("--mosquitto");
      assert.deepEqual([refused.status, refused.stdout], [1, ""]);
      assert.match(refused.stderr, /names another broker.*program: mosquitto/);
    }
    files("gridwright/site.yaml", "gridwright: 1\nbroker: { program: mosquitto, listen: 10.0.7.2 }\n");
    const again = install("--mosquitto");
    assert.equal(again.status, 0, again.stderr);
    assert.doesNotMatch(again.stdout, /add to/);
    assert.match(again.stdout, /would: rm -f .*target\.wants\/gridwright-broker\.service/);
    assert.doesNotMatch(again.stdout, /would: ln .*gridwright-broker\.service .*target\.wants/);
    rmSync(root, { recursive: true });
  });

  it("Grafana that is there gets dashboards, sources and their password, each where it looks", () => {
    const root = mkdtempSync(join(tmpdir(), "gridwright-grafana-"));
    for (const folder of ["etc/grafana", "etc/gridwright"])
      mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, "etc/debian_version"), "12.11\n");
    const args = [join(DEPLOY, "install.sh"), "--dry-run", "--root", root, "--grafana"];
    const { status, stdout, stderr } = spawnSync("sh", args, { encoding: "utf8" });
    assert.equal(status, 0, stderr);
    const links = [...stdout.matchAll(/^would: ln -sfn \/opt\/gridwright\/current\/(dashboards\S+) /gm)];
    assert.ok(links.length >= 4, stdout);
    for (const [, path = ""] of links) assert.ok(existsSync(join(DEPLOY, "..", path)), path);
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
