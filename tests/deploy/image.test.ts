// What makes a card read-only, on a tree that has the files of a Raspberry Pi's card: what it changes, and that a second run changes
// nothing more.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("../../deploy/image/read-only.sh", import.meta.url));
const FSTAB = `proc            /proc           proc    defaults          0       0
PARTUUID=4e639091-01  /boot/firmware  vfat    defaults          0       2
PARTUUID=4e639091-02  /               ext4    defaults,noatime,rw  0       1
`;
const FILES = {
  "etc/fstab": FSTAB,
  "boot/firmware/config.txt": "dtparam=audio=on\n",
  "boot/firmware/cmdline.txt": "console=tty1 root=PARTUUID=4e639091-02 rootwait\n",
  "var/swap": "swap",
  "etc/gridwright/site.yaml": "gridwright: 1\n",
  "var/lib/gridwright/secrets/broker.json": "{}",
};

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "gridwright-card-"));
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), text);
  }
});
afterEach(() => rmSync(root, { recursive: true }));

const read = (path: string): string => readFileSync(join(root, path), "utf8");
const run = (...flags: readonly string[]) =>
  spawnSync("unshare", ["--user", "--map-root-user", "sh", SCRIPT, "--root", root, ...flags], {
    encoding: "utf8",
  });
const mayBeRoot = spawnSync("unshare", ["--user", "--map-root-user", "true"]).status === 0;

describe("a card made read-only", { skip: mayBeRoot ? false : "skipped: no user namespaces here" }, () => {
  it("root and boot are read-only, data and memory are not, and there is no swap", () => {
    const { status, stderr } = run();
    assert.equal(status, 0, stderr);
    const table = read("etc/fstab")
      .split("\n")
      .map((line) => line.split(/\s+/));
    const options = (place: string): readonly string[] =>
      table.find(([, at]) => at === place)?.[3]?.split(",") ?? [];
    assert.deepEqual(options("/"), ["defaults", "noatime", "ro"]);
    assert.deepEqual(options("/boot/firmware"), ["defaults", "ro"]);
    assert.ok(!options("/data").includes("ro"));
    for (const place of [
      "/etc/gridwright",
      "/opt/gridwright",
      "/var/lib/gridwright",
      "/var/cache/gridwright",
    ])
      assert.equal(options(place)[0], "bind", place);
    for (const place of ["/tmp", "/var/log"])
      assert.equal(table.find(([, at]) => at === place)?.[2], "tmpfs");
    assert.equal(existsSync(join(root, "var/swap")), false);
    assert.equal(readlinkSync(join(root, "etc/systemd/system/dphys-swapfile.service")), "/dev/null");
  });

  it("the watchdog and limits of memory are on, the rest of the boot files is as it was", () => {
    run();
    assert.equal(read("boot/firmware/config.txt"), "dtparam=audio=on\ndtparam=watchdog=on\n");
    assert.equal(
      read("boot/firmware/cmdline.txt"),
      "console=tty1 root=PARTUUID=4e639091-02 rootwait cgroup_enable=memory\n",
    );
  });

  it("what was there is on the data partition, and a second run changes nothing", () => {
    run();
    assert.equal(read("data/etc/gridwright/site.yaml"), "gridwright: 1\n");
    const before = ["etc/fstab", "boot/firmware/config.txt", "boot/firmware/cmdline.txt"].map(read);
    writeFileSync(join(root, "data/etc/gridwright/site.yaml"), "changed since\n");
    run();
    assert.deepEqual(
      ["etc/fstab", "boot/firmware/config.txt", "boot/firmware/cmdline.txt"].map(read),
      before,
    );
    assert.equal(read("data/etc/gridwright/site.yaml"), "changed since\n");
  });

  it("a dry run changes nothing at all", () => {
    const { stdout } = run("--dry-run");
    assert.match(stdout, /would: write .*fstab/);
    for (const [path, text] of Object.entries(FILES)) assert.equal(read(path), text, path);
  });
});
