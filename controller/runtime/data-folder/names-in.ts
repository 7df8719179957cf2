// What a folder holds, where there may be no such folder yet.
import { readdir } from "node:fs/promises";

/** Names in a folder; none where there is no such folder. Rejects where it cannot be read. */
export const namesIn = (folder: string): Promise<readonly string[]> =>
  readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
