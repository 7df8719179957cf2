// What the journal's writer needs of a card, small enough for a fake that loses power. The real one holds the
// current segment open. Synchronous: it is only ever called from the journal's own thread.
import {
  closeSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

export interface StoredFile {
  readonly name: string;
  readonly bytes: number;
  /** Wall time of the last change, ms since 1970. */
  readonly changedAt: number;
}

/** All throw the system's error (ENOSPC, EROFS, EIO …) when the card refuses. */
export interface Disk {
  list(): readonly StoredFile[];
  read(name: string): Buffer;
  /** Makes a file that survives a power loss with exactly these bytes; it becomes the current one. */
  create(name: string, bytes: Buffer): void;
  /** Writes into the current file at an offset; not yet durable. */
  write(bytes: Buffer, at: number): void;
  /** Makes everything written to the current file durable. */
  sync(): void;
  /** Cuts a file's tail off, durably. */
  truncate(name: string, bytes: number): void;
  /** Keeps bytes in a side file. */
  keep(name: string, bytes: Buffer): void;
  rename(from: string, to: string): void;
  remove(name: string): void;
  close(): void;
}

function syncFolder(dir: string): void {
  const folder = openSync(dir, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function writeAll(fd: number, bytes: Buffer, at: number): void {
  let done = 0;
  while (done < bytes.length) done += writeSync(fd, bytes, done, bytes.length - done, at + done);
}

function createFile(dir: string, name: string, bytes: Buffer): number {
  const path = join(dir, name);
  const fd = openSync(path, "wx", 0o640);
  try {
    writeAll(fd, bytes, 0);
    fsyncSync(fd);
    syncFolder(dir);
    return fd;
  } catch (error) {
    closeSync(fd);
    rmSync(path, { force: true });
    throw error;
  }
}

function truncateFile(path: string, bytes: number): void {
  const fd = openSync(path, "r+");
  try {
    ftruncateSync(fd, bytes);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** The folder `dir` as a disk; makes it when it is not there. */
export function openDisk(dir: string): Disk {
  mkdirSync(dir, { recursive: true, mode: 0o750 });
  let current: number | undefined;
  const close = (): void => {
    if (current !== undefined) closeSync(current);
    current = undefined;
  };
  const open = (): number => {
    if (current === undefined) throw new Error("no segment is open");
    return current;
  };
  return {
    list: () =>
      readdirSync(dir).map((name) => {
        const { size, mtimeMs } = statSync(join(dir, name));
        return { name, bytes: size, changedAt: mtimeMs };
      }),
    read: (name) => readFileSync(join(dir, name)),
    create(name, bytes) {
      const fd = createFile(dir, name, bytes);
      close();
      current = fd;
    },
    write: (bytes, at) => writeAll(open(), bytes, at),
    sync: () => fdatasyncSync(open()),
    truncate: (name, bytes) => truncateFile(join(dir, name), bytes),
    keep: (name, bytes) => writeFileSync(join(dir, name), bytes),
    rename: (from, to) => renameSync(join(dir, from), join(dir, to)),
    remove: (name) => rmSync(join(dir, name), { force: true }),
    close,
  };
}
