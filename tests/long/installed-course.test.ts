// The whole life of an installed site in a fresh Debian with a running systemd, by the commands of the manual, each of them printed:
// install, first set-up, restart, update, a bad update that is taken back, the release before, backup by its nightly unit, uninstall,
// and the same site on a bare machine from that backup.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { type Box, noBox, openBox } from "../deploy/box.ts";
import { buildPackage } from "../deploy/built-package.ts";
import { handsOn, SIGNED_IN } from "../deploy/hands.ts";
import { needs } from "../tools/needs.ts";
import { until } from "../tools/until.ts";

const DEV = fileURLToPath(new URL("../../controller/cli/dev/main.ts", import.meta.url));
const BACK_MS = 90_000;
const PASSPHRASE = "nine copper kettles whistle\n";
const SITE = "/etc/gridwright/site.yaml";
const UNITS = ["control", "broker", "services"].map((name) => `gridwright-${name}`);

const folder = mkdtempSync(join(tmpdir(), "gridwright-course-"));
const dev = (...args: readonly string[]): void => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [DEV, ...args], { encoding: "utf8" });
  assert.equal(status, 0, `${stdout}${stderr}`);
};

/** A signed update with a version of its own, spoiled where that is wanted. */
function updateOf(tree: string, version: string, spoil?: (release: string) => void): void {
  const path = join(tree, "package.json");
  const kept = readFileSync(path, "utf8");
  writeFileSync(path, JSON.stringify({ ...JSON.parse(kept), version }));
  spoil?.(tree);
  dev("release", tree, join(folder, "update-key.private.pem"), join(folder, "stick"));
}

describe("an installed site, from bare machine to bare machine", {
  skip: noBox() || needs("openssl"),
}, () => {
  let box: Box;
  let deb = "";

  const { done, pageUp, join: joinBy, signIn } = handsOn(() => box);
  const put = (path: string, text: string, mode = 0o644): void =>
    writeFileSync(join(box.root, path.slice(1)), text, { mode });
  const version = (): string => done("which release", "readlink", "/opt/gridwright/current").trim();

  before(async () => {
    deb = buildPackage(folder);
    const tree = join(folder, "tree");
    dev("package", "--tree", tree, "--without-flows");
    dev("release-key", folder);
    mkdirSync(join(folder, "stick"));
    updateOf(tree, "0.2.0");
    updateOf(tree, "0.3.0", (release) =>
      writeFileSync(join(release, "controller/cli/processes/control.ts"), "throw new Error('a slip');\n"),
    );
    box = await openBox();
    cpSync(join(folder, "stick"), join(box.root, "srv/stick"), { recursive: true });
    cpSync(deb, join(box.root, "srv", basename(deb)));
  });
  after(() => {
    box?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("install, first set-up, restart", async () => {
    const said = done("install", "dpkg", "--force-unsafe-io", "-i", `/srv/${basename(deb)}`);
    const [, invite = ""] = /#invite=(\S+)/.exec(said) ?? [];
    await until(pageUp, 200, BACK_MS);
    assert.equal(joinBy(invite).status, SIGNED_IN);
    await box.boot();
    await until(pageUp, 200, BACK_MS);
    assert.equal(signIn(), SIGNED_IN);
  });

  it("update from a stick; a bad one is taken back; the release before", async () => {
    cpSync(join(folder, "update-key.pem"), join(box.root, "etc/gridwright/update-key.pem"));
    const good = done("update", "gridwright", "update", "/srv/stick/gridwright-0.2.0-linux-x64.gwu");
    assert.match(good, /version 0\.2\.0 runs$/m);
    const bad = box.run("gridwright", "update", "/srv/stick", "--patience", "40 s");
    assert.equal(bad.status, 1, bad.output);
    assert.match(bad.output, /version 0\.2\.0 runs again; the new one was taken back/);
    assert.equal(version(), "releases/0.2.0");
    done("back to the release before", "gridwright", "update", "--back");
    assert.equal(version(), "releases/0.1.0");
    await until(pageUp, 200, BACK_MS);
    assert.equal(signIn(), SIGNED_IN);
  });

  it("backup by the nightly unit, of which the doctor knows", () => {
    put("/etc/gridwright/backup-passphrase", PASSPHRASE, 0o600);
    done("backup", "systemctl", "start", "gridwright-backup.service");
    assert.match(done("backups", "ls", "/var/backups/gridwright"), /\S/);
    const noted = box.run("su", "-s", "/bin/sh", "gridwright", "-c", "cat /var/lib/gridwright/backups.json");
    assert.equal(noted.status, 0, `who runs the site cannot read it: ${noted.output}`);
    const kept = JSON.parse(noted.output) as {
      readonly last?: { readonly size: number; readonly withData: boolean };
      readonly failed?: unknown;
    };
    assert.ok((kept.last?.size ?? 0) > 0);
    assert.equal(kept.failed, undefined);
    assert.equal(kept.last?.withData, true);
    assert.match(
      box.run("gridwright", "doctor").output,
      /backup +The newest backup lies on the card or disk that the data is on/,
    );
  });

  it("uninstall, and restore on a bare machine: the same site, the same people", async () => {
    done("uninstall", "dpkg", "-r", "gridwright");
    const name = done("which backup", "ls", "/var/backups/gridwright").trim().split("\n").at(-1);
    done(
      "a bare machine",
      "sh",
      "-c",
      `mv /var/backups/gridwright/${name} /srv/ && rm -rf /var/lib/gridwright /etc/gridwright`,
    );
    done("install", "dpkg", "--force-unsafe-io", "-i", `/srv/${basename(deb)}`);
    done("stop", "systemctl", "stop", "gridwright.target", ...UNITS);
    done("out of the way", "mv", "/var/lib/gridwright", "/var/lib/gridwright.empty");
    done("out of the way", "mv", SITE, `${SITE}.empty`);
    put("/srv/passphrase", PASSPHRASE, 0o600);
    const to = ["--config", SITE, "--data", "/var/lib/gridwright", "--passphrase-file", "/srv/passphrase"];
    done("restore", "gridwright", "restore", `/srv/${name}`, ...to);
    done("start", "/opt/gridwright/current/deploy/install.sh");
    await until(pageUp, 200, BACK_MS);
    assert.equal(signIn(), SIGNED_IN);
    assert.match(done("set-up link", "gridwright", "set-up"), /has an admin/);
  });
});
