// Replaces a file whole: written beside, synced, renamed over, and the folder synced. After a power cut there is the old one
// or the new one; when it resolves, it is the new one.
import { open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { makeFolder, syncPath } from "./made-folder.ts";

/** One writer a path. `mode` holds whatever the process's mask is. Rejects with the card's own error; the old file then stands. */
export async function replaceFile(path: string, content: string | Uint8Array, mode?: number): Promise<void> {
  const folder = dirname(path);
  await makeFolder(folder);
  const beside = `${path}.new`;
  {
    await using file = await open(beside, "w", mode ?? 0o640);
    if (mode !== undefined) await file.chmod(mode);
    await file.writeFile(content);
    await file.sync();
  }
  await rename(beside, path);
  await syncPath(folder);
}
