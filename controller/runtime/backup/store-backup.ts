// One backup to one place, and what is remembered of it: `backups.json` in the data folder, by which the controller knows how old
// the newest is and whether the last try failed.
import { chmod, realpath } from "node:fs/promises";
import { GridwrightError, messageOf } from "@gridwright/contract/errors.ts";
import { textOf } from "../data-folder/chained-lines.ts";
import { replaceFile } from "../data-folder/replace-file.ts";
import type { Host } from "../doctor/host.ts";
import { isSameMedium } from "../doctor/medium.ts";
import { intoFolder } from "./into-folder.ts";
import { intoSftp, type SftpLogin } from "./into-sftp.ts";
import { backupName } from "./keep.ts";
import { backupsFile, type KeptBackups, keptBackupsIn } from "./kept-backups.ts";
import { placeText } from "./place.ts";
import type { Storing } from "./storing.ts";

/** What is known of the backups of a data folder. */
export const keptBackups = async (dataDir: string): Promise<KeptBackups> =>
  keptBackupsIn(await textOf(backupsFile(dataDir)));

export interface StoreOptions extends Omit<Storing, "name" | "make"> {
  /** ms since 1970. */
  readonly now: number;
  readonly login?: SftpLogin;
  /** Tells which media there are. */
  readonly host: Pick<Host, "read" | "list" | "link">;
  /** Gives the size of what it wrote. */
  readonly make: (path: string) => Promise<{ readonly size: number }>;
}

export interface Stored {
  readonly at: string;
  /** Older ones that were let go. */
  readonly gone: number;
  /** False: the data folder cannot be written by who makes backups, so nobody will know of this one. */
  readonly isNoted: boolean;
  /** It lies on the medium of the data, and is lost with it. */
  readonly withData: boolean;
}

/** A backup that cannot be noted is still one. */
async function noted(dataDir: string, kept: KeptBackups): Promise<boolean> {
  const file = backupsFile(dataDir);
  try {
    await replaceFile(file, `${JSON.stringify(kept)}\n`);
    // The site's own processes read what root wrote.
    if (process.getuid?.() === 0) await chmod(file, 0o644);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error) return false;
    throw error;
  }
}

/** Makes it there and remembers how it went. Throws `backup-failed` and what a medium throws. */
export async function storeBackup({ now, login, host, ...options }: StoreOptions): Promise<Stored> {
  const { dataDir, place, site } = options;
  const { last, apart } = await keptBackups(dataDir);
  let size = 0;
  const make = async (path: string): Promise<void> => {
    size = (await options.make(path)).size;
  };
  const storing: Storing = { ...options, make, name: backupName(site, now) };
  try {
    const stored =
      place.kind === "sftp"
        ? await intoSftp({ place, ...login }, storing)
        : await intoFolder(place.folder, storing);
    const withData =
      place.kind !== "sftp" &&
      isSameMedium(host, await realpath(dataDir), await realpath(place.folder)) === true;
    const made = { at: now, place: placeText(place) };
    const elsewhere = withData ? apart : made;
    const kept = { last: { ...made, size, withData }, ...(elsewhere && { apart: elsewhere }) };
    return { ...stored, withData, isNoted: await noted(dataDir, kept) };
  } catch (error) {
    await noted(dataDir, {
      ...(last && { last }),
      ...(apart && { apart }),
      failed: { at: now, why: messageOf(error) },
    });
    if (error instanceof GridwrightError) throw error;
    throw new GridwrightError("backup-failed", `No backup was made: ${messageOf(error)}.`, { cause: error });
  }
}
