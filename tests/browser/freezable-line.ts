// A line to a server that can fall silent without closing, as when the server's process stands still.
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export interface FreezableLine {
  readonly url: string;
  /** From now on nothing comes through; connections stay open and new ones are taken. */
  freeze(): void;
  close(): void;
}

/** Passes everything between a free port and `port`, both on loopback. */
export async function freezableLine(port: number): Promise<FreezableLine> {
  const sockets = new Set<Socket>();
  let frozen = false;
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    if (frozen) socket.pause();
    return socket;
  };
  const server = createServer((near) => {
    keep(near);
    if (frozen) return;
    const far = keep(connect(port, "127.0.0.1"));
    near.pipe(far).pipe(near);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port to listen on");
  return {
    url: `http://127.0.0.1:${address.port}/`,
    freeze: () => {
      frozen = true;
      for (const socket of sockets) {
        socket.unpipe();
        socket.pause();
      }
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
