// Which TCP ports of this machine can be reached from elsewhere, and which of them are gridwright's, by the kernel's own tables.
import type { ListeningPort } from "@gridwright/core/doctor/facts.ts";
import type { Host } from "./host.ts";

const LISTENS = "0A";
const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/;

interface Socket {
  readonly address: string;
  readonly port: number;
  readonly inode: string;
}

/** The kernel writes each 32 bits of an address the other way round. */
function addressOf(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => [...Buffer.from(word, "hex")].reverse());
  if (bytes.length === 4) return bytes.join(".");
  if (bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255)
    return `::ffff:${bytes.slice(12).join(".")}`;
  if (bytes.every((byte) => byte === 0)) return "::";
  if (bytes.slice(0, 15).every((byte) => byte === 0) && bytes[15] === 1) return "::1";
  const groups = Array.from({ length: 8 }, (_, at) =>
    ((bytes[2 * at] ?? 0) * 256 + (bytes[2 * at + 1] ?? 0)).toString(16),
  );
  return groups.join(":");
}

/** Of /proc/net/tcp or tcp6. */
export function listeningIn(table: string): readonly Socket[] {
  return table.split("\n").flatMap((line): Socket[] => {
    const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
    const [hex = "", port = ""] = local.split(":");
    return state === LISTENS ? [{ address: addressOf(hex), port: Number.parseInt(port, 16), inode }] : [];
  });
}

/** Inode of a socket → the process that has it. */
function ownersOf(host: Host, pids: Readonly<Record<string, number>>): ReadonlyMap<string, string> {
  const owners = Object.entries(pids).flatMap(([process, pid]) =>
    host.list(`/proc/${pid}/fd`).flatMap((fd) => {
      const link = host.link(`/proc/${pid}/fd/${fd}`) ?? "";
      return (/^socket:\[(\d+)\]$/.exec(link) ?? []).slice(1).map((inode) => [inode, process] as const);
    }),
  );
  return new Map(owners);
}

/** What listens beyond loopback, each address and port once; `pids`: process of gridwright → pid. */
export function openPorts(host: Host, pids: Readonly<Record<string, number>>): readonly ListeningPort[] {
  const owners = ownersOf(host, pids);
  const sockets = ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((table) => listeningIn(host.read(table) ?? ""));
  const open = sockets
    .filter(({ address }) => !LOOPBACK.test(address))
    .map(({ address, port, inode }) => ({ address, port, ours: owners.get(inode) }));
  return [...new Map(open.map((one) => [`${one.address} ${one.port}`, one])).values()];
}
