// The mark of a data folder that is being restored: until it is gone nobody may run on it, for a part of it is missing.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { GridwrightError } from "@gridwright/contract/errors.ts";

export const UNFINISHED = "restore-unfinished";

/** Throws `data-folder-unusable` where a restore did not come to its end. */
export function refuseUnfinished(dataDir: string): void {
  if (!existsSync(join(dataDir, UNFINISHED))) return;
  throw new GridwrightError(
    "data-folder-unusable",
    `A restore into ${dataDir} did not come to its end. Run gridwright restore again with the same backup.`,
    { place: { file: dataDir } },
  );
}
