// The whole of it in a fresh Debian with a running systemd: package, first set-up, restart, power cut, uninstall, install again. Each
// step is one command that the manual names.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type Box, noBox, openBox } from "../deploy/box.ts";
import { buildPackage } from "../deploy/built-package.ts";
import { handsOn, SIGNED_IN } from "../deploy/hands.ts";
import { doctorFindsSlips, namesRootsFile, refusesNoAddress } from "../deploy/slips.ts";
import { needs } from "../tools/needs.ts";
import { until } from "../tools/until.ts";

const PROCESSES = ["broker", "control", "services"];
const BACK_MS = 60_000;

let folder = "";
let deb = "";

const openssl = (...args: readonly string[]) => spawnSync("openssl", args, { encoding: "utf8" });

describe("the package", { skip: needs("openssl") }, () => {
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "gridwright-package-"));
    openssl("genpkey", "-algorithm", "ed25519", "-out", join(folder, "key.pem"));
    openssl("pkey", "-in", join(folder, "key.pem"), "-pubout", "-out", join(folder, "key.pub"));
    deb = buildPackage(folder, "--key", join(folder, "key.pem"));
  });

  it("openssl takes its signature, and refuses it for one changed byte", () => {
    const verify = (file: string) =>
      openssl(
        ...["pkeyutl", "-verify", "-pubin", "-inkey", join(folder, "key.pub"), "-rawin"],
        ...["-sigfile", `${deb}.sig`, "-in", file],
      ).status;
    assert.equal(verify(deb), 0);
    const bytes = readFileSync(deb);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 4;
    writeFileSync(join(folder, "changed"), bytes);
    assert.notEqual(verify(join(folder, "changed")), 0);
  });

  it("it holds what runs, and neither tests nor tools nor anything of this machine's users", () => {
    const { stdout } = spawnSync("dpkg-deb", ["--contents", deb], { encoding: "utf8", maxBuffer: 64e6 });
    const lines = stdout.trimEnd().split("\n");
    const files = lines.map((line) => line.split(" ./")[1] ?? "");
    const at = "opt/gridwright/releases/0.1.0";
    for (const path of [
      ...["bin/node", "controller/cli/main.ts", "controller/cli/processes/unit.ts", "deploy/install.sh"],
      ...[
        "dashboards/web/dist/index.html",
        "deploy/units/gridwright-control.service",
        "sbom.cdx.json",
        "docs/site.md",
      ],
    ])
      assert.ok(files.includes(`${at}/${path}`), path);
    const leftOut =
      /0\.1\.0\/(?!node_modules).*\.test\.ts$|node_modules\/(typescript|@biomejs|vite|playwright-core)\/|\/\.git\//;
    for (const path of files) assert.doesNotMatch(path, leftOut);
    for (const line of lines) assert.match(line, / root\/root /);
  });
});

describe("an installed site", { skip: noBox() || needs("openssl") }, () => {
  let box: Box;
  before(async () => {
    box = await openBox();
    copyFileSync(deb, join(box.root, "srv", basename(deb)));
  });
  after(() => {
    box?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const { done, pageUp, join: joinBy, signIn } = handsOn(() => box);
  const active = async (): Promise<string> =>
    box.run("systemctl", "is-active", ...PROCESSES.map((name) => `gridwright-${name}`)).output.trim();
  const allActive = PROCESSES.map(() => "active").join("\n");
  const mainPid = async (): Promise<string> =>
    box.run("systemctl", "show", "-P", "MainPID", "gridwright-control").output.trim();

  it("is installed by one command, which shows the set-up link", async () => {
    const output = done("install", "dpkg", "--force-unsafe-io", "-i", `/srv/${basename(deb)}`);
    assert.match(output, /^ {2}http:\/\/127\.0\.0\.1:8080\/#invite=[\w-]{24,}$/m);
    await until(active, allActive, BACK_MS);
    done(
      "units as systemd reads them",
      "sh",
      "-c",
      "systemd-analyze verify /etc/systemd/system/gridwright-*.service",
    );
  });

  it("nothing listens beyond loopback", () => {
    const output = done("listening sockets", "ss", "-Hlntu");
    const addresses = output
      .trim()
      .split("\n")
      .map((line) => line.trim().split(/\s+/)[4] ?? "");
    assert.deepEqual(
      addresses.filter((one) => !/^(127\.0\.0\.1|\[::1\]):/.test(one)),
      [],
    );
    assert.ok(addresses.includes("127.0.0.1:8080"));
  });

  it("secrets are for their owner alone, and none is in the log", () => {
    const loose = done("secrets", "find", "/var/lib/gridwright/secrets", "-type", "f", "-perm", "/077");
    assert.equal(loose, "");
    const log = done("log", "journalctl", "--no-pager", "-o", "cat", "-u", "gridwright-*");
    const secrets = readFileSync(join(box.root, "var/lib/gridwright/secrets/broker.json"), "utf8");
    const all = Object.values(JSON.parse(secrets) as Record<string, string>);
    assert.ok(all.length >= 4);
    for (const secret of all) assert.ok(!log.includes(secret));
    assert.doesNotMatch(log, /invite=/);
  });

  it("who opens the link becomes the admin, once", () => {
    const [, invite = ""] = /#invite=(\S+)/.exec(done("set-up link", "gridwright", "set-up")) ?? [];
    assert.match(box.ask({ method: "GET", path: "/" }).body, /<html/);
    const joined = joinBy(invite);
    assert.equal(joined.status, SIGNED_IN, joined.body);
    assert.notEqual(joined.cookie, "");
    assert.notEqual(joinBy(invite).status, SIGNED_IN);
    assert.match(done("set-up link", "gridwright", "set-up"), /has an admin/);
  });

  it("a killed control is back by itself, and one that hangs is ended and back", async () => {
    for (const signal of ["KILL", "STOP"]) {
      const before = await mainPid();
      done(
        `control gets SIG${signal}`,
        "systemctl",
        "kill",
        "-s",
        signal,
        "--kill-whom=main",
        "gridwright-control",
      );
      await until(async () => ![before, "0", ""].includes(await mainPid()), true, BACK_MS);
      await until(active, allActive, BACK_MS);
    }
  });

  it("after a power cut everything is up again, with its people", async () => {
    await box.boot();
    console.log("# power off and on");
    await until(active, allActive, BACK_MS);
    await until(pageUp, 200, BACK_MS);
    assert.equal(signIn(), SIGNED_IN);
  });

  it("the page is opened to the network by an explicit command, which the audit notes", async () => {
    refusesNoAddress(box);
    done("a network", "ip", "addr", "add", "192.168.77.5/24", "dev", "lo");
    done("open the page", "gridwright", "lan", "open", "192.168.77.5");
    await until(async () => box.run("ss", "-Hlnt").output.includes("192.168.77.5:8443"), true, BACK_MS);
    const audit = readFileSync(join(box.root, "var/lib/gridwright/audit/audit.jsonl"), "utf8");
    assert.match(audit, /"did":"page-opened","about":\{"at":"https:\/\/192\.168\.77\.5:8443\/"\}/);
    assert.match(done("how phones reach it", "gridwright", "lan"), /SHA-256/);
    done("close the page", "gridwright", "lan", "close");
    await until(async () => box.run("ss", "-Hlnt").output.includes("8443"), false, BACK_MS);
  });

  it("files that root left in the data are named with their cure, which puts it right", async () => {
    namesRootsFile(box);
    await until(active, allActive, BACK_MS);
    await until(pageUp, 200, BACK_MS);
  });

  it("the doctor names the units, and finds a mistake in the site file beside all else", async () => {
    doctorFindsSlips(box);
    await until(active, allActive, BACK_MS);
  });

  it("uninstalling leaves nothing that runs, and all data", () => {
    const output = done("uninstall", "dpkg", "-r", "gridwright");
    assert.match(output, /data and configuration are where they were/);
    const running = box.run("find", "/proc", "-maxdepth", "2", "-name", "exe", "-lname", "/opt/gridwright/*");
    assert.doesNotMatch(running.output, /^\/proc\/\d+\/exe$/m);
    for (const gone of [
      "/opt/gridwright",
      "/usr/bin/gridwright",
      "/etc/systemd/system/gridwright-control.service",
    ])
      assert.notEqual(box.run("test", "-e", gone).status, 0, gone);
    for (const kept of ["/etc/gridwright/site.yaml", "/var/lib/gridwright/secrets/accounts.json"])
      assert.equal(box.run("test", "-s", kept).status, 0, kept);
  });

  it("installed again it is the same site: its people, no new set-up link", async () => {
    const output = done("install again", "dpkg", "--force-unsafe-io", "-i", `/srv/${basename(deb)}`);
    assert.match(output, /has an admin/);
    assert.doesNotMatch(output, /invite=/);
    await until(pageUp, 200, BACK_MS);
    assert.equal(signIn(), SIGNED_IN);
    const audit = readFileSync(join(box.root, "var/lib/gridwright/audit/audit.jsonl"), "utf8");
    assert.equal(audit.split('"did":"joined"').length - 1, 1);
  });
});
