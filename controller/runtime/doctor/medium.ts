// Which medium a folder lies on, by what the kernel tells of mounts and block devices: two partitions of one card are one medium, and
// die together.
import { dirname, join } from "node:path";
import { mountOf, mountPoints } from "../backup/mounted.ts";
import type { Host } from "./host.ts";

type Kernel = Pick<Host, "read" | "list" | "link">;

/** Number of the device that a folder is mounted from: `179:2`. */
function deviceOf(host: Kernel, folder: string): string | undefined {
  const info = host.read("/proc/self/mountinfo") ?? "";
  const point = mountOf(folder, mountPoints(info));
  const line = info.split("\n").findLast((one) => mountPoints(one)[0] === point);
  return line?.split(" ")[2];
}

/** The medium that a folder lies on, as its folder in /sys; undefined: of memory, or of another machine. */
export function mediumOf(host: Kernel, folder: string): string | undefined {
  const number = deviceOf(host, folder);
  if (number === undefined || host.read(`/sys/dev/block/${number}/stat`) === undefined) return undefined;
  const part = `/sys/dev/block/${number}`;
  // What is a partition has its whole medium above it.
  return host.read(`${part}/partition`) === undefined ? part : `${part}/..`;
}

/** Names of the whole media below a block device, which an encrypted or joined one has several of. */
function wholeOf(host: Kernel, device: string): readonly string[] {
  const below = host.list(join(device, "slaves"));
  if (below.length > 0) return below.flatMap((name) => wholeOf(host, `/sys/class/block/${name}`));
  const path = host.link(device) ?? device;
  return [host.read(join(device, "partition")) === undefined ? path : dirname(path)].map(
    (one) => one.split("/").at(-1) ?? one,
  );
}

/** Whether two folders are lost together. Undefined: this machine does not tell. */
export function isSameMedium(host: Kernel, one: string, other: string): boolean | undefined {
  const [a, b] = [deviceOf(host, one), deviceOf(host, other)];
  if (a === undefined || b === undefined) return undefined;
  if (a === b) return true;
  const [media, others] = [a, b].map((number) =>
    host.read(`/sys/dev/block/${number}/stat`) === undefined
      ? undefined
      : wholeOf(host, `/sys/dev/block/${number}`),
  );
  if (media === undefined || others === undefined) return undefined;
  return media.some((name) => others.includes(name));
}
