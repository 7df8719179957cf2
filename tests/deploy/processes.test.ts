// The processes as the units start them: the same command line and environment, on a machine without any network (a namespace
// in which not even loopback is up), told and watched over a real notify socket.
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { readRun } from "../../controller/cli/supervisor/run-file.ts";
import { figure } from "../tools/figure.ts";
import { needs } from "../tools/needs.ts";
import { until } from "../tools/until.ts";
import { type Manager, startManager } from "./manager.ts";
import { unitKey, unitKeys } from "./unit-files.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SITE = fileURLToPath(new URL("../../deploy/sites/new.yaml", import.meta.url));
const START_MS = 60_000;

const fenced = spawnSync("unshare", ["--user", "--map-root-user", "--net", "true"]).status === 0;
const skip = needs("socat") || (fenced ? false : "skipped: this machine gives no network namespace");

let folder = "";
let manager: Manager;
let running: ChildProcess[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "gridwright-units-"));
  for (const name of ["etc", "run"]) mkdirSync(join(folder, name));
  copyFileSync(SITE, join(folder, "etc/site.yaml"));
  manager = await startManager(join(folder, "notify"));
});
afterEach(async () => {
  for (const child of running) child.kill("SIGKILL");
  running = [];
  manager.stop();
  rmSync(folder, { recursive: true });
});

/** The places of an installed site, here. */
const here = (text: string): string =>
  text
    .replaceAll("/opt/gridwright/current/bin/node", process.execPath)
    .replaceAll("/opt/gridwright/current", ROOT)
    .replaceAll("/etc/gridwright", join(folder, "etc"))
    .replaceAll("/var/lib/gridwright", join(folder, "data"))
    .replaceAll("/var/cache/gridwright", join(ROOT, ".cache/compiled"))
    .replaceAll("/run/gridwright", join(folder, "run"));

/** Starts what units start, side by side, in one namespace; `loopback`: that much network is there. */
function startUnits(names: readonly string[], loopback: boolean): void {
  const commands = names.map((name) => {
    const unit = `gridwright-${name}.service`;
    const set = (unitKeys(unit).get("Service.Environment") ?? []).map(here).join(" ");
    const watched = unitKeys(unit).has("Service.WatchdogSec") ? "WATCHDOG_USEC=2000000" : "";
    return `env -i PATH="$PATH" NOTIFY_SOCKET=${manager.socket} ${watched} ${set} ${here(unitKey(unit, "Service.ExecStart"))} &`;
  });
  const script = ["umask 0077", ...(loopback ? ["ip link set lo up"] : []), ...commands, "wait"].join("\n");
  const args = ["--user", "--map-root-user", "--net", "--pid", "--fork", "--kill-child", "sh", "-c", script];
  running.push(spawn("unshare", args, { stdio: ["ignore", "ignore", "inherit"] }));
}

/** Local addresses, as the kernel writes them, of all sockets in a process's network on which somebody waits. */
const listening = (pid: number): readonly string[] =>
  ["tcp", "tcp6", "udp", "udp6"].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state]) => state === "0A" || (table.startsWith("udp") && state === "07"))
      .map(([, local = ""]) => local),
  );
const isLoopback = (local: string): boolean => /^([0-9A-F]{6}7F|0{24}01000000):/.test(local);

const heard = (word: string): number => manager.heard().filter((one) => one === word).length;

describe("processes as units start them", { skip }, () => {
  it("control acts where there is no network at all: it is up, steps, and its steps keep the watchdog quiet", async () => {
    startUnits(["control"], false);
    await until(async () => heard("READY=1") === 1 && heard("WATCHDOG=1") >= 3, true, START_MS);
    const run = readRun(join(folder, "data"));
    assert.equal(run?.siteFile, join(folder, "etc/site.yaml"));
    assert.deepEqual(Object.keys(run?.processes ?? {}), ["control"]);
  });

  it("broker, control and services come up side by side and know the same secrets; the set-up link is in memory alone", async () => {
    startUnits(["services", "control", "broker"], true);
    await until(async () => heard("READY=1"), 3, START_MS);
    const processes = readRun(join(folder, "data"))?.processes ?? {};
    assert.deepEqual(Object.keys(processes).sort(), ["broker", "control", "services"]);
    assert.equal(processes.services?.ports.page, 8080);
    const link = readFileSync(join(folder, "run/set-up-link"), "utf8");
    assert.match(link, /^http:\/\/127\.0\.0\.1:8080\/#invite=[\w-]{24,}\n$/);
    assert.equal(statSync(join(folder, "run/set-up-link")).mode & 0o777, 0o600);
    const secret = link.trim().split("=").at(-1) ?? "";
    const { stdout } = spawnSync("grep", ["-rl", secret, join(folder, "data")], { encoding: "utf8" });
    assert.equal(stdout, "", "the link's secret lies on the card");
    const open = listening(running[0]?.pid ?? 0);
    const beyond = open.filter((one) => !isLoopback(one));
    assert.deepEqual(beyond, []);
    assert.ok(open.length >= 2, "the page and the broker");
    figure("R1", { sockets: open.length, beyond: beyond.length });
  });
});
