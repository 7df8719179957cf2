// A Modbus server without any delay of its own, on a free port: answers from a register image, and tells when the bytes
// of each request arrived, in ns of process.hrtime, which all processes of a machine share.
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import {
  createMbapReader,
  createRtuReader,
  encodeMbap,
  encodeRtu,
  requestLength,
} from "@gridwright/protocols/modbus/frame.ts";
import { answer, type RegisterImage } from "@gridwright/protocols/modbus/server.ts";

export interface PlainServer {
  readonly port: number;
  close(): Promise<void>;
}

export interface PlainServerOptions {
  readonly framing: "mbap" | "rtu";
  readonly image: RegisterImage;
  /** Called before each answer with the request and the time its bytes came. */
  readonly heard?: (pdu: Uint8Array, at: bigint) => void;
}

function serve(socket: Socket, { framing, image, heard }: PlainServerOptions): void {
  const mbap = createMbapReader();
  const rtu = createRtuReader(requestLength);
  const respond = (pdu: Uint8Array, at: bigint): Uint8Array => {
    heard?.(pdu, at);
    return answer(pdu, image);
  };
  socket.on("data", (chunk) => {
    const at = process.hrtime.bigint();
    if (framing === "mbap")
      for (const { transaction, unit, pdu } of mbap(chunk).frames)
        socket.write(encodeMbap({ transaction, unit, pdu: respond(pdu, at) }));
    else
      for (const { unit, pdu } of rtu.read(chunk)) socket.write(encodeRtu({ unit, pdu: respond(pdu, at) }));
  });
  socket.on("error", () => socket.destroy());
}

export async function startPlainServer(options: PlainServerOptions): Promise<PlainServer> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    serve(socket, options);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
