// Builds the Grafana panel with Grafana's own tools, and the page on which tests show it. Their 700 MB are installed in .cache,
// by the panel's own lockfile, only when this is asked for; what is built is committed with a hash of its sources, so that
// tests need none of it. The same sources give the same bytes.

import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { filesHash } from "./files-hash.ts";
import { runVisibly } from "./program.ts";
import { ROOT } from "./root.ts";

const PANEL = "dashboards/grafana/panel";
const PLUGIN = "dashboards/grafana/generated/plugins/gridwright-microgridflow-panel";
const HARNESS = "tests/panel/generated";
/** As deep as PANEL, for its tsconfig.json names the repository's. */
const WORK = ".cache/grafana/panel";
const SCAFFOLD = join(WORK, "gridwright-microgridflow-panel");
export const BUILT_FROM = "dashboards/grafana/generated/plugins/built-from.json";

const at = (...parts: readonly string[]): string => join(ROOT, ...parts);

const sources = (): readonly string[] =>
  globSync(`${PANEL}/**`, {
    cwd: ROOT,
    exclude: (path) => /(^|\/)node_modules$|\.test\.ts$/.test(path),
  }).filter((path) => /\.\w+$/.test(path) && !path.endsWith(".test.ts"));

/** Where each committed file of the build comes from. */
const committed = (): readonly string[] =>
  globSync([`${PLUGIN}/**/*.*`, `${PLUGIN}/LICENSE`, `${HARNESS}/*`], { cwd: ROOT });

/** What the committed build says it is of, and what is there: they must be the same. */
export const panelState = () => ({
  sources: filesHash([...sources(), "LICENSE"]),
  built: filesHash(committed()),
});

/** Every built file and its content. */
function built(): ReadonlyMap<string, Buffer> {
  const dist = globSync("**/*", { cwd: at(WORK, "dist") }).filter((path) =>
    /\.(js|json|md|svg)$|^LICENSE$/.test(path),
  );
  const harness = at(WORK, "dist-harness");
  return new Map([
    ...dist.map((path) => [join(PLUGIN, path), readFileSync(at(WORK, "dist", path))] as const),
    [join(HARNESS, "licenses.md"), readFileSync(join(harness, "licenses.md"))] as const,
    [
      join(HARNESS, "harness.js.gz"),
      gzipSync(readFileSync(join(harness, "harness.js")), { level: 9 }),
    ] as const,
  ]);
}

const plain = (path: string, bytes: Buffer): Buffer => (path.endsWith(".gz") ? gunzipSync(bytes) : bytes);
const differs = ([path, bytes]: readonly [string, Buffer]): boolean =>
  !existsSync(at(path)) || !plain(path, readFileSync(at(path))).equals(plain(path, bytes));

async function run(...steps: readonly (readonly string[])[]): Promise<void> {
  for (const step of steps) {
    const code = await runVisibly("npm", ["--prefix", WORK, ...step]);
    if (code !== 0) throw new Error(`npm ${step.join(" ")} ended with ${code}`);
  }
}

/** Packages by the panel's lockfile; once for each lockfile. */
async function install(): Promise<void> {
  const stamp = at(WORK, "node_modules/.gridwright-stamp");
  const wanted = filesHash([`${PANEL}/package.json`, `${PANEL}/package-lock.json`]);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  await run(["ci"]);
  rmSync(at(SCAFFOLD), { recursive: true, force: true });
  await run(["run", "scaffold"]);
  writeFileSync(stamp, wanted);
}

/** Brings the sources to where they are built; the configuration is what create-plugin writes. */
async function prepare(): Promise<void> {
  for (const folder of ["src", "harness", "dist", "dist-harness", ".config"])
    rmSync(at(WORK, folder), { recursive: true, force: true });
  for (const path of sources()) {
    const target = at(WORK, path.slice(PANEL.length));
    mkdirSync(dirname(target), { recursive: true });
    cpSync(at(path), target);
  }
  for (const path of [".npmrc", "LICENSE"]) cpSync(at(path), at(WORK, path));
  await install();
  cpSync(at(SCAFFOLD, ".config"), at(WORK, ".config"), { recursive: true });
}

/** Builds; writes what differs, or says so with `checkOnly`. */
export async function buildPanel(checkOnly: boolean): Promise<number> {
  process.env.PATH = `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ""}`;
  await prepare();
  await run(["run", "types"], ["run", "build"], ["run", "harness"]);
  const changed = [...built()].filter(differs);
  for (const [path, bytes] of checkOnly ? [] : changed) {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), bytes);
  }
  for (const [path] of changed)
    console.log(checkOnly ? `${path} is not what its sources give` : `wrote ${path}`);
  if (!checkOnly) writeFileSync(at(BUILT_FROM), `${JSON.stringify(panelState(), undefined, 2)}\n`);
  return checkOnly && changed.length > 0 ? 1 : 0;
}
