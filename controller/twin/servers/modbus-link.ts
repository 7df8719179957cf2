// One Modbus link of the site as a listening socket, with every unit of that link behind it: Modbus TCP, or RTU over
// TCP as a serial gateway gives it. Answers as devices do: a unit that is dead says nothing, one that is not there
// gets the gateway's exception (TCP) or silence (RTU). A cut link closes its connections and refuses new ones.
import { createServer, type Server, type Socket } from "node:net";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { Link } from "@gridwright/contract/site/site.ts";
import {
  createMbapReader,
  createRtuReader,
  encodeMbap,
  encodeRtu,
  type MbapFrame,
  type RtuFrame,
  requestLength,
} from "@gridwright/protocols/modbus/frame.ts";
import { answer, type RegisterImage } from "@gridwright/protocols/modbus/server.ts";
import { type ActiveFault, faultOf } from "../plant/faults.ts";

const CONNECTIONS_MAX = 16;
const IDLE_MAX_MS = 600_000;
/** A client that does not read its answers is cut off. */
const UNREAD_MAX = 65_536;
const ILLEGAL_GATEWAY_TARGET = 11;

export interface Unit {
  readonly device: string;
  readonly image: RegisterImage;
}

export interface ModbusLinkOptions {
  readonly id: string;
  readonly link: Extract<Link, { kind: "modbus-tcp" | "modbus-rtu-tcp" }>;
  /** 0: any free port. */
  readonly port: number;
  readonly units: ReadonlyMap<number, Unit>;
  readonly faults: () => readonly ActiveFault[];
  readonly log: Log;
}

export interface ModbusLink {
  readonly host: string;
  readonly port: number;
  /** Opens or cuts the link as the faults say; called after each step of the world. */
  follow(): void;
  close(): Promise<void>;
}

type Reply = (unit: number, pdu: Uint8Array, reply: (response: Uint8Array) => void) => void;

function replier({ units, faults, link }: ModbusLinkOptions): Reply {
  return (unit, pdu, reply) => {
    const target = units.get(unit);
    if (target === undefined) {
      if (link.kind === "modbus-tcp") reply(Uint8Array.of((pdu[0] ?? 0) | 0x80, ILLEGAL_GATEWAY_TARGET));
      return;
    }
    const active = faults();
    if (faultOf(active, "device-dead", target.device) !== undefined) return;
    const slow = faultOf(active, "device-slow", target.device);
    if (slow === undefined) reply(answer(pdu, target.image));
    else setTimeout(() => reply(answer(pdu, target.image)), slow.delayMs);
  };
}

function serveTcp(socket: Socket, respond: Reply): void {
  const read = createMbapReader();
  const handle = ({ transaction, unit, pdu }: MbapFrame): void =>
    respond(unit, pdu, (response) => send(socket, encodeMbap({ transaction, unit, pdu: response })));
  socket.on("data", (chunk) => {
    const { frames, broken } = read(chunk);
    for (const frame of frames) handle(frame);
    if (broken) socket.destroy();
  });
}

function serveRtu(socket: Socket, respond: Reply): void {
  const reader = createRtuReader(requestLength);
  const handle = ({ unit, pdu }: RtuFrame): void =>
    respond(unit, pdu, (response) => send(socket, encodeRtu({ unit, pdu: response })));
  socket.on("data", (chunk) => {
    for (const frame of reader.read(chunk)) handle(frame);
  });
}

function send(socket: Socket, bytes: Uint8Array): void {
  if (socket.destroyed || !socket.writable) return;
  if (socket.writableLength > UNREAD_MAX) socket.destroy();
  else socket.write(bytes);
}

export const listen = (
  server: Server,
  place: { readonly host: string; readonly port: number },
  what: string,
) =>
  new Promise<number>((resolve, reject) => {
    const refuse = (cause: NodeJS.ErrnoException): void =>
      reject(
        cause.code === "EADDRINUSE"
          ? new GridwrightError(
              "port-in-use",
              `Port ${place.port} of ${place.host} is taken; ${what} needs it. Free it or name another one.`,
              { cause },
            )
          : new GridwrightError(
              "link-down",
              `${what} cannot listen on ${place.host}:${place.port}: ${cause.message}`,
              { cause },
            ),
      );
    server.once("error", refuse);
    server.listen(place.port, place.host, () => {
      server.off("error", refuse);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : place.port);
    });
  });

/** Listens for one link. Rejects with `port-in-use`. */
export async function startModbusLink(options: ModbusLinkOptions): Promise<ModbusLink> {
  const { id, link, faults, log } = options;
  const respond = replier(options);
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.setTimeout(IDLE_MAX_MS, () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", (error) => log.info(`a client of link ${id} went away`, { error: error.message }));
    if (link.kind === "modbus-tcp") serveTcp(socket, respond);
    else serveRtu(socket, respond);
  });
  server.maxConnections = CONNECTIONS_MAX;
  const host = link.host;
  const port = await listen(server, { host, port: options.port }, `The twin's link ${id}`);
  let cut = false;
  const cutNow = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
    server.close();
  };
  const mend = (): void => {
    listen(server, { host, port }, `The twin's link ${id}`).catch((error: unknown) =>
      log.error(`link ${id} cannot listen again`, { error: String(error) }),
    );
  };
  return {
    host,
    port,
    follow() {
      const wanted = faultOf(faults(), "link-cut", id) !== undefined;
      if (wanted === cut) return;
      cut = wanted;
      if (cut) cutNow();
      else mend();
    },
    close: () =>
      new Promise((done) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => done());
      }),
  };
}
