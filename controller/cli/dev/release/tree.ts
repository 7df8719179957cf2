// Puts one release together, complete and for one machine: sources, the packages that they need at run time by the lockfile,
// their own Node, the built page and flows, units, manual, and what all that is made of (sbom.cdx.json). It takes what is
// installed here and fetches nothing but another machine's Node and Node-RED.
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { parse } from "yaml";
import { Lists, licenceOf } from "./accounts.ts";
import { isOutside, type LockedPackage, type Lockfile, nameOf, neededBy } from "./lockfile.ts";
import { type Part, sbomText } from "./sbom.ts";

export interface TreeOptions {
  readonly root: string;
  readonly to: string;
  readonly arch: Arch;
  /** Of the sources, in s. */
  readonly epochS: number;
  readonly flows: boolean;
}

/** As Debian calls machines → as Node does. */
export const ARCHES = { amd64: "x64", arm64: "arm64" } as const;
export type Arch = keyof typeof ARCHES;

const FILES = ["LICENSE", "README.md", "CHANGELOG.md", "SECURITY.md", "package.json", "package-lock.json"];
const FIRMWARE = ["hex", "json"].map((kind) => `firmware-bridge/firmware/gridwright-box.${kind}`);
const FOLDERS = [
  ...["contract", "core", "protocols", "runtime", "twin", "cli"].map((room) => `controller/${room}`),
  ...["firmware-bridge/src", "dashboards/grafana/src", "dashboards/grafana/generated", "dashboards/web/dist"],
  ...["flows/runtime", "flows/examples", "docs", "deploy"],
];
const FLOWS = "flows/dist";
const SINGLE = ["firmware-bridge", "dashboards/grafana", "dashboards/web", "flows", "flows/node-red"].map(
  (folder) => `${folder}/package.json`,
);
/** Rooms whose packages come along; the page is built, its packages are in it. */
const ROOMS = [
  ...["contract", "core", "protocols", "runtime", "twin", "cli"].map((room) => `controller/${room}`),
  ...["firmware-bridge", "flows", "dashboards/grafana"],
];
const LEFT_OUT =
  /(^|\/)(node_modules|\.cache)(\/|$)|\.test\.ts$|^controller\/cli\/dev\/(?!generators(\/|$))|\/\.gridwright-stamp$/;

export function readLock(file: string): Lockfile {
  return JSON.parse(readFileSync(file, "utf8")) as Lockfile;
}

export const readLists = (root: string): Lists =>
  Lists.parse(parse(readFileSync(join(root, "deploy/dependencies.yaml"), "utf8")));

function copySources({ root, to, flows }: TreeOptions): void {
  for (const path of [...FILES, ...FIRMWARE, ...FOLDERS, ...SINGLE, ...(flows ? [FLOWS] : [])]) {
    if (!existsSync(join(root, path))) throw new Error(`${path} is missing: npm start builds page and flows`);
    cpSync(join(root, path), join(to, path), {
      recursive: true,
      filter: (from) => !LEFT_OUT.test(relative(root, from)),
    });
  }
}

/** Folders of packages without what is nested in them; links between our own as npm makes them. */
function copyPackages({ root, to }: TreeOptions, paths: readonly string[], { packages }: Lockfile): void {
  for (const path of paths.filter((one) => one.startsWith("node_modules/"))) {
    const target = join(to, path);
    mkdirSync(dirname(target), { recursive: true });
    const link = packages[path]?.link === true ? packages[path].resolved : undefined;
    if (link !== undefined) symlinkSync(relative(dirname(target), join(to, link)), target);
    else
      cpSync(join(root, path), target, {
        recursive: true,
        filter: (from) => !relative(join(root, path), from).split("/").includes("node_modules"),
      });
  }
}

function npm(args: readonly string[], cwd: string): void {
  const { status, stderr } = spawnSync("npm", [...args, "--loglevel=error"], { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`npm ${args[0]} failed: ${stderr}`);
}

/** This machine's Node is installed here; another's is fetched by the version that the lockfile names. */
function copyNode({ root, to, arch }: TreeOptions, { packages }: Lockfile): void {
  const path = `node_modules/node-linux-${ARCHES[arch]}`;
  let from = join(root, path);
  if (!existsSync(join(from, "bin/node"))) {
    const folder = mkdtempSync(join(tmpdir(), "gridwright-node-"));
    npm(["pack", `${nameOf(path)}@${packages[path]?.version}`, "--pack-destination", folder], folder);
    const [archive = ""] = readdirSync(folder);
    spawnSync("tar", ["-xzf", archive], { cwd: folder });
    from = join(folder, "package");
  }
  mkdirSync(join(to, "bin"));
  for (const [file, target] of [
    ["bin/node", "bin/node"],
    ["LICENSE", "bin/node.LICENSE"],
  ] as const)
    cpSync(join(from, file), join(to, target));
}

function copyNodeRed({ root, to, arch }: TreeOptions): void {
  const at = join(to, "flows/node-red");
  cpSync(join(root, "flows/node-red/package-lock.json"), join(at, "package-lock.json"));
  cpSync(join(root, ".npmrc"), join(at, ".npmrc"));
  npm(["ci", "--omit=dev", "--os=linux", `--cpu=${ARCHES[arch]}`, "--libc=glibc", "--prefer-offline"], at);
  rmSync(join(at, ".npmrc"));
  rmSync(join(at, "node_modules/.package-lock.json"), { force: true });
}

/** The same modes and times whoever copied it, and whenever. */
function settle(path: string, epochS: number): void {
  const info = lstatSync(path);
  if (info.isDirectory()) for (const name of readdirSync(path)) settle(join(path, name), epochS);
  if (!info.isSymbolicLink())
    chmodSync(path, info.isDirectory() || (info.mode & 0o100) !== 0 ? 0o755 : 0o644);
  lutimesSync(path, epochS, epochS);
}

/** Every package of a lockfile that a release may hold. */
export const accountable = ({ packages }: Lockfile): readonly (readonly [string, LockedPackage])[] =>
  Object.entries(packages).filter(([path, { link }]) => isOutside(path) && link !== true);

const partsOf = (entries: ReturnType<typeof accountable>, lists: Lists): readonly Part[] =>
  entries.map((one) => ({ path: one[0], entry: one[1], licence: licenceOf(one, lists) ?? "NOASSERTION" }));

/** Parts of a release from the lockfiles: what is copied, and nothing that only serves to build or test. */
export function releaseParts(root: string, arch: Arch, flows: boolean): readonly Part[] {
  const lock = readLock(join(root, "package-lock.json"));
  const nodeRed = readLock(join(root, "flows/node-red/package-lock.json"));
  const needed = new Set([...neededBy(lock, ROOMS), `node_modules/node-linux-${ARCHES[arch]}`]);
  const fits = ({ cpu, os }: LockedPackage): boolean =>
    (cpu?.includes(ARCHES[arch]) ?? true) && (os?.includes("linux") ?? true);
  return partsOf(
    [
      ...accountable(lock).filter(([path]) => needed.has(path)),
      ...(flows ? accountable(nodeRed).filter(([, entry]) => entry.dev !== true && fits(entry)) : []),
    ],
    readLists(root),
  );
}

/** The release at `to`, which must not be there. Its name is the version. */
export function buildTree(options: TreeOptions): void {
  const { root, to, arch, epochS, flows } = options;
  const draft = join(dirname(to), `.${basename(to)}.new`);
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  const at = { ...options, to: draft };
  const lock = readLock(join(root, "package-lock.json"));
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  copySources(at);
  copyPackages(at, neededBy(lock, ROOMS), lock);
  copyNode(at, lock);
  if (flows) copyNodeRed(at);
  const date = new Date(epochS * 1_000).toISOString();
  writeFileSync(join(draft, "sbom.cdx.json"), sbomText(releaseParts(root, arch, flows), { version, date }));
  settle(draft, epochS);
  renameSync(draft, to);
}
