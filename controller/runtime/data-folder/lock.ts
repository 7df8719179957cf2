// One control per data folder. The lock is a file that names its owner by pid and start time, so that a lock left by
// a killed process (or an earlier boot, where the pid belongs to somebody else now) is taken over.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { GridwrightError, messageOf } from "@gridwright/contract/errors.ts";
import { diskTree } from "../update/tree.ts";
import { bringTo, DATA_FORMAT } from "./data-format.ts";
import { refuseUnfinished } from "./unfinished.ts";

/** How often and how many times somebody else's short work is looked at. */
const TURN_LOOK_MS = 25;
/** Half a minute: a small computer takes seconds for a new authority. */
const TURN_TRIES_MAX = 1_200;

export type LockName = "control.lock" | "supervisor.lock" | "secrets.lock" | "update.lock" | "box.lock";

/** Start time of a process in clock ticks since boot (field 22 of /proc/<pid>/stat); undefined when it is gone. */
function startTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch (cause) {
    if (isCode(cause, "ENOENT") || isCode(cause, "ESRCH")) return undefined;
    throw cause;
  }
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && "code" in error && error.code === code;

const mine = (): string => JSON.stringify({ pid: process.pid, startTime: startTime(process.pid) });

function ownerLives(file: string): number | undefined {
  try {
    const { pid, startTime: started } = JSON.parse(readFileSync(file, "utf8")) as {
      pid: number;
      startTime?: string;
    };
    return startTime(pid) === started ? pid : undefined;
  } catch (cause) {
    if (cause instanceof SyntaxError || isCode(cause, "ENOENT")) return undefined;
    throw cause;
  }
}

/** The lock appears with its owner in it, in one step: one that is seen half written would pass for abandoned. */
function take(file: string): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, mine(), { mode: 0o600 });
  try {
    while (!linked(draft, file)) putAside(file, `${draft}.old`);
  } finally {
    for (const path of [draft, `${draft}.old`]) rmSync(path, { force: true });
  }
}

/** False: there is a lock that nobody holds, or was until now. Throws when a living process holds it. */
function linked(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (cause) {
    if (!isCode(cause, "EEXIST")) throw cause;
    const owner = ownerLives(file);
    if (owner !== undefined) throw locked(file, owner);
    return false;
  }
}

/** Of several that find the same abandoned lock one moves it away; a lock that was taken meanwhile is given back. */
function putAside(file: string, old: string): void {
  try {
    renameSync(file, old);
  } catch (cause) {
    if (isCode(cause, "ENOENT")) return;
    throw cause;
  }
  const owner = ownerLives(old);
  if (owner === undefined) return;
  linkSync(old, file);
  throw locked(file, owner);
}

const locked = (file: string, owner: number) =>
  new GridwrightError(
    "data-folder-locked",
    `Another controller (process ${owner}) uses this data folder (${dirname(file)}). End it (ps -fp ${owner} says what it is), or, where you start this one by hand, give it another folder with --data DIR.`,
    { place: { file } },
  );

/**
 * Takes a lock of a data folder (made when missing); returns its release. Throws when a living process has it. The
 * supervisor and control have one each: the one guards what stands in the folder, the other the journal. Data of an older
 * format is brought to this program's; `data-format` where it cannot be.
 */
export function lockDataFolder(dataDir: string, name: LockName = "control.lock"): () => void {
  const file = join(dataDir, name);
  refuseUnfinished(dataDir);
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    take(file);
    if (name === "control.lock" || name === "supervisor.lock") bringTo(diskTree(dataDir), DATA_FORMAT);
    return () => rmSync(file, { force: true });
  } catch (cause) {
    if (cause instanceof GridwrightError) throw cause;
    const why = messageOf(cause);
    throw new GridwrightError(
      "data-folder-unusable",
      `The data folder ${dataDir} cannot be used: ${why}. Give a folder that can be written with --data DIR.`,
      { place: { file: dataDir }, cause },
    );
  }
}

/** Waits for a short work of another process on the folder; see lockDataFolder. */
export async function lockInTurn(dataDir: string, name: LockName): Promise<() => void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return lockDataFolder(dataDir, name);
    } catch (error) {
      const busy = error instanceof GridwrightError && error.code === "data-folder-locked";
      if (!busy || tries === TURN_TRIES_MAX) throw error;
      await wait(TURN_LOOK_MS);
    }
  }
}
