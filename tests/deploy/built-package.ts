// A package of these sources as `npm run package` makes it, without Node-RED, which is most of its size.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Its path, in `out`. */
export function buildPackage(out: string, ...more: readonly string[]): string {
  const dev = join(ROOT, "controller/cli/dev/main.ts");
  const args = [
    "--disable-warning=ExperimentalWarning",
    dev,
    "package",
    "--out",
    out,
    "--without-flows",
    ...more,
  ];
  const env = { ...process.env, SOURCE_DATE_EPOCH: "1790000000" };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, env, encoding: "utf8" });
  assert.equal(status, 0, `${stdout}${stderr}`);
  const name = readdirSync(out).find((one) => one.endsWith(".deb")) ?? "";
  return join(out, name);
}
