// Where clients come in: on loopback, which must be free or the broker does not start, and, where the site file opens
// it, on one address in the network of the devices: by TLS, and without it only where some device cannot. That address may
// come up after the broker (a cable, DHCP): it is tried again and again, and costs this machine's own processes nothing.
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type Server as TlsServer } from "node:tls";
import type { Clock } from "@gridwright/contract/clock.ts";
import { GridwrightError, messageOf } from "@gridwright/contract/errors.ts";
import type { Log } from "@gridwright/contract/log.ts";
import { seconds } from "@gridwright/contract/units.ts";
import { keepFresh } from "../tls/keep-fresh.ts";
import type { SiteTls } from "../tls/site-tls.ts";

export interface Door {
  readonly port: number;
  close(): Promise<void>;
}

export interface Handshakes {
  /** The certificate as it is now, renewed where it is time. */
  readonly tls: () => Promise<SiteTls>;
  readonly handshakeMs: number;
  readonly onFailed: (why: string, address: string | undefined) => void;
  readonly io: Clock;
}

export interface DoorOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly connectionsMax: number;
  readonly onSocket: (socket: Socket) => void;
  /** None: without TLS. */
  readonly secure?: Handshakes;
}

export const LOOPBACK = "127.0.0.1";
const AGAIN = seconds(5);

function listening(server: Server, { host, port }: DoorOptions): Promise<number> {
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
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

function tlsServer(shown: SiteTls, { handshakeMs, onFailed }: Handshakes): TlsServer {
  const bounds = { minVersion: "TLSv1.2", handshakeTimeout: handshakeMs, noDelay: true } as const;
  const server = createTlsServer({ ...shown.server, ...bounds });
  server.on("tlsClientError", (error, socket) => onFailed(messageOf(error), socket.remoteAddress));
  return server;
}

/** Opens one door. Rejects with `port-in-use` when something else listens there. Its sockets are the caller's to end. */
export async function openDoor(options: DoorOptions): Promise<Door> {
  const { connectionsMax, onSocket, secure } = options;
  const shown = await secure?.tls();
  const server =
    secure === undefined || shown === undefined
      ? createServer({ noDelay: true }, onSocket)
      : tlsServer(shown, secure).on("secureConnection", onSocket);
  server.maxConnections = connectionsMax;
  const port = await listening(server, options);
  const fresh = secure && shown && keepFresh(server as TlsServer, shown, secure);
  return {
    port,
    async close() {
      await Promise.all([fresh?.close(), new Promise((done) => server.close(done))]);
    },
  };
}

/** Opens a door as soon as its address is there; `close` ends the attempts too. */
export function keepDoor(options: DoorOptions, { io, log }: { readonly io: Clock; readonly log: Log }) {
  const { host, secure } = options;
  const how = secure === undefined ? "without encryption" : "by TLS";
  const stop = new AbortController();
  let failure: string | undefined;
  let opened: Door | undefined;
  async function open(): Promise<Door | undefined> {
    while (!stop.signal.aborted) {
      try {
        const door = await openDoor(options);
        log.warn(`the broker is open to the network of the devices, ${how}`, { host, port: door.port });
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
  const opening = open().then((door) => {
    opened = door;
    return door;
  });
  return {
    /** Undefined: not open yet. */
    port: () => opened?.port,
    async close(): Promise<void> {
      stop.abort();
      await (await opening)?.close();
    },
  };
}
