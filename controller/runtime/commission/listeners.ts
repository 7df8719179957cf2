// Which hosts of a network take a connection on a port: a few at a time, each with a deadline, closed at once.
import { connect } from "node:net";
import type { Millis } from "@gridwright/contract/units.ts";
import { millis } from "@gridwright/contract/units.ts";

export interface Listener {
  readonly host: string;
  readonly port: number;
}

const CONNECT_MAX: Millis = millis(700);
const AT_ONCE = 8;

function listens({ host, port }: Listener, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, signal });
    const end = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.setTimeout(CONNECT_MAX, () => end(false));
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
  });
}

export interface Search {
  readonly hosts: readonly string[];
  readonly ports: readonly number[];
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, of: number) => void;
}

/** Those that listen, in the order of the hosts. */
export async function listenersOf({
  hosts,
  ports,
  signal,
  onProgress,
}: Search): Promise<readonly Listener[]> {
  const places = hosts.flatMap((host) => ports.map((port) => ({ host, port })));
  const open: Listener[] = [];
  for (let at = 0; at < places.length && !signal.aborted; at += AT_ONCE) {
    const some = places.slice(at, at + AT_ONCE);
    const answers = await Promise.all(some.map((place) => listens(place, signal)));
    open.push(...some.filter((_, index) => answers[index] === true));
    onProgress?.(Math.min(at + AT_ONCE, places.length), places.length);
  }
  return open;
}
