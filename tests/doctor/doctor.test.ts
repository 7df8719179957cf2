// The doctor beside a running demo: in the terminal and at the page's address it says the same, of a real machine, and sees what
// is done wrong on purpose.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { CHECKS, type DoctorReport, type Finding } from "@gridwright/contract/doctor-words.ts";
import { PASSPHRASE } from "@gridwright/runtime/backup/fixture.ts";
import { MAIN } from "../tools/real-site.ts";
import { startVillage, until, type Village } from "../tools/village.ts";

interface Told extends DoctorReport {
  readonly findings: readonly (Finding & { readonly says: string; readonly cure?: string })[];
}

let village: Village;
before(async () => {
  village = await startVillage({ speed: 5 });
});
after(() => village.stop());

const gridwright = (...args: readonly string[]): Promise<{ readonly code: number; readonly out: string }> =>
  new Promise((resolve) => {
    const env = { ...process.env, GRIDWRIGHT_BACKUP_PASSPHRASE: PASSPHRASE };
    execFile(process.execPath, [MAIN, ...args, "--data", village.dataDir], { env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out: out + err }),
    );
  });
const doctor = async (): Promise<Told> => JSON.parse((await gridwright("doctor", "--json")).out) as Told;
const codes = ({ findings }: DoctorReport, check: string): readonly string[] =>
  findings.filter((one) => one.check === check).map(({ severity, code }) => `${severity} ${code}`);

describe("the doctor of the demo", () => {
  it("looks at everything; control acts and the plant wants no signature", async () => {
    await until(
      "control is heard and all devices answer",
      async () => codes(await doctor(), "buses").join() === "ok buses-ok",
      {
        ...{ withinMs: 120_000, everyMs: 1_000, terminal: village.terminal },
      },
    );
    const report = await doctor();
    assert.deepEqual(new Set(report.findings.map(({ check }) => check)), new Set(CHECKS));
    assert.deepEqual(
      codes(report, "lateness").map((said) => said.split(" ")[1]?.slice(0, 9)),
      ["lateness-"],
    );
    assert.deepEqual(codes(report, "commissioning"), ["ok commissioning-simulated"]);
    assert.deepEqual(codes(report, "secrets"), ["ok secrets-ok"]);
    assert.deepEqual(codes(report, "backup"), ["info backup-none"]);
    assert.deepEqual(
      codes(report, "ports").filter((said) => said.includes("unasked")),
      [],
    );
    for (const { severity, cure, says } of report.findings)
      assert.ok(
        severity === "ok" || severity === "unknown" || severity === "info" || cure !== undefined,
        says,
      );
  });
  it("says the same on the page's address", async () => {
    const page = `http://127.0.0.1:${village.processes().services.ports.page}/api/v1/doctor`;
    const asked = await fetch(page, { headers: { cookie: "gridwright-demo-role=technician" } });
    const { findings } = (await asked.json()) as DoctorReport;
    assert.equal((await fetch(page)).status, 403, "members are not told");
    const told = await doctor();
    for (const check of ["secrets", "commissioning", "backup", "update", "certificate"])
      assert.deepEqual(codes({ at: 0, findings }, check), codes(told, check), check);
  });
  it("a password that everybody knows is found, not told, and the exit code says that it cannot wait", async () => {
    const file = join(village.dataDir, "secrets", "old-logins.json");
    writeFileSync(file, '{"plug":"Raspberry"}', { mode: 0o600 });
    const { code, out } = await gridwright("doctor");
    assert.equal(code, 2);
    assert.match(
      out,
      /✖.* secrets +.*old-logins\.json holds a password that everybody knows\.\n +→ Choose a random one/,
    );
    assert.doesNotMatch(out, /Raspberry/);
    rmSync(file);
  });
  it("with a mistake in the site file it says that, and all that needs no site file", async () => {
    const config = join(village.dataDir, "..", "bad-site.yaml");
    writeFileSync(config, "site: { id: bad site, name: Bad }\n");
    const { code, out } = await gridwright("doctor", "--config", config, "--json");
    const report = JSON.parse(out) as Told;
    assert.equal(code, 2);
    assert.deepEqual(new Set(report.findings.map(({ check }) => check)), new Set(CHECKS));
    const [site] = report.findings;
    assert.deepEqual([site?.severity, site?.code], ["critical", "site-mistakes"]);
    assert.match(site?.says ?? "", /mistakes \(\d+\).*bad-site\.yaml:1/);
    assert.match(site?.cure ?? "", /gridwright check .*bad-site\.yaml/);
    assert.deepEqual(codes(report, "secrets"), ["ok secrets-ok"]);
    assert.deepEqual(codes(report, "units"), ["ok units-ok"]);
    assert.deepEqual(codes(report, "lateness"), ["unknown lateness-unheard"]);
    assert.deepEqual(codes(report, "commissioning"), ["unknown commissioning-unknown"]);
    rmSync(config);
    const { out: gone } = await gridwright("doctor", "--config", config);
    assert.match(gone, /✖.* site file +The site file .*bad-site\.yaml cannot be read: ENOENT/);
  });
  it("knows the backup that was just made, in Spanish too", async () => {
    const made = await gridwright("backup", "--to", join(village.dataDir, "..", "stick"));
    assert.equal(made.code, 0, made.out);
    assert.match(made.out, /^warning: .*stick is on the card or disk that the data is on/m);
    const { out } = await gridwright("doctor", "--language", "es");
    assert.match(out, /copia +La copia más nueva está en la tarjeta .*\(.*stick\): muere con él\./);
  });
});
