// `gridwright update`: a new release from a stick, beside the one that runs, proved by the key that is installed and by how it
// does; what does not do well is taken back by itself.
import { spawn } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { Millis } from "@gridwright/contract/units.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { bringTo, formatOf } from "@gridwright/runtime/data-folder/data-format.ts";
import { lockDataFolder } from "@gridwright/runtime/data-folder/lock.ts";
import { PLATFORM, UPDATE_FILE } from "@gridwright/runtime/doctor/update-on-stick.ts";
import { type Bundle, openBundle } from "@gridwright/runtime/update/bundle.ts";
import { type Ended, goBack, resume, type Site, update } from "@gridwright/runtime/update/course.ts";
import { releaseFolder } from "@gridwright/runtime/update/installed.ts";
import { isLater, updateKey } from "@gridwright/runtime/update/manifest.ts";
import { prove } from "@gridwright/runtime/update/prove.ts";
import { diskTree } from "@gridwright/runtime/update/tree.ts";
import { lookAt } from "./health-look.ts";

type Write = (line: string) => void;

export interface UpdateFlags {
  readonly root: string;
  readonly data: string;
  readonly key: string;
  readonly stop: string;
  readonly start: string;
  readonly patience: Millis;
  readonly back?: boolean;
  readonly resume?: boolean;
}

const COMMAND_MS_MAX = 180_000;
const MIGRATE_MS_MAX = 1_800_000;

const failed = (why: string): GridwrightError => new GridwrightError("update-failed", why);

interface Running {
  readonly timeout: number;
  readonly uid?: number;
  readonly gid?: number;
}

/** Runs a program to its end, with its output on stderr. Throws `update-failed`. */
function run(command: string, args: readonly string[], options: Running): Promise<void> {
  return new Promise((done, reject) => {
    const child = spawn(command, args, { ...options, stdio: ["ignore", 2, 2] });
    child.on("error", (error) => reject(failed(`${command} cannot be started: ${error.message}`)));
    child.on("exit", (code, signal) =>
      code === 0
        ? done()
        : reject(failed(`${[command, ...args].join(" ")} ended with ${signal ?? `code ${code}`}`)),
    );
  });
}

const shell = (text: string): Promise<void> => run("sh", ["-c", text], { timeout: COMMAND_MS_MAX });

/** Whom the data belongs to: as root its files must stay theirs. */
function ownerOf(dataDir: string): Partial<Running> {
  if (process.getuid?.() !== 0) return {};
  const { uid, gid } = statSync(dataDir);
  return { uid, gid };
}

/** By the program of a release, which alone knows its own format. */
async function migrate({ root, data }: UpdateFlags, version: string, format: number): Promise<void> {
  const { format: is, towards } = formatOf(diskTree(data));
  if (is === format && towards === undefined) return;
  const release = join(root, releaseFolder(version));
  const own = join(release, "bin", "node");
  const main = join(release, "controller", "cli", "main.ts");
  const args = ["--disable-warning=ExperimentalWarning", main, "data-format", String(format), "--data", data];
  await run(existsSync(own) ? own : process.execPath, args, { timeout: MIGRATE_MS_MAX, ...ownerOf(data) });
}

function siteOf(flags: UpdateFlags, devices: number, write: Write): Site {
  const io = hostClock();
  return {
    ...{ root: diskTree(flags.root), platform: PLATFORM, now: () => io.wall(), say: write },
    stop: () => shell(flags.stop),
    start: () => shell(flags.start),
    migrate: (version, format) => migrate(flags, version, format),
    unhealthy: () => prove({ io, devices, patience: flags.patience, look: () => lookAt(flags.data) }),
  };
}

/** The update in a file, or the newest for this machine in a folder. Throws `update-refused`. */
export async function findUpdate(place: string, keyFile: string): Promise<Bundle> {
  if (!existsSync(keyFile))
    throw new GridwrightError(
      "update-refused",
      `There is no key ${keyFile} by which an update is believed; name it with --key.`,
    );
  const key = updateKey(readFileSync(keyFile, "utf8"), keyFile);
  if (!existsSync(place)) throw new GridwrightError("update-refused", `There is no ${place}.`);
  if (!statSync(place).isDirectory()) return openBundle(place, key);
  const names = (await readdir(place)).filter((name) => UPDATE_FILE.test(name));
  const found = await Promise.all(names.map((name) => openBundle(join(place, name), key)));
  const fitting = found.filter(({ manifest }) => [PLATFORM, "any"].includes(manifest.platform));
  const [first, ...others] = fitting;
  if (first === undefined)
    throw new GridwrightError("update-refused", `${place} holds no update (*.gwu) for ${PLATFORM}.`);
  return others.reduce(
    (best, one) => (isLater(one.manifest.version, best.manifest.version) ? one : best),
    first,
  );
}

function report({ runs, failed: why }: Ended, write: Write): void {
  write(
    why === undefined
      ? `version ${runs} runs`
      : `version ${runs} runs again; the new one was taken back: ${why}`,
  );
  if (why !== undefined) process.exitCode = 1;
}

/** What a person asked for. */
async function act(place: string | undefined, flags: UpdateFlags, write: Write): Promise<Ended | undefined> {
  if (flags.resume) return resume(siteOf(flags, 0, write));
  if (flags.back) return goBack(siteOf(flags, 0, write));
  if (place === undefined)
    throw new GridwrightError(
      "usage",
      `Name an update (a file *.gwu, or the folder of a stick), --back or --resume.`,
    );
  const bundle = await findUpdate(resolve(place), resolve(flags.key));
  const { devices } = await lookAt(flags.data);
  write(`version ${bundle.manifest.version}, signed; ${devices} devices answer now`);
  return update(siteOf(flags, devices, write), bundle);
}

export async function runUpdate(place: string | undefined, flags: UpdateFlags, write: Write): Promise<void> {
  const placed = { ...flags, root: resolve(flags.root), data: resolve(flags.data) };
  if (!existsSync(placed.root))
    throw new GridwrightError("usage", `There is no installation in ${placed.root}; name it with --root.`);
  const release = lockDataFolder(placed.root, "update.lock");
  try {
    const ended = await act(place, placed, write);
    if (ended !== undefined) report(ended, write);
  } finally {
    release();
  }
}

/** Brings a data folder on which nobody runs to a format that this release knows. */
export function runDataFormat(format: number, data: string): void {
  bringTo(diskTree(resolve(data)), format);
}
