// Makes the technicians' flows ready to run, as a process of its own that ends with it: installs Node-RED by the lockfile
// beside its package.json and builds our nodes, each only where something changed. `--with-tests` installs what tests of
// nodes need, too. One at a time; it must never hold up anything else.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

const HERE = import.meta.dirname;
const ROOT = join(HERE, "..");
const INSTALL = join(HERE, "node-red");
const LOCK = join(ROOT, ".cache", "flows.lock");
const STALE_MS = 10 * 60_000;
const WAIT_MS = 500;

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (/^(node_modules|dist(\..*)?)$/.test(entry.name) || /\.test\.ts$/.test(entry.name)) return [];
      return entry.isDirectory() ? filesIn(path) : [path];
    });

function hashOf(files: readonly string[], salt: string): string {
  const hash = createHash("sha256").update(salt);
  for (const file of files) hash.update(file.slice(ROOT.length)).update(readFileSync(file));
  return hash.digest("hex");
}

const stampOf = (path: string): string => (existsSync(path) ? readFileSync(path, "utf8") : "");

/** Ends with its parent, and with it whatever it runs. */
async function run(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { cwd: ROOT, stdio: ["ignore", 2, 2] });
  const parent = process.ppid;
  const end = (): void => void child.kill();
  process.once("SIGTERM", end);
  const orphaned = setInterval(() => process.ppid !== parent && end(), WAIT_MS);
  try {
    const [code] = await once(child, "exit");
    if (code !== 0) throw new Error(`${command} ${args[0]} ended with ${code}`);
  } finally {
    clearInterval(orphaned);
    process.off("SIGTERM", end);
  }
}

async function install(withTests: boolean): Promise<void> {
  const stamp = join(INSTALL, "node_modules", ".gridwright-stamp");
  const files = [join(INSTALL, "package.json"), join(INSTALL, "package-lock.json")];
  const platform = `${process.platform} ${process.arch}`;
  const [lean, whole] = [hashOf(files, platform), hashOf(files, `${platform} tests`)];
  const has = stampOf(stamp);
  if (has === whole || (has === lean && !withTests)) return;
  const flags = [...(withTests ? [] : ["--omit=dev"]), "--no-audit", "--no-fund", "--loglevel=error"];
  await run("npm", ["ci", "--prefix", INSTALL, ...flags]);
  writeFileSync(stamp, withTests ? whole : lean);
}

async function build(): Promise<void> {
  const dist = join(HERE, "dist");
  const stamp = join(dist, ".gridwright-stamp");
  const sources = [
    ...filesIn(join(HERE, "src")),
    ...filesIn(join(HERE, "examples")),
    join(HERE, "vite.config.ts"),
    join(HERE, "package.json"),
  ];
  const wanted = hashOf([...sources, ...filesIn(join(ROOT, "controller", "contract"))], "");
  if (stampOf(stamp) === wanted) return;
  const fresh = join(HERE, "dist.new");
  const vite = join(ROOT, "node_modules", "vite", "bin", "vite.js");
  await run(process.execPath, [
    vite,
    "build",
    HERE,
    "--outDir",
    fresh,
    "--emptyOutDir",
    "--logLevel",
    "warn",
  ]);
  writeFileSync(join(fresh, ".gridwright-stamp"), wanted);
  rmSync(dist, { recursive: true, force: true });
  renameSync(fresh, dist);
}

/** Waits for another one that is at it; one that was left by a dead process is old. */
async function locked(work: () => Promise<void>): Promise<void> {
  mkdirSync(join(ROOT, ".cache"), { recursive: true });
  for (;;) {
    try {
      mkdirSync(LOCK);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      if (Date.now() - statSync(LOCK).mtimeMs > STALE_MS) rmSync(LOCK, { recursive: true, force: true });
      else await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    }
  }
  try {
    await work();
  } finally {
    rmSync(LOCK, { recursive: true, force: true });
  }
}

await locked(async () => {
  await install(process.argv.includes("--with-tests"));
  await build();
});
