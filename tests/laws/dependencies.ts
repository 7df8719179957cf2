// What is imported is declared: npm workspaces let an undeclared sibling or a transitive package be imported, so this
// law does not. And every package from outside is accounted for, in ARCHITECTURE.md and in the lockfile.

import { posix } from "node:path";
import { packageOf } from "./imports.ts";
import { importsOf, isTest, isTypeScript, type SourceFile } from "./source.ts";

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const isManifest = ({ path }: SourceFile): boolean => posix.basename(path) === "package.json";
const manifestOf = ({ text }: SourceFile): Manifest => JSON.parse(text);
const isConfig = ({ path }: SourceFile): boolean => /\.config\.ts$/.test(path);
const own = (specifier: string): string | undefined => /^@gridwright\/[^/]+/.exec(specifier)?.[0];

/** The manifests, keyed by the folder that they govern. */
function manifests(files: readonly SourceFile[]): Map<string, Manifest> {
  return new Map(files.filter(isManifest).map((file) => [posix.dirname(file.path), manifestOf(file)]));
}

function folderAbove(path: string, folders: ReadonlyMap<string, Manifest>): string {
  const folder = posix.dirname(path);
  return folder === "." || folders.has(folder) ? folder : folderAbove(folder, folders);
}

const runtimeNames = (manifest: Manifest | undefined): string[] => [
  manifest?.name ?? "",
  ...Object.keys({ ...manifest?.dependencies, ...manifest?.optionalDependencies }),
];

/** A unit test may also use what the tests declare, and any sibling workspace. */
function undeclared(file: SourceFile, folders: ReadonlyMap<string, Manifest>): string[] {
  const folder = folderAbove(file.path, folders);
  const manifest = folders.get(folder);
  const forTests = isTest(file) || file.path.startsWith("tests/");
  const extra = forTests || isConfig(file) ? Object.keys(manifest?.devDependencies ?? {}) : [];
  const shared = forTests ? runtimeNames(folders.get("tests")) : [];
  const declared = new Set([...runtimeNames(manifest), ...extra, ...shared]);
  return importsOf(file)
    .map(({ specifier }) => (forTests ? undefined : own(specifier)) ?? packageOf(specifier))
    .filter((name) => name !== undefined && !declared.has(name))
    .map((name) => `${file.path}: ${name} is not declared in ${posix.join(folder, "package.json")}`);
}

export function undeclaredPackages(files: readonly SourceFile[]): string[] {
  const folders = manifests(files);
  return files.filter(isTypeScript).flatMap((file) => undeclared(file, folders));
}

/** Every package from npm has a row `| name | what for | why this one |`; and no row speaks of one that is gone. */
export function unaccountedPackages(files: readonly SourceFile[]): string[] {
  const page = files.find(({ path }) => path === "ARCHITECTURE.md")?.text;
  if (page === undefined) return ["ARCHITECTURE.md is missing: it accounts for every npm package in a table"];
  const used = new Set([...manifests(files).values()].flatMap(packagesFromOutside));
  const rows = [...page.matchAll(/^\|([^|]+)\|[^|\n]*\S[^|\n]*\|[^|\n]*\S[^|\n]*\|\s*$/gm)];
  const cells = rows.flatMap(([, cell = ""]) => [...cell.matchAll(/[@\w][\w./@-]*/g)].map(([name]) => name));
  return [...used]
    .filter((name) => !cells.includes(name))
    .map((name) => `ARCHITECTURE.md has no row for ${name}`);
}

function packagesFromOutside({ dependencies, devDependencies, optionalDependencies }: Manifest): string[] {
  const names = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
  return names.filter((name) => own(name) === undefined);
}

interface Locked {
  readonly resolved?: string;
  readonly link?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** `npm ci` refuses a lockfile in which any dependency, that of another platform too, has no entry. */
export function lockfileGaps(files: readonly SourceFile[]): string[] {
  const text = files.find(({ path }) => path === "package-lock.json")?.text;
  if (text === undefined) return ["package-lock.json is missing"];
  const packages: Readonly<Record<string, Locked>> = JSON.parse(text).packages;
  const known = new Set(Object.keys(packages).map((path) => path.split("node_modules/").at(-1)));
  return Object.entries(packages).flatMap(
    ([path, { resolved, link, dependencies, optionalDependencies }]) => [
      ...Object.keys({ ...dependencies, ...optionalDependencies })
        .filter((name) => !known.has(name))
        .map((name) => `package-lock.json: ${path || "the root"} needs ${name}, which has no entry`),
      ...(link !== true && resolved?.startsWith("http") ? [`package-lock.json: ${path} names a host`] : []),
    ],
  );
}
