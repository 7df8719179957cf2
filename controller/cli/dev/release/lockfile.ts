// What a lockfile says: which packages some folders need at run time, nested as npm nests them. Pure.

export interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly resolved?: string;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/** The package's name from its path: what follows the last `node_modules/`. */
export const nameOf = (path: string): string => path.split("node_modules/").at(-1) ?? path;

export const isOutside = (path: string): boolean =>
  path.includes("node_modules/") && !nameOf(path).startsWith("@gridwright/");

/** Where `name` is found from `from`: in its own node_modules, else in those above. */
function resolve({ packages }: Lockfile, from: string, name: string): string | undefined {
  for (let folder = from; ; ) {
    const path = folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (packages[path] !== undefined) return path;
    if (folder === "") return undefined;
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")));
  }
}

/** Paths of all packages that the folders need at run time, the folders and the links to them included; sorted. */
export function neededBy(lock: Lockfile, folders: readonly string[]): readonly string[] {
  const found = new Set<string>();
  const walk = (path: string): void => {
    if (found.has(path)) return;
    found.add(path);
    const entry = lock.packages[path];
    if (entry === undefined) throw new Error(`the lockfile has no ${path}`);
    if (entry.link === true) walk(entry.resolved ?? "");
    for (const name of Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })) {
      const at = resolve(lock, path, name);
      if (at !== undefined) walk(at);
      else if (entry.optionalDependencies?.[name] === undefined) throw new Error(`${path} needs ${name}`);
    }
  };
  for (const folder of folders) walk(folder);
  return [...found].sort();
}
