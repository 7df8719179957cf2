// Whether a folder lies on a medium of its own, as a stick that is plugged in does: the folder of a stick that was pulled out
// is still there, on the card, and a backup in it would be lost with the card.
import { readFile, stat, statfs } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/** `/proc/self/mountinfo` escapes spaces and such as octal. */
const unescaped = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

/** Mount points by the text of `/proc/self/mountinfo`. */
export const mountPoints = (mountinfo: string): readonly string[] =>
  mountinfo
    .split("\n")
    .map((line) => line.split(" ")[4])
    .filter((point) => point !== undefined)
    .map(unescaped);

/** The mount point that a path lies on: the longest that it begins with. */
export function mountOf(path: string, points: readonly string[]): string {
  const on = points.filter((point) => point === "/" || path === point || path.startsWith(`${point}/`));
  return on.reduce((longest, point) => (point.length > longest.length ? point : longest), "/");
}

/** The nearest folder above a path, or itself, that exists. */
export async function nearest(path: string): Promise<string> {
  for (let at = resolve(path); ; at = dirname(at)) {
    const found = await stat(at).catch(() => undefined);
    if (found?.isDirectory() || at === "/") return at;
  }
}

/** Whether `path` lies on another medium than `other`, below a mount point that is not the root. */
export async function isOnOwnMedium(path: string, other: string): Promise<boolean> {
  const folder = await nearest(path);
  const points = mountPoints(await readFile("/proc/self/mountinfo", "utf8"));
  if (mountOf(folder, points) === "/") return false;
  const [mine, theirs] = await Promise.all([stat(folder), stat(await nearest(other))]);
  return mine.dev !== theirs.dev;
}

/** Bytes that this user may still write there. */
export async function roomAt(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(await nearest(path));
  return bavail * bsize;
}
