// One backup to one place, and what is remembered of it: `backups.json` in the data folder, by which the controller knows how old
// the newest is and whether the last try failed.
import { join } from "node:path";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { z } from "zod";
import { textOf } from "../data-folder/chained-lines.ts";
import { replaceFile } from "../data-folder/replace-file.ts";
import { intoFolder } from "./into-folder.ts";
import { intoSftp, type SftpLogin } from "./into-sftp.ts";
import { backupName } from "./keep.ts";
import { placeText } from "./place.ts";
import type { Storing } from "./storing.ts";

export const KeptBackups = z.looseObject({
  /** The newest that succeeded, ms since 1970. */
  last: z.looseObject({ at: z.number(), place: z.string(), size: z.number() }).optional(),
  /** A try after it that did not. */
  failed: z.looseObject({ at: z.number(), why: z.string() }).optional(),
});
export type KeptBackups = z.output<typeof KeptBackups>;

const fileOf = (dataDir: string): string => join(dataDir, "backups.json");

/** What is known of the backups of a data folder; nothing where the file makes no sense. */
export async function keptBackups(dataDir: string): Promise<KeptBackups> {
  const text = await textOf(fileOf(dataDir));
  if (text === "") return {};
  try {
    return KeptBackups.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return {};
    throw error;
  }
}

export interface StoreOptions extends Omit<Storing, "name" | "make"> {
  /** ms since 1970. */
  readonly now: number;
  readonly login?: SftpLogin;
  /** Gives the size of what it wrote. */
  readonly make: (path: string) => Promise<{ readonly size: number }>;
}

const whyOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Makes it there and remembers how it went. Throws `backup-failed` and what a medium throws. */
export async function storeBackup({
  now,
  login,
  ...options
}: StoreOptions): Promise<{ readonly at: string; readonly gone: number }> {
  const { dataDir, place, site } = options;
  const { last } = await keptBackups(dataDir);
  let size = 0;
  const make = async (path: string): Promise<void> => {
    size = (await options.make(path)).size;
  };
  const storing: Storing = { ...options, make, name: backupName(site, now) };
  const remember = (kept: KeptBackups): Promise<void> =>
    replaceFile(fileOf(dataDir), `${JSON.stringify(kept)}\n`);
  try {
    const stored =
      place.kind === "sftp"
        ? await intoSftp({ place, ...login }, storing)
        : await intoFolder(place.folder, storing);
    await remember({ last: { at: now, place: placeText(place), size } });
    return stored;
  } catch (error) {
    await remember({ ...(last && { last }), failed: { at: now, why: whyOf(error) } });
    if (error instanceof GridwrightError) throw error;
    throw new GridwrightError("backup-failed", `No backup was made: ${whyOf(error)}.`, { cause: error });
  }
}
