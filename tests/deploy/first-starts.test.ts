// A thousand first starts share no secret: neither within one nor with another.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { fileURLToPath } from "node:url";
import { ISSUERS, openSecrets } from "@gridwright/runtime/secrets/secrets.ts";
import { loadSite } from "../../controller/cli/load-site.ts";
import { figure } from "../tools/figure.ts";

const SITE = fileURLToPath(new URL("../../deploy/sites/makerspace.yaml", import.meta.url));
const STARTS = 1_000;
const BITS_MIN = 128;

it("1,000 first starts make as many different secrets", async () => {
  const { model } = loadSite(SITE);
  // In memory where there is such a place: each start syncs two files.
  const folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "gridwright-starts-"));
  const all: string[] = [];
  for (let start = 0; start < STARTS; start += 1) {
    const dataDir = join(folder, String(start));
    const { brokerUsers, issuerKey } = await openSecrets(dataDir, model);
    all.push(...brokerUsers.map(({ password }) => password));
    all.push(...ISSUERS.map((issuer) => issuerKey(issuer)?.toString("base64url") ?? ""));
    rmSync(dataDir, { recursive: true });
  }
  rmSync(folder, { recursive: true });
  assert.ok(all.length >= STARTS * 8);
  assert.equal(new Set(all).size, all.length);
  for (const secret of all) assert.ok(Buffer.from(secret, "base64url").length * 8 >= BITS_MIN);
  const bits = Math.min(...all.map((secret) => Buffer.from(secret, "base64url").length * 8));
  figure("R2", { starts: STARTS, secrets: new Set(all).size, bits });
});
