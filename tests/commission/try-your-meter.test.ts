// What docs/profile.md tells a stranger to type, typed: its profile and its site, checked, simulated and read.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { freePort } from "../../controller/cli/supervisor/ports.ts";
import { until } from "../tools/village.ts";

const MAIN = fileURLToPath(new URL("../../controller/cli/main.ts", import.meta.url));
const PAGE = readFileSync(new URL("../../docs/profile.md", import.meta.url), "utf8");
const DEADLINE_MS = 25_000;

const gridwright = (...args: readonly string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { timeout: DEADLINE_MS }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });

/** The page's files in a folder, on ports that are free here. */
async function bench(t: TestContext): Promise<{ site: string; data: string; pacePort: number }> {
  const folder = mkdtempSync(join(tmpdir(), "gridwright-bench-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [profile = "", text = ""] = [...PAGE.matchAll(/```yaml\n([\s\S]*?)```/g)].map(
    ([, block]) => block ?? "",
  );
  const taken = new Set<number>();
  const port = await freePort(0, taken);
  mkdirSync(join(folder, "profiles"));
  writeFileSync(join(folder, "profiles", "nordhag-emu385.yaml"), profile);
  const site = join(folder, "bench.yaml");
  assert.match(text, /port: 25001/);
  writeFileSync(site, text.replace("port: 25001", `port: ${port}`));
  return { site, data: join(folder, "data"), pacePort: await freePort(0, taken) };
}

test("the profile and the site of the page are checked, answered by the twin and read", async (t) => {
  const { site, data, pacePort } = await bench(t);
  const checked = await gridwright("check", site);
  assert.equal(checked.code, 0, checked.out + checked.err);
  const twin = spawn(
    process.execPath,
    [MAIN, "twin", site, "--data", data, "--pace-port", String(pacePort)],
    { stdio: "ignore" },
  );
  t.after(() => twin.kill());
  let read = { code: -1, out: "", err: "" };
  await until(
    "the meter is read",
    async () => {
      read = await gridwright("read", "meter", "--raw", "--json", "--config", site);
      return read.code === 0;
    },
    { withinMs: DEADLINE_MS, alive: () => twin.exitCode === null },
  );
  const { points } = JSON.parse(read.out) as {
    points: { point: string; value?: number; registers?: { address: number; words: number[] } }[];
  };
  const hertz = points.find(({ point }) => point === "frequency");
  assert.ok(Math.abs((hertz?.value ?? 0) - 50) < 1.5, JSON.stringify(hertz));
  assert.deepEqual([hertz?.registers?.address, hertz?.registers?.words.length], [20, 1]);
  const power = points.find(({ point }) => point === "power")?.registers;
  assert.deepEqual([power?.address, power?.words.length], [12, 2]);
});
