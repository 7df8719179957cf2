// What the doctor may look at on a machine: files of /proc, /sys and of the site, a few programs of the system. What is not there,
// or may not be read by this user, is undefined. Tests give one of texts.
import { execFile } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync, statfsSync, statSync } from "node:fs";

export interface Host {
  read(path: string): string | undefined;
  /** Names; none where there is no such folder. */
  list(folder: string): readonly string[];
  /** Where a link leads. */
  link(path: string): string | undefined;
  /** Permissions of a file. */
  mode(path: string): number | undefined;
  room(path: string): { readonly freeBytes: number; readonly totalBytes: number } | undefined;
  /** What a program says. */
  run(command: string, args: readonly string[]): Promise<string | undefined>;
}

const RUN_MS_MAX = 3_000;

const orUndefined = <T>(look: () => T): T | undefined => {
  try {
    return look();
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
};

/** This machine. */
export const thisHost: Host = {
  read: (path) => orUndefined(() => readFileSync(path, "utf8")),
  list: (folder) => orUndefined(() => readdirSync(folder).sort()) ?? [],
  link: (path) => orUndefined(() => readlinkSync(path)),
  mode: (path) => orUndefined(() => statSync(path).mode & 0o777),
  room: (path) =>
    orUndefined(() => {
      const { bavail, blocks, bsize } = statfsSync(path);
      return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
    }),
  run: (command, args) =>
    new Promise((resolve) => {
      execFile(command, [...args], { timeout: RUN_MS_MAX }, (error, out) =>
        resolve(error === null ? out : undefined),
      );
    }),
};
