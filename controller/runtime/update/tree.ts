// The folders of an installation as an update sees them: few acts, each of which a power cut may fall between. What was not
// synced may be lost by one, so a fake that loses it passes through the same acts (lossy-tree.ts).
import {
  appendFileSync,
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";

/** Paths are relative to the tree's root, with slashes. All throw the system's error when the card refuses. */
export interface Tree {
  /** Names in a folder; none where there is no such folder. */
  list(folder: string): readonly string[];
  /** Undefined: there is no such file. */
  read(path: string): Buffer | undefined;
  /** Where a link leads, as it was written; undefined: there is no such link. */
  target(path: string): string | undefined;
  /** Makes a folder, with those above it. */
  folder(path: string): void;
  /** Adds to a file, which is made where there is none. */
  append(path: string, bytes: Buffer, mode: number): void;
  /** Makes a link. */
  link(path: string, target: string): void;
  /** Puts a file, link or folder in the place of another file or link, in one step; both in one folder. */
  rename(from: string, to: string): void;
  /** With all below it; nothing where there is none. */
  remove(path: string): void;
  /** Makes a file's content, or a folder's names, survive a power cut. */
  sync(path: string): void;
}

const gone = <T>(act: () => T, codes: readonly string[]): T | undefined => {
  try {
    return act();
  } catch (error) {
    if (error instanceof Error && "code" in error && codes.includes(String(error.code))) return undefined;
    throw error;
  }
};

/** The folder `root` of this machine. */
export const diskTree = (root: string): Tree => ({
  list: (folder) => gone(() => readdirSync(join(root, folder)), ["ENOENT"])?.sort() ?? [],
  read: (path) => gone(() => readFileSync(join(root, path)), ["ENOENT"]),
  target: (path) => gone(() => readlinkSync(join(root, path)), ["ENOENT", "EINVAL"]),
  folder: (path) => void mkdirSync(join(root, path), { recursive: true, mode: 0o755 }),
  append(path, bytes, mode) {
    appendFileSync(join(root, path), bytes, { mode });
    chmodSync(join(root, path), mode);
  },
  link: (path, target) => symlinkSync(target, join(root, path)),
  rename: (from, to) => renameSync(join(root, from), join(root, to)),
  remove: (path) => rmSync(join(root, path), { recursive: true, force: true }),
  sync(path) {
    const opened = openSync(join(root, path), "r");
    try {
      fsyncSync(opened);
    } finally {
      closeSync(opened);
    }
  },
});

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

/** Replaces a file whole: after a power cut there is the old one or the new one; when it returns, the new one. */
export function replaceIn(tree: Tree, path: string, text: string): void {
  const beside = `${path}.new`;
  tree.remove(beside);
  tree.append(beside, Buffer.from(text), 0o644);
  tree.sync(beside);
  tree.rename(beside, path);
  tree.sync(folderOf(path));
}

/** The same for a link. */
export function relinkIn(tree: Tree, path: string, target: string): void {
  const beside = `${path}.new`;
  tree.remove(beside);
  tree.link(beside, target);
  tree.rename(beside, path);
  tree.sync(folderOf(path));
}
