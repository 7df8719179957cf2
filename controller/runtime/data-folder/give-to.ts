// What root writes into somebody's folder is given to that somebody, or who runs the site could not read it.
import { lchown, stat } from "node:fs/promises";

/** Gives these to owner and group of `folder`; nothing where this is not root. */
export async function giveTo(folder: string, paths: readonly string[]): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(folder);
  for (const path of paths) await lchown(path, uid, gid);
}
