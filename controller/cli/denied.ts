// What the machine says when it refuses a file, as people need it: which file it is, whose it is, who runs, and what puts it right.
// That differs between an installed site, where units run as a user of their own, and a folder of one's own.
import { accessSync, constants, existsSync, readFileSync, type Stats, statSync } from "node:fs";
import { dirname } from "node:path";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { installedRoot } from "./installed-root.ts";

const CODES = ["EACCES", "EPERM", "EROFS", "ENOSPC"] as const;
type Code = (typeof CODES)[number];

const DATA = "/var/lib/gridwright";
/** What belongs to an installed site, beside its data. */
const OURS = ["/etc/gridwright", "/var/backups/gridwright", "/var/cache/gridwright", "/run/gridwright"];

interface Refused {
  readonly code: Code;
  readonly path: string;
}

/** How what asks is run. */
export interface Asker {
  /** Data folder of an installed site; undefined: it runs from elsewhere. */
  readonly installed: string | undefined;
  readonly name: string;
  readonly uid: number;
  readonly gids: readonly number[];
}

const thisAsker = (uid: number): Asker => ({
  installed: installedRoot() === undefined ? undefined : DATA,
  ...{ uid, name: nameOf(uid) },
  gids: [process.getgid?.() ?? 0, ...(process.getgroups?.() ?? [])],
});

/** As the machine words it: all that is left of an error that came from another thread. */
const WORDED = /\b(EACCES|EPERM|EROFS|ENOSPC): [^']*'([^']+)'/;

/** The refusal behind an error, however deep; undefined: it is about something else. */
function refusedIn(error: unknown): Refused | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    const [, worded, named] = WORDED.exec(at.message) ?? [];
    const { code, path = named } = at as NodeJS.ErrnoException;
    const known = CODES.find((one) => one === code || one === worded);
    if (known !== undefined && typeof path === "string") return { code: known, path };
  }
  return undefined;
}

function orUndefined<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}

const statOf = (path: string): Stats | undefined => orUndefined(() => statSync(path));

/** Read and write, and go into what is a folder; only root's own refusals are not of modes. */
function mayUse(stats: Stats, { uid, gids }: Asker): boolean {
  const wanted = stats.isDirectory() ? 0o7 : 0o6;
  const shift = stats.uid === uid ? 6 : gids.includes(stats.gid) ? 3 : 0;
  return uid === 0 || ((stats.mode >> shift) & wanted) === wanted;
}

interface Culprit {
  readonly path: string;
  readonly stats: Stats;
}

/** Of a path and the folders above it the one that refuses: a file may be well and its folder closed. */
function culpritOf({ path, code }: Refused, asker: Asker): Culprit | undefined {
  for (let at = path; ; at = dirname(at)) {
    const stats = statOf(at);
    // What only an owner may do, as to change its mode.
    const isForeign = code === "EPERM" && at === path && stats !== undefined && stats.uid !== asker.uid;
    if (stats !== undefined && (isForeign || !mayUse(stats, asker))) return { path: at, stats };
    if (at === dirname(at) || (stats !== undefined && at !== path)) return undefined;
  }
}

/** A unit sees the machine's other users as one that is nobody. */
const NOBODY = 65_534;

/** By number where the process may not read who is who, as that of the flows. */
function nameOf(uid: number): string {
  if (uid === NOBODY) return "another user";
  const known = orUndefined(() => readFileSync("/etc/passwd", "utf8")) ?? "";
  const line = known.split("\n").find((one) => one.split(":")[2] === String(uid));
  return line?.split(":")[0] ?? String(uid);
}

const INSTALL = "sudo /opt/gridwright/current/deploy/install.sh";
function cureOf(path: string, owner: number, { installed, name, uid }: Asker): string {
  if (owner === uid) return `chmod u+rwX ${path}`;
  const own = `sudo chown -R ${name}: ${path}`;
  if (installed === undefined) return `${own}, or give another folder with --data DIR`;
  if (!name.startsWith("gridwright")) return "call this command with sudo";
  if (path === installed) return INSTALL;
  // Somebody's own folder is never given away.
  if (![installed, ...OURS].some((ours) => path === ours || path.startsWith(`${ours}/`)))
    return `name a folder that ${name} may use; the data of this site lie in ${installed}`;
  return owner === 0 && path.startsWith(`${installed}/`)
    ? `${INSTALL} (it gives back all that root wrote there)`
    : own;
}

const WHY: Readonly<Record<"EROFS" | "ENOSPC", readonly [what: string, cure: string]>> = {
  EROFS: [
    "its file system is read-only",
    "journalctl -k | grep -iE 'remount|error' says why; errors there mean a new card",
  ],
  ENOSPC: [
    "its file system is full",
    "remove what does not belong there; df -h shows where, sudo du -xh / | sort -h | tail -20 what",
  ],
};

function textOf(refused: Refused, asker: Asker): string {
  const { code, path } = refused;
  if (code === "EROFS" || code === "ENOSPC") {
    const [what, cure] = WHY[code];
    return `${path} cannot be written: ${what}. Cure: ${cure}.`;
  }
  const found = culpritOf(refused, asker);
  if (found === undefined)
    return `${path} may not be used by ${asker.name}, who runs this process (${code}).`;
  const owner = nameOf(found.stats.uid);
  const mode = (found.stats.mode & 0o7777).toString(8).padStart(4, "0");
  const cure = cureOf(found.path, found.stats.uid, asker);
  return `${found.path} belongs to ${owner} (mode ${mode}) and may not be used by ${asker.name}, who runs this process. Cure: ${cure}.`;
}

/** Throws what the machine says of a folder that this user may not look into: it would seem to be empty. */
export function refuseClosed(folder: string): void {
  if (existsSync(folder)) accessSync(folder, constants.R_OK | constants.X_OK);
}

/** The same error, or one that says what the machine refused, with its cure. */
export function toldDenied(error: unknown, asker?: Asker): unknown {
  const refused = refusedIn(error);
  if (refused === undefined) return error;
  const message = textOf(refused, asker ?? thisAsker(process.getuid?.() ?? 0));
  return new GridwrightError("data-folder-unusable", message, {
    place: { file: refused.path },
    cause: error,
  });
}
