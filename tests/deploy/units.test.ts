// The units as systemd itself judges them, without one that runs: how exposed each is, and the order in which they start, are
// ended and come back.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, it } from "node:test";
import { figure } from "../tools/figure.ts";
import { needs } from "../tools/needs.ts";
import { serviceNames, UNITS, unitKey, unitKeys } from "./unit-files.ts";

const EXPOSURE_MAX = 2;
const PROCESSES = ["broker", "control", "flows", "services"].map((name) => `gridwright-${name}.service`);
const CONTROL = "gridwright-control.service";

describe("exposure by systemd-analyze", { skip: needs("systemd") }, () => {
  const seen: number[] = [];
  for (const name of serviceNames)
    it(`${name} is at most ${EXPOSURE_MAX}`, () => {
      const args = ["security", "--offline=true", "--no-pager", join(UNITS, name)];
      const { stdout } = spawnSync("systemd-analyze", args, { encoding: "utf8", timeout: 30_000 });
      const [, found] = /Overall exposure level for \S+: ([\d.]+)/.exec(stdout) ?? [];
      assert.ok(Number(found) <= EXPOSURE_MAX, `${found}\n${stdout}`);
      seen.push(Number(found));
    });
  it("all of them", () => {
    assert.equal(seen.length, serviceNames.length);
    figure("R13", { units: seen.length, exposure: String(Math.max(...seen)) });
  });
});

describe("what the units say", () => {
  it("every process has a unit, a limit of memory, and one of tasks", () => {
    const others = ["gridwright-backup.service", "gridwright-renew@.service"];
    assert.deepEqual(serviceNames.filter((name) => !others.includes(name)).sort(), PROCESSES);
    for (const name of serviceNames) assert.match(unitKey(name, "Service.MemoryMax"), /^\d+M$/, name);
  });

  it("control is the last to be ended when memory runs out, flows the first of the processes", () => {
    const score = (name: string): number => Number(unitKey(name, "Service.OOMScoreAdjust"));
    const byScore = [...PROCESSES].sort((a, b) => score(a) - score(b));
    assert.deepEqual(byScore, [
      CONTROL,
      ...["broker", "services", "flows"].map((n) => `gridwright-${n}.service`),
    ]);
    assert.ok(score(CONTROL) < -500);
  });

  it("who ended is back within 2 s, however often", () => {
    for (const name of PROCESSES) {
      assert.equal(unitKey(name, "Service.RestartSec"), "200ms", name);
      assert.equal(unitKey(name, "Unit.StartLimitIntervalSec"), "0", name);
      assert.match(unitKey(name, "Service.Restart"), name.includes("broker") ? /^on-failure$/ : /^always$/);
    }
  });

  it("control waits for no network and no other unit; only its own steps keep the watchdog quiet", () => {
    const keys = unitKeys(CONTROL);
    for (const key of ["After", "Wants", "Requires", "BindsTo"])
      assert.equal(keys.get(`Unit.${key}`), undefined);
    const patienceS = Number.parseInt(unitKey(CONTROL, "Service.WatchdogSec"), 10);
    assert.ok(patienceS > 5 && patienceS <= 15, "longer than a command's deadline, at most 15 s");
    for (const name of PROCESSES.filter((one) => one !== CONTROL))
      assert.equal(unitKeys(name).get("Service.WatchdogSec"), undefined, name);
  });

  it("nothing reaches the internet, and the flows nothing but this machine", () => {
    for (const name of PROCESSES) assert.equal(unitKey(name, "Service.IPAddressDeny"), "any", name);
    assert.deepEqual(unitKeys("gridwright-flows.service").get("Service.IPAddressAllow"), ["localhost"]);
    for (const allowed of unitKeys("gridwright-services.service").get("Service.IPAddressAllow") ?? [])
      assert.match(allowed, /^(localhost|10\.|172\.16\.|192\.168\.|100\.64\.|169\.254\.|fc00:|fe80:)/);
  });

  it("the flows have a user of their own and cannot come near the secrets", () => {
    assert.equal(unitKey("gridwright-flows.service", "Service.User"), "gridwright-flows");
    const hidden = unitKeys("gridwright-flows.service").get("Service.InaccessiblePaths") ?? [];
    assert.ok(hidden.includes("-/var/lib/gridwright/secrets"));
    figure("R8", { user: unitKey("gridwright-flows.service", "Service.User") });
  });
});
