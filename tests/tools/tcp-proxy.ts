// A TCP proxy on loopback that misbehaves on purpose: it cuts a link inside an answer's body, delays, hangs, answers in
// another's place or refuses. It knows only bytes and connections; what they mean is the test's matter.
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { type Toxic, toxicWay } from "./toxic-way.ts";

export type Mischief =
  | { readonly kind: "pass" }
  /** The connection ends so many bytes into an answer's body, if the request began with `to`. */
  | { readonly kind: "cut-body"; readonly after: number; readonly to: string }
  /** The other side takes the request, its answer never arrives and the link is cut. */
  | { readonly kind: "swallow-answer" }
  /** Nothing is ever answered; the link stays open. */
  | { readonly kind: "hang" }
  | { readonly kind: "delay"; readonly ms: number }
  /** These bytes are the answer; the other side never hears of the request. */
  | { readonly kind: "say"; readonly answer: string }
  | { readonly kind: "refuse" }
  | Toxic;

export interface TcpProxy {
  readonly port: number;
  /** Connections that were opened since the mischief was last set. */
  readonly seen: () => number;
  set(mischief: Mischief): void;
  close(): Promise<void>;
}

/** Both ways of a link under a toxic; false: the mischief is none. */
function poisoned(mischief: Mischief, client: Socket, server: Socket): boolean {
  switch (mischief.kind) {
    case "reset":
      client.on("data", () => client.resetAndDestroy());
      return true;
    case "late":
    case "narrow":
    case "sliced":
      client.on("data", toxicWay(mischief, server, 1));
      server.on("data", toxicWay(mischief, client, 2));
      return true;
    default:
      return false;
  }
}

const HEADER_END = Buffer.from("\r\n\r\n");
const CONNECTIONS_MAX = 50;

function spoiled(mischief: Mischief, client: Socket, server: Socket): void {
  let answered = Buffer.alloc(0);
  let asked = "";
  client.on("data", (bytes: Buffer) => {
    asked = bytes.toString("latin1");
    answered = Buffer.alloc(0);
  });
  server.on("data", (bytes: Buffer) => {
    if (mischief.kind === "delay") return void setTimeout(() => client.write(bytes), mischief.ms);
    if (mischief.kind === "swallow-answer") return void client.destroy();
    if (mischief.kind !== "cut-body" || !asked.startsWith(mischief.to)) return void client.write(bytes);
    answered = Buffer.concat([answered, bytes]);
    const body = answered.indexOf(HEADER_END) + HEADER_END.length;
    if (body < HEADER_END.length || answered.length <= body) return void client.write(bytes);
    const rest = bytes.subarray(0, Math.max(0, bytes.length - (answered.length - body - mischief.after)));
    client.write(rest, () => client.destroy());
  });
}

/** Listens on a free port and stands between its clients and `target` on loopback. */
export async function tcpProxy(target: number): Promise<TcpProxy> {
  let mischief: Mischief = { kind: "pass" };
  let seen = 0;
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    return socket.on("close", () => void sockets.delete(socket));
  };
  const listener = createServer((socket) => {
    const client = keep(socket);
    const now = mischief;
    seen += 1;
    if (now.kind === "refuse") return void client.destroy();
    if (now.kind === "hang") return void client.resume();
    if (now.kind === "say") return void client.once("data", () => client.end(now.answer));
    const server = keep(connect(target, "127.0.0.1"));
    if (!poisoned(now, client, server)) {
      client.on("data", (bytes) => server.write(bytes));
      spoiled(now, client, server);
    }
    client.on("close", () => server.destroy());
    server.on("close", () => client.destroy());
  });
  listener.maxConnections = CONNECTIONS_MAX;
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const end = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (listener.address() as AddressInfo).port,
    seen: () => seen,
    set(next) {
      mischief = next;
      seen = 0;
      end();
    },
    async close() {
      end();
      listener.close();
      await once(listener, "close");
    },
  };
}
