// Where backups go: a folder with room, a stick that is really there, a server by SFTP. What is half written never counts, and
// what went wrong is remembered beside what last succeeded.
import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { LIGHT, type Mill, mill, PASSPHRASE } from "@gridwright/runtime/backup/fixture.ts";
import { backupName, parseKeep } from "@gridwright/runtime/backup/keep.ts";
import { makeBackup } from "@gridwright/runtime/backup/make.ts";
import { parsePlace } from "@gridwright/runtime/backup/place.ts";
import { checkBackup } from "@gridwright/runtime/backup/read.ts";
import { keptBackups, storeBackup } from "@gridwright/runtime/backup/store-backup.ts";
import { type Host, thisHost } from "@gridwright/runtime/doctor/host.ts";
import { freePort } from "../../controller/cli/supervisor/ports.ts";
import { needs } from "../tools/needs.ts";
import { until } from "../tools/village.ts";

const root = mkdtempSync(join(tmpdir(), "gridwright-places-"));
const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 29, 2, 30);
let site: Mill;
before(() => {
  site = mill(root);
});
after(() => {
  site.db.close();
  rmSync(root, { recursive: true, force: true });
});

interface Asked {
  readonly keep?: string;
  readonly now?: number;
  readonly bytesMost?: number;
  readonly host?: Pick<Host, "read" | "list" | "link">;
  readonly login?: { readonly key: string; readonly knownHosts: string };
  readonly make?: (path: string) => Promise<{ readonly size: number }>;
}

function store(to: string, { keep = "3d", now = NOW, bytesMost = 40_000, ...asked }: Asked = {}) {
  const [place, parsed] = [parsePlace(to), parseKeep(keep)];
  assert.ok(place && parsed);
  const make = (out: string) => makeBackup({ ...site.making, out, now, cost: LIGHT });
  return storeBackup({
    place,
    keep: parsed,
    site: "mill",
    dataDir: site.dataDir,
    bytesMost,
    now,
    make,
    host: thisHost,
    ...asked,
  });
}

describe("a folder", () => {
  const folder = join(root, "backups");
  it("keeps what is asked for, newest first, and remembers the last", async () => {
    for (let day = 5; day >= 0; day -= 1) await store(folder, { now: NOW - day * DAY });
    const names = [2, 1, 0].map((day) => backupName("mill", NOW - day * DAY));
    assert.deepEqual(readdirSync(folder).sort(), names);
    const { last, failed } = await keptBackups(site.dataDir);
    assert.deepEqual([last?.at, last?.place, failed], [NOW, folder, undefined]);
    await checkBackup({ path: join(folder, names[2] ?? ""), passphrase: PASSPHRASE });
  });
  it("one beside the data is known to be lost with it, and the newest that is not is remembered", async () => {
    assert.equal((await keptBackups(site.dataDir)).last?.withData, true);
    const mounts = `22 1 179:2 / / rw - ext4 /dev/a rw\n44 22 8:1 / ${folder} rw - vfat /dev/b rw\n`;
    const stick = {
      read: (path: string) =>
        path === "/proc/self/mountinfo" ? mounts : path.endsWith("/stat") ? "7" : undefined,
      link: (path: string) => `../../block/${path.endsWith("8:1") ? "sda" : "mmcblk0"}`,
      list: () => [],
    };
    assert.equal((await store(folder, { now: NOW + 1_000, host: stick })).withData, false);
    assert.equal((await store(folder, { now: NOW + 2_000 })).withData, true);
    const { last, apart } = await keptBackups(site.dataDir);
    assert.deepEqual([last?.at, last?.withData, apart?.at], [NOW + 2_000, true, NOW + 1_000]);
    for (const at of [1_000, 2_000]) rmSync(join(folder, backupName("mill", NOW + at)), { force: true });
    await store(folder);
  });
  it("one that is torn on the way leaves no trace, lets nothing go, and is remembered", async () => {
    const names = readdirSync(folder);
    const make = async (path: string): Promise<never> => {
      writeFileSync(path, "half");
      throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
    };
    await assert.rejects(store(folder, { now: NOW + DAY, keep: "1d", make }), {
      code: "backup-failed",
      message: /no space/,
    });
    assert.deepEqual(readdirSync(folder), names);
    const { last, failed } = await keptBackups(site.dataDir);
    assert.deepEqual([last?.at, failed?.at], [NOW, NOW + DAY]);
  });
  it("what a cut left half written is cleared by the next, and what is not ours stays", async () => {
    const draft = `${backupName("mill", NOW - 9 * DAY)}.part`;
    for (const name of [draft, "letter.part"]) writeFileSync(join(folder, name), "half");
    await store(folder, { now: NOW + DAY });
    assert.equal(existsSync(join(folder, draft)), false);
    assert.ok(existsSync(join(folder, "letter.part")));
    assert.equal((await keptBackups(site.dataDir)).failed, undefined);
  });
  it("without room it is refused before a byte is written", async () => {
    await assert.rejects(
      store(join(root, "none"), { bytesMost: 7e18 }),
      /has room for \d+ MB; a backup may take/,
    );
    assert.equal(existsSync(join(root, "none")), false);
  });
  it("a file that opens with less than was written is no backup", async () => {
    const make = async (path: string): Promise<{ size: number }> => {
      const made = await makeBackup({ ...site.making, out: path, now: NOW });
      writeFileSync(path, readFileSync(path).subarray(0, made.size - 40));
      await checkBackup({ path, passphrase: PASSPHRASE });
      return made;
    };
    await assert.rejects(store(join(root, "worn"), { make }), { code: "backup-damaged" });
    assert.deepEqual(readdirSync(join(root, "worn")), []);
  });
});

describe("a stick", () => {
  const point = join(root, "stick");
  const mounts = process.getuid?.() === 0;
  it("that is not mounted is refused, though its folder is there", async () => {
    mkdirSync(point);
    await assert.rejects(store(`usb:${point}/mill`), /not plugged in, or not mounted/);
    assert.deepEqual(readdirSync(point), []);
  });
  it("that is mounted takes it, and one that is too small is refused", {
    skip: mounts ? false : "needs root",
  }, async (context) => {
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", point]);
    } catch {
      return context.skip("this machine lets nobody mount");
    }
    try {
      await store(`usb:${point}/mill`);
      assert.deepEqual(readdirSync(join(point, "mill")), [backupName("mill", NOW)]);
      await assert.rejects(store(`usb:${point}/mill`, { bytesMost: 9_000_000 }), /has room for/);
    } finally {
      execFileSync("umount", [point]);
    }
  });
});

describe("a server", { skip: needs("openssh-server", "openssh-client") }, () => {
  let sshd: ChildProcess;
  let to: string;
  const [key, hostKey, far] = [join(root, "key"), join(root, "host"), join(root, "far")];
  const knownHosts = join(root, "known");
  before(async () => {
    const port = await freePort();
    for (const path of [key, hostKey])
      execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", path]);
    writeFileSync(join(root, "authorized"), readFileSync(`${key}.pub`), { mode: 0o600 });
    writeFileSync(knownHosts, `[127.0.0.1]:${port} ${readFileSync(`${hostKey}.pub`, "utf8")}`);
    const config = join(root, "sshd_config");
    const lines = [
      ...[
        `Port ${port}`,
        "ListenAddress 127.0.0.1",
        `HostKey ${hostKey}`,
        `AuthorizedKeysFile ${join(root, "authorized")}`,
      ],
      ...[
        "StrictModes no",
        "UsePAM no",
        "PasswordAuthentication no",
        "Subsystem sftp internal-sftp",
        "PidFile none",
      ],
    ];
    writeFileSync(config, `${lines.join("\n")}\n`);
    mkdirSync("/run/sshd", { recursive: true });
    sshd = spawn("/usr/sbin/sshd", ["-D", "-e", "-f", config], { stdio: ["ignore", "ignore", "pipe"] });
    to = `sftp://${userInfo().username}@127.0.0.1:${port}${far}`;
    const said: string[] = [];
    sshd.stderr?.on("data", (chunk: Buffer) => said.push(chunk.toString()));
    await until("sshd listens", () => said.join("").includes("listening"), {
      withinMs: 10_000,
      terminal: said,
    });
  });
  after(() => sshd?.kill());

  it("takes it by its key, lets old ones go, and nothing of the work stays here", async () => {
    for (const day of [4, 1, 0])
      await store(to, { login: { key, knownHosts }, keep: "2d", now: NOW - day * DAY });
    assert.deepEqual(
      readdirSync(far).sort(),
      [1, 0].map((day) => backupName("mill", NOW - day * DAY)),
    );
    await checkBackup({ path: join(far, backupName("mill", NOW)), passphrase: PASSPHRASE });
    assert.equal(existsSync(join(site.dataDir, "backup.tmp")), false);
    assert.equal((await keptBackups(site.dataDir)).last?.place, to);
  });
  it("with another key, or another host's, it is refused in words", async () => {
    await assert.rejects(store(to, { login: { key: hostKey, knownHosts } }), {
      code: "backup-failed",
      message: /did not take the backup: .*denied/i,
    });
    const stranger = join(root, "stranger");
    writeFileSync(stranger, "");
    await assert.rejects(store(to, { login: { key, knownHosts: stranger } }), {
      message: /verification failed/,
    });
    assert.equal(existsSync(join(site.dataDir, "backup.tmp")), false);
  });
});
