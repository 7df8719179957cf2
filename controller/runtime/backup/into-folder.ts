// Backups in a folder of this machine or of a stick. What is half written bears another name until it is synced and was read
// again; what an earlier try left half written is cleared first.
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { syncPath } from "../data-folder/made-folder.ts";
import { draftName, letGo, madeAtOf } from "./keep.ts";
import { isOnOwnMedium, roomAt } from "./mounted.ts";
import type { Storing } from "./storing.ts";

const MEGA = 1_000_000;

const refused = (folder: string, why: string): GridwrightError =>
  new GridwrightError("backup-failed", `${folder} ${why}`, { place: { file: folder } });

async function refuseUnfit(folder: string, { bytesMost, dataDir, place }: Storing): Promise<void> {
  if (place.kind === "usb" && !(await isOnOwnMedium(folder, dataDir)))
    throw refused(
      folder,
      "is not on a medium of its own: the stick is not plugged in, or not mounted. Mount it, or leave usb: out if this folder is really meant.",
    );
  const room = await roomAt(folder);
  if (room < bytesMost)
    throw refused(
      folder,
      `has room for ${Math.floor(room / MEGA)} MB; a backup may take ${Math.ceil(bytesMost / MEGA)} MB. Remove something there, keep fewer (--keep), or take less of the journal (--journal).`,
    );
}

/** Puts a backup there and lets old ones go; gives the path that it got. Throws `backup-failed` and what the medium throws. */
export async function intoFolder(
  folder: string,
  storing: Storing,
): Promise<{ readonly at: string; readonly gone: number }> {
  const { name, site, keep, make } = storing;
  await refuseUnfit(folder, storing);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const isDraft = (one: string): boolean =>
    one.endsWith(".part") && madeAtOf(one.slice(0, -5), site) !== undefined;
  for (const draft of (await readdir(folder)).filter(isDraft)) await rm(join(folder, draft));
  const [draft, at] = [join(folder, draftName(name)), join(folder, name)];
  try {
    await make(draft);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await rename(draft, at);
  await syncPath(folder);
  const old = keep === undefined ? [] : letGo(await readdir(folder), { site, keep, written: name });
  for (const one of old) await rm(join(folder, one));
  return { at, gone: old.length };
}
