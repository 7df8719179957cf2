// `gridwright backup` and `gridwright restore`: the whole of a site into one encrypted file, and back on a bare machine.
import { existsSync } from "node:fs";
import { lstat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { Keep } from "@gridwright/runtime/backup/keep.ts";
import { makeBackup } from "@gridwright/runtime/backup/make.ts";
import { type BackupPlace, placeText } from "@gridwright/runtime/backup/place.ts";
import { type Checked, checkBackup } from "@gridwright/runtime/backup/read.ts";
import { giveToOwner, restoreBackup } from "@gridwright/runtime/backup/restore.ts";
import { storeBackup } from "@gridwright/runtime/backup/store-backup.ts";
import { storesOf } from "@gridwright/runtime/backup/stores.ts";
import { thisHost } from "@gridwright/runtime/doctor/host.ts";
import { refuseClosed } from "../denied.ts";
import { installedRoot } from "../installed-root.ts";
import { loadSite } from "../load-site.ts";
import { noteRun, readRun } from "../supervisor/run-file.ts";
import { passphrase } from "./passphrase.ts";
import { siteFilesOf } from "./site-files.ts";
import { progress } from "./terminal-ways.ts";

type Write = (line: string) => void;

const MEGA = 1_000_000;
/** Head, frames and what is added while it is made. */
const ROOM_MORE = 1.02;
const ROOM_LEAST = 16 * MEGA;
const mega = (bytes: number): string => `${(bytes / MEGA).toFixed(1)} MB`;

export interface BackupFlags {
  readonly data: string;
  readonly config?: string;
  readonly to: BackupPlace;
  readonly keep?: Keep;
  readonly passphraseFile?: string;
  readonly key?: string;
  readonly knownHosts?: string;
  readonly journal?: number;
}

/** Processes of what runs on a data folder, or last ran, by name. */
export const pidsOn = (dataDir: string): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(readRun(dataDir)?.processes ?? {}).map(([name, { pid }]) => [name, pid]));

/** Port of the page that runs on a data folder, or last ran. */
export const pagePortOf = (dataDir: string): number | undefined =>
  readRun(dataDir)?.processes?.services?.ports.page;

/** The data folder, or the demo's in it, with the site file that was named or that runs there. Throws `usage`. */
export function sitePlace(
  data: string,
  config?: string,
): { readonly dataDir: string; readonly siteFile: string } {
  const path = resolve(data);
  refuseClosed(path);
  for (const dataDir of [path, join(path, "demo")]) {
    const siteFile = config ?? readRun(dataDir)?.siteFile;
    const isData = existsSync(join(dataDir, "journal")) || existsSync(join(dataDir, "secrets"));
    if (isData && siteFile !== undefined) return { dataDir, siteFile: resolve(siteFile) };
  }
  throw new GridwrightError(
    "usage",
    existsSync(path)
      ? `Nothing in ${path} says which site it belongs to. Name its site file: --config site.yaml`
      : `There is no folder ${path}. Name the data folder of a site with --data DIR.`,
  );
}

async function bytesOf(dataDir: string): Promise<number> {
  let bytes = 0;
  for await (const { path } of storesOf(dataDir))
    bytes += (await lstat(join(dataDir, path)).catch(() => undefined))?.size ?? 0;
  return bytes;
}

export async function runBackup(flags: BackupFlags, write: Write): Promise<void> {
  const { dataDir, siteFile } = sitePlace(flags.data, flags.config);
  const { model } = loadSite(siteFile);
  const { files, elsewhere } = siteFilesOf(siteFile, model);
  for (const file of elsewhere)
    write(`advice: ${file} is not beside the site file, so it is not in the backup; keep it yourself.`);
  const secret = await passphrase({
    ...(flags.passphraseFile !== undefined && { file: flags.passphraseFile }),
    ...{ siteFile, isNew: true },
  });
  const bytesMost = (await bytesOf(dataDir)) * ROOM_MORE + ROOM_LEAST;
  const { to, keep, key, knownHosts, journal } = flags;
  const now = Date.now();
  const onProgress = (step: "writing" | "reading", bytes: number): void =>
    progress(`${step === "writing" ? "backing up" : "reading it again"}: ${mega(bytes)} …`);
  let told = "";
  const stored = await storeBackup({
    ...{ place: to, site: model.site.site.id, dataDir, bytesMost, now, host: thisHost },
    ...(keep && { keep }),
    login: { ...(key !== undefined && { key }), ...(knownHosts !== undefined && { knownHosts }) },
    async make(out) {
      const journalMs = journal === undefined ? {} : { journalMs: journal };
      const made = await makeBackup({
        ...{ dataDir, siteFiles: files, out, passphrase: secret, now, onProgress },
        ...journalMs,
      });
      told = `${made.files} files, ${mega(made.bytes)} in ${mega(made.size)}`;
      return made;
    },
  });
  progress("");
  write(`${stored.at}: ${told}, read again and whole`);
  if (stored.withData)
    write(
      `warning: ${placeText(to)} is on the card or disk that the data is on: when that dies, this backup dies with it. One for that day goes to a stick (--to usb:/media/STICK/gridwright) or a server (--to sftp://…).`,
    );
  if (!stored.isNoted)
    write(
      `advice: ${dataDir} cannot be written by this user, so the controller does not learn of this backup.`,
    );
  if (stored.gone > 0) write(`${stored.gone} older ones were let go from ${placeText(to)}`);
}

export interface RestoreFlags {
  readonly data: string;
  readonly config?: string;
  readonly passphraseFile?: string;
  readonly check?: boolean;
}

const kinds = ({ files, bytes }: Checked): string => `${files.length} files, ${mega(bytes)}`;

export async function runRestore(file: string, flags: RestoreFlags, write: Write): Promise<void> {
  const path = resolve(file);
  if (!existsSync(path)) throw new GridwrightError("usage", `There is no file ${path}.`);
  const secret = await passphrase({
    ...(flags.passphraseFile !== undefined && { file: flags.passphraseFile }),
    isNew: false,
  });
  const reading = { path, passphrase: secret };
  const onProgress = (step: "reading" | "writing", bytes: number): void =>
    progress(`${step}: ${mega(bytes)} …`);
  if (flags.check) {
    const checked = await checkBackup(reading, (bytes) => onProgress("reading", bytes));
    progress("");
    write(`${path} is whole: ${kinds(checked)}. Nothing was written.`);
    return;
  }
  const dataDir = resolve(flags.data);
  const siteFile = resolve(flags.config ?? join(dataDir, "site", "site.yaml"));
  const restored = await restoreBackup({ ...reading, dataDir, siteFile, onProgress });
  noteRun({ dataDir, siteFile }, {});
  await giveToOwner(dataDir);
  progress("");
  write(`${kinds(restored)} restored into ${dataDir}; the site file is ${siteFile}`);
  write(`Look: gridwright verify ${dataDir}`);
  write(
    installedRoot() === undefined
      ? `Run:  gridwright run --config ${siteFile} --data ${dataDir}`
      : "Then: sudo /opt/gridwright/current/deploy/install.sh, which gives it to those who run it and starts them",
  );
}
