import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { INSTALL_SCRIPT } from "./packages.ts";

const folder = fs.mkdtempSync(join(tmpdir(), "gridwright-apt-"));
after(() => fs.rmSync(folder, { recursive: true, force: true }));
const policy = join(folder, "policy-rc.d");
const log = join(folder, "apt.log");

/** Stands in for apt-get: writes what it was asked and whether services were kept from starting meanwhile. */
function install(exitCode: number): { code: number | null; asked: string[] } {
  const apt = `#!/bin/sh\necho "$* $("${policy}"; echo $?)" >> "${log}"\nexit ${exitCode}\n`;
  fs.rmSync(log, { force: true });
  fs.writeFileSync(join(folder, "apt-get"), apt, { mode: 0o755 });
  const script = INSTALL_SCRIPT.replace("policy=/usr/sbin/policy-rc.d", `policy='${policy}'`);
  const env = { ...process.env, PATH: `${folder}:${process.env.PATH ?? ""}` };
  const { status } = spawnSync("sh", ["-c", script, "gridwright", "mbpoll", "influxdb"], { env });
  return { code: status, asked: fs.readFileSync(log, "utf8").trim().split("\n") };
}

test("no service starts while packages are installed, and the policy goes with us", () => {
  const { code, asked } = install(0);
  assert.equal(code, 0);
  assert.match(asked[0] ?? "", /^-q update 101$/);
  assert.match(asked[1] ?? "", /install -y --no-install-recommends .* mbpoll influxdb 101$/);
  assert.equal(fs.existsSync(policy), false);
});

test("the policy goes when apt-get fails, too", () => {
  assert.equal(install(100).code, 100);
  assert.equal(fs.existsSync(policy), false);
});

test("a policy that was there stays as it was", () => {
  const theirs = "#!/bin/sh\nexit 104\n";
  fs.writeFileSync(policy, theirs, { mode: 0o755 });
  assert.match(install(0).asked[1] ?? "", / 104$/);
  assert.equal(fs.readFileSync(policy, "utf8"), theirs);
});
