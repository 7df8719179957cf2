// The direction of imports: which room may import which, what npm packages the pure rooms may use, and that no chain of
// imports comes back to where it began. The table is the architecture; change it only with a line in DECISIONS.md.

import { posix } from "node:path";
import { type Import, importsOf, isTest, isTypeScript, type SourceFile } from "./source.ts";

const ROOMS = {
  contract: "controller/contract/",
  core: "controller/core/",
  protocols: "controller/protocols/",
  runtime: "controller/runtime/",
  twin: "controller/twin/",
  cli: "controller/cli/",
  "firmware-bridge": "firmware-bridge/",
  flows: "flows/",
  web: "dashboards/",
  tests: "tests/",
} as const;

export type Room = keyof typeof ROOMS;

const BRIDGE_AND_BELOW = ["contract", "core", "protocols", "firmware-bridge"] as const;

export const MAY_IMPORT: Readonly<Record<Exclude<Room, "tests">, readonly Room[]>> = {
  contract: [],
  core: ["contract"],
  protocols: ["contract"],
  runtime: BRIDGE_AND_BELOW,
  twin: ["contract", "core", "protocols"],
  cli: [...BRIDGE_AND_BELOW, "runtime", "twin", "flows", "web"],
  "firmware-bridge": ["contract"],
  flows: ["contract"],
  web: ["contract"],
};

/** The only npm packages of the rooms that must stay pure. Other rooms use what their package.json declares. */
export const MAY_USE: Partial<Record<Room, readonly string[]>> = {
  contract: ["zod"],
  core: ["suncalc"],
  protocols: ["yaml"],
};

export function roomOf(path: string): Room | undefined {
  return (Object.keys(ROOMS) as Room[]).find((room) => path.startsWith(ROOMS[room]));
}

/** The repository path that a specifier means, or undefined for a package or a built-in module. */
export function targetOf(from: string, specifier: string): string | undefined {
  if (specifier.startsWith(".")) return posix.join(posix.dirname(from), specifier);
  const [, room, rest] = /^@gridwright\/([^/]+)(?:\/(.*))?$/.exec(specifier) ?? [];
  const folder = room === undefined ? undefined : folderOf(room);
  return folder === undefined ? undefined : `${folder}${rest ?? ""}`;
}

const folderOf = (room: string): string =>
  room === "web" || room === "grafana"
    ? `dashboards/${room}/`
    : (ROOMS[room as Room] ?? `unknown room ${room}/`);

/** The name of the npm package, without what follows it; undefined for everything that is none. */
export function packageOf(specifier: string): string | undefined {
  if (/^(\.|node:|@gridwright\/)/.test(specifier)) return undefined;
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

function wrongImport(file: SourceFile, { specifier }: Import): string | undefined {
  const room = roomOf(file.path);
  if (room === undefined || room === "tests") return undefined;
  const target = targetOf(file.path, specifier);
  const packageName = packageOf(specifier);
  if (packageName !== undefined && MAY_USE[room]?.includes(packageName) === false) {
    return `${file.path}: ${room} may not use the package ${packageName}`;
  }
  if (target === undefined) return undefined;
  const other = roomOf(target);
  if (other === undefined) return `${file.path}: ${specifier} leads out of the rooms`;
  return other === room || MAY_IMPORT[room].includes(other)
    ? undefined
    : `${file.path}: ${room} may not import ${other} (${specifier})`;
}

/** Tests may import everything; all other sources only what the table gives their room. */
export function wrongImports(files: readonly SourceFile[]): string[] {
  return files
    .filter((file) => isTypeScript(file) && !isTest(file))
    .flatMap((file) => importsOf(file).map((found) => wrongImport(file, found)))
    .filter((line) => line !== undefined);
}

/** Each cycle of imports once, as a chain of paths. Imports of types alone are no cycle: they are gone at run time. */
export function importCycles(files: readonly SourceFile[]): string[] {
  const sources = files.filter(isTypeScript);
  const graph = new Map(sources.map((file) => [file.path, targetsOf(file)]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, chain: readonly string[]): void => {
    const start = chain.indexOf(path);
    if (start >= 0) cycles.push([...chain.slice(start), path].join(" → "));
    if (start >= 0 || done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...chain, path]);
    done.add(path);
  };
  for (const { path } of sources) visit(path, []);
  return cycles;
}

function targetsOf(file: SourceFile): string[] {
  return importsOf(file)
    .filter(({ typeOnly }) => !typeOnly)
    .map(({ specifier }) => targetOf(file.path, specifier))
    .filter((target) => target !== undefined);
}
