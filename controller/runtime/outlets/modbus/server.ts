// The plant for other controllers: Modbus TCP, function 4 alone, on loopback unless the site file says otherwise. Every
// other function, all writes among them, gets exception 1: wishes go the way of requests. Every limit has a name.
import { createServer, type Server, type Socket } from "node:net";
import type { Clock } from "@gridwright/contract/clock.ts";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { Log } from "@gridwright/contract/log.ts";
import { createMbapReader, encodeMbap, type MbapFrame } from "@gridwright/protocols/modbus/frame.ts";
import { answer, type RegisterImage } from "@gridwright/protocols/modbus/server.ts";
import { createRate } from "../../broker/rate.ts";

export const MODBUS_LIMITS = {
  connectionsMax: 16,
  /** Requests of one connection in a second, on average; more get exception 6 (busy). */
  requestsPerSecondMax: 100,
  /** A client that was refused so often for its haste is let go. */
  busyMax: 500,
  /** A client that does not ask for this long is let go. */
  idleMs: 60_000,
  /** The same before its first whole request. */
  firstRequestMs: 5_000,
  /** Bytes of answers that a client leaves unread. */
  unreadBytesMax: 16_384,
} as const;
export type ModbusLimits = { readonly [K in keyof typeof MODBUS_LIMITS]: number };

export interface ModbusServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly image: RegisterImage;
  readonly io: Clock;
  readonly log: Log;
  readonly limits?: Partial<ModbusLimits>;
}

export interface ModbusServer {
  readonly port: number;
  /** Connections that are open now. */
  connections(): number;
  close(): Promise<void>;
}

const READ_INPUT_REGISTERS = 4;
const ILLEGAL_FUNCTION = 1;
const BUSY = 6;
const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "::1", "localhost"]);

const refuse = (pdu: Uint8Array, exception: number): Uint8Array =>
  Uint8Array.of((pdu[0] ?? 0) | 0x80, exception);

/** Bytes given to the reader at once: what it copies per frame stays small, however much a flood brings. */
const SLICE = 512;

const slicesOf = (chunk: Uint8Array): readonly Uint8Array[] =>
  Array.from({ length: Math.ceil(chunk.length / SLICE) }, (_, index) =>
    chunk.subarray(index * SLICE, (index + 1) * SLICE),
  );

function serve(socket: Socket, { image, io }: ModbusServerOptions, limits: ModbusLimits): void {
  const read = createMbapReader();
  const mayAsk = createRate(io, limits.requestsPerSecondMax);
  let busy = 0;
  const respond = (pdu: Uint8Array): Uint8Array => {
    if (!mayAsk()) {
      busy += 1;
      return refuse(pdu, BUSY);
    }
    return pdu[0] === READ_INPUT_REGISTERS ? answer(pdu, image) : refuse(pdu, ILLEGAL_FUNCTION);
  };
  const take = ({ transaction, unit, pdu }: MbapFrame): void => {
    if (socket.destroyed) return;
    socket.setTimeout(limits.idleMs);
    socket.write(encodeMbap({ transaction, unit, pdu: respond(pdu) }));
    if (busy > limits.busyMax || socket.writableLength > limits.unreadBytesMax) socket.destroy();
  };
  socket.setTimeout(limits.firstRequestMs, () => socket.destroy());
  socket.on("data", (chunk: Buffer) => {
    for (const slice of slicesOf(chunk)) {
      if (socket.destroyed) return;
      const { frames, broken } = read(slice);
      for (const frame of frames) take(frame);
      if (broken) socket.destroy();
    }
  });
}

const listen = (server: Server, { host, port }: ModbusServerOptions): Promise<number> =>
  new Promise((resolve, reject) => {
    const failed = (cause: NodeJS.ErrnoException): void =>
      reject(
        cause.code === "EADDRINUSE"
          ? new GridwrightError(
              "port-in-use",
              `port ${port} of ${host}, where outward.modbus of the site file is to listen, is taken; name another one there`,
              { cause },
            )
          : new GridwrightError(
              "site-invalid",
              `outward.modbus of the site file cannot listen on ${host}:${port} (${cause.code ?? cause.message}); name an address of this machine and a port above 1023`,
              { cause },
            ),
      );
    server.once("error", failed);
    server.listen(port, host, () => {
      server.off("error", failed);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });

/** Serves until closed. Rejects with `port-in-use`, or `site-invalid` where it cannot listen. */
export async function startModbusServer(options: ModbusServerOptions): Promise<ModbusServer> {
  const limits: ModbusLimits = { ...MODBUS_LIMITS, ...options.limits };
  const { log, host } = options;
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", (error) => log.info("a Modbus client went away", { error: error.message }));
    serve(socket, options, limits);
  });
  server.maxConnections = limits.connectionsMax;
  const port = await listen(server, options);
  server.on("error", (error) => log.error("the Modbus server had trouble", { error: error.message }));
  if (!LOOPBACK.has(host)) log.warn("the Modbus server listens beyond this machine", { host, port });
  return {
    port,
    connections: () => sockets.size,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
