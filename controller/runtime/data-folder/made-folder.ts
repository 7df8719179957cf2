// Makes a folder whose name survives a power cut: the folder in which it lies is synced, and those above it as far as they are
// new. And what a file that is new in its folder needs besides its own sync.
import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";

/** Makes durable what was written to a file, or the names in a folder. */
export async function syncPath(path: string): Promise<void> {
  await using opened = await open(path, "r");
  await opened.sync();
}

/** With those above it; does nothing more where it is there. */
export async function makeFolder(path: string, mode?: number): Promise<void> {
  const first = await mkdir(path, { recursive: true, ...(mode !== undefined && { mode }) });
  if (first === undefined) return;
  for (let at = path; at.length >= first.length; at = dirname(at)) await syncPath(dirname(at));
}
