// The whole way of a technician with a device that no profile knows: scan, paste, check, read, trial write. The device is
// a pymodbus server, a peer of another house.
import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { freePort } from "../../controller/cli/supervisor/ports.ts";
import { needs } from "../tools/needs.ts";
import { until } from "../tools/village.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const MAIN = fileURLToPath(new URL("../../controller/cli/main.ts", import.meta.url));
const SERVER = fileURLToPath(new URL("./pymodbus-sunspec.py", import.meta.url));
const DEADLINE_MS = 20_000;

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const gridwright = (...args: readonly string[]): Promise<Ran> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      [MAIN, ...args],
      { cwd: ROOT, timeout: DEADLINE_MS },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : Number(error.code ?? -1);
        resolve({ code, out: stdout, err: stderr });
      },
    );
  });

const HEAD = "gridwright: 1\nsite: { id: hut, name: Hut }\n";

describe("a SunSpec device at base 50000, unit 126, that no profile knows", {
  skip: needs("python3-pymodbus"),
}, () => {
  let server: ChildProcess;
  let place = "";
  const folder = mkdtempSync(join(tmpdir(), "gridwright-scan-"));
  const site = join(folder, "site.yaml");

  before(async () => {
    const port = await freePort();
    place = `tcp://127.0.0.1:${port}`;
    // Debian's own Python has Debian's pymodbus.
    server = spawn("/usr/bin/python3", [SERVER, String(port)], { stdio: "ignore" });
    await until(
      "pymodbus answers",
      async () => (await gridwright("scan", place, "--units", "126", "--timeout", "300")).code === 0,
      { withinMs: DEADLINE_MS, alive: () => server.exitCode === null },
    );
  });
  after(() => {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  test("scan finds it among silent units, says what it is and proposes an entry", async () => {
    const { out, code } = await gridwright("scan", place, "--units", "1-3,126", "--timeout", "200", "--json");
    assert.equal(code, 0);
    const { places, proposal, devices } = JSON.parse(out);
    assert.equal(places[0].units.length, 1);
    const [{ unit, identity }] = places[0].units;
    assert.equal(unit, 126);
    assert.deepEqual(identity.sunspec, {
      ...{ base: 50_000, models: [1, 103, 120, 123], role: "inverter", phases: 3 },
      ...{ manufacturer: "Huttworks", model: "Ridge 8.2", serial: "HW-004711", ratedW: 8_200 },
    });
    assert.deepEqual(devices, [{ unit: 126, id: "huttworks-ridge-8-2", profile: "sunspec" }]);
    writeFileSync(site, `${HEAD}${proposal}\n`);
  });

  test("pasted into site.yaml, the entry has no mistakes", async () => {
    const { out, code } = await gridwright("check", site);
    assert.equal(code, 0, out);
    assert.match(out, /1 device, 1 asset, 1 of them switched/);
  });

  test("and reads right, with the registers behind each value", async () => {
    const { out, err } = await gridwright("read", "huttworks-ridge-8-2", "--raw", "--config", site, "--json");
    assert.equal(err, "");
    const { points } = JSON.parse(out) as {
      points: { point: string; value?: number; registers?: { address: number; words: number[] } }[];
    };
    const value = (name: string) => points.find(({ point }) => point === name)?.value;
    assert.equal(value("power"), 5_710);
    assert.equal(value("apparent_power"), 5_740);
    assert.equal(value("current_l2"), 8.26);
    assert.equal(value("voltage_l3"), 231.8);
    assert.equal(value("frequency"), 49.98);
    assert.equal(value("energy_generated"), 1_234_567);
    assert.equal(value("temperature"), 41.3);
    assert.equal(value("limit"), 1);
    assert.equal(value("soc"), undefined);
    const power = points.find(({ point }) => point === "power")?.registers;
    assert.deepEqual([power?.address, power?.words], [50_084, [571]]);
  });

  test("a person sees a table, and what the device does not have below it", async () => {
    const { out } = await gridwright("read", "huttworks-ridge-8-2", "--config", site);
    assert.match(out, /^ {2}POINT +VALUE +UNIT +QUALITY$/m);
    assert.match(out, /^ {2}power +5710 +W +good$/m);
    assert.match(out, /does not have: power_l1, power_l2, power_l3, soc/);
  });
});
