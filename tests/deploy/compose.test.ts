// The compose file as a real docker-compose reads it: it is valid, has no password of its own, and gives nobody more than the units
// give. Nothing is started.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { needs } from "../tools/needs.ts";
import { unitKey } from "./unit-files.ts";

const FILE = fileURLToPath(new URL("../../deploy/compose.yaml", import.meta.url));
/** Passwords that somebody made here must not help. */
const empty = join(mkdtempSync(join(tmpdir(), "gridwright-compose-")), "none.env");
writeFileSync(empty, "");
after(() => rmSync(dirname(empty), { recursive: true }));
const PASSWORDS = ["INFLUXDB_ADMIN_PASSWORD", "INFLUXDB_USER_PASSWORD", "GRAFANA_ADMIN_PASSWORD"];
const OURS = ["broker", "control", "flows", "services"] as const;

interface Service {
  readonly network_mode?: string;
  readonly ports?: unknown;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly mem_limit?: string;
  readonly oom_score_adj?: number;
  readonly user?: string;
  readonly privileged?: boolean;
}

function config(passwords: readonly string[]) {
  const given = Object.fromEntries(passwords.map((name, place) => [name, `given-${place}`]));
  const { PATH, HOME } = process.env;
  const args = ["--env-file", empty, "-f", FILE, "config"];
  return spawnSync("docker-compose", args, { env: { PATH, HOME, ...given }, encoding: "utf8" });
}

describe("the compose file by docker-compose", { skip: needs("docker-compose") }, () => {
  it("is valid", () => {
    const { status, stderr } = config(PASSWORDS);
    assert.equal(status, 0, stderr);
  });
  for (const name of PASSWORDS)
    it(`is refused without ${name}`, () => {
      const { status, stderr } = config(PASSWORDS.filter((one) => one !== name));
      assert.notEqual(status, 0);
      assert.match(stderr, /compose-passwords\.sh/);
    });
});

describe("what containers may", () => {
  const { services } = parse(readFileSync(FILE, "utf8"), { merge: true }) as {
    readonly services: Readonly<Record<string, Service>>;
  };
  it("nothing is published: all are on this machine's network, where they listen on loopback", () => {
    for (const [name, { ports, network_mode, privileged }] of Object.entries(services)) {
      assert.deepEqual([ports, network_mode, privileged], [undefined, "host", undefined], name);
    }
  });
  for (const name of OURS)
    it(`${name} has the memory, the place and the user of its unit`, () => {
      const service = services[name];
      const unit = `gridwright-${name}.service`;
      assert.equal(service?.mem_limit?.toUpperCase(), unitKey(unit, "Service.MemoryMax"));
      assert.equal(String(service?.oom_score_adj), unitKey(unit, "Service.OOMScoreAdjust"));
      assert.equal(service?.user, unitKey(unit, "Service.User"));
      assert.equal(service?.read_only, true);
      assert.deepEqual(service?.cap_drop, ["ALL"]);
      assert.deepEqual(service?.security_opt, ["no-new-privileges:true"]);
    });
});
