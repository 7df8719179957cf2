// Where clients come in: on loopback, which must be free or the broker does not start, and, where the site file opens
// it, on one address in the network of the devices. That address may come up after the broker (a cable, DHCP): it is
// tried again and again, and costs this machine's own processes nothing. No encryption: see SECURITY.md.
import { createServer, type Socket } from "node:net";
import type { Clock } from "@gridwright/contract/clock.ts";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { Log } from "@gridwright/contract/log.ts";
import { seconds } from "@gridwright/contract/units.ts";

export interface Door {
  readonly port: number;
  close(): Promise<void>;
}

export interface DoorOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly connectionsMax: number;
  readonly onSocket: (socket: Socket) => void;
}

export const LOOPBACK = "127.0.0.1";
const AGAIN = seconds(5);

/** Opens one door. Rejects with `port-in-use` when something else listens there. Its sockets are the caller's to end. */
export function openDoor({ host, port, connectionsMax, onSocket }: DoorOptions): Promise<Door> {
  const server = createServer({ noDelay: true }, onSocket);
  server.maxConnections = connectionsMax;
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === "EADDRINUSE";
      const message = taken
        ? `Port ${port} on ${host} is taken, perhaps by another MQTT broker. Stop it (systemctl stop mosquitto) or give this one another port: broker: { port: … } in the site file.`
        : `The broker cannot listen on ${host}:${port}: ${cause.message}.`;
      reject(new GridwrightError(taken ? "port-in-use" : "broker-unreachable", message, { cause }));
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve({
        port: typeof address === "object" && address !== null ? address.port : port,
        close: () => new Promise((done) => server.close(() => done())),
      });
    });
  });
}

/** Opens a door as soon as its address is there; `close` ends the attempts too. */
export function keepDoor(options: DoorOptions, { io, log }: { readonly io: Clock; readonly log: Log }) {
  const { host, port } = options;
  const stop = new AbortController();
  let failure: string | undefined;
  async function open(): Promise<Door | undefined> {
    while (!stop.signal.aborted) {
      try {
        const door = await openDoor(options);
        log.warn("the broker is open to the network of the devices, without encryption", { host, port });
        return door;
      } catch (error) {
        if (!(error instanceof GridwrightError)) throw error;
        if (error.message !== failure)
          log.error(`${error.message} MQTT devices there wait; it is tried again.`);
        failure = error.message;
      }
      // Rejects only when the broker is closed.
      await io.sleep(AGAIN, stop.signal).catch(() => undefined);
    }
    return undefined;
  }
  const opening = open();
  return {
    async close(): Promise<void> {
      stop.abort();
      await (await opening)?.close();
    },
  };
}
