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

it("1,000 first starts make as many different secrets", async (t) => {
  const { model } = loadSite(SITE);
  // In memory where there is such a place: each start syncs two files.
  const folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "gridwright-starts-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const all = new Set<string>();
  for (let start = 0; start < STARTS; start += 1) {
    const dataDir = join(folder, String(start));
    const { brokerUsers, issuerKey } = await openSecrets(dataDir, model);
    const made = [
      ...brokerUsers.map(({ password }) => password),
      ...ISSUERS.map((issuer) => issuerKey(issuer)?.toString("base64url") ?? ""),
    ];
    for (const secret of made) {
      assert.ok(!all.has(secret), `start ${start + 1} made a secret that was there before`);
      all.add(secret);
    }
    rmSync(dataDir, { recursive: true });
  }
  assert.ok(all.size >= STARTS * 8);
  const bits = Math.min(...[...all].map((secret) => Buffer.from(secret, "base64url").length * 8));
  assert.ok(bits >= BITS_MIN);
  figure("R2", { starts: STARTS, secrets: all.size, bits });
});
