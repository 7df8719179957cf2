// The line over which a trial and its flows keep one time: the trial says how far its plant is, the flows' process how far it
// went; both as wall time of the plant in ms, a number a line. On loopback, for one who shows the trial's token first: the
// process has given the line to its parent away.
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";

const HOST = "127.0.0.1";
const LINE_CHARS_MAX = 200;

export interface TimeLine {
  readonly port: number;
  tell(plantAt: number): void;
  close(): void;
}

function hear(socket: Socket, heard: (line: string) => void): void {
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  const lines = createInterface({ input: socket });
  lines.on("error", () => socket.destroy());
  lines.on("line", (line) => {
    if (line.length <= LINE_CHARS_MAX) heard(line);
  });
}

/** `heard` is told what the present process says. */
export async function openTimeLine(token: string, heard: (at: number) => void): Promise<TimeLine> {
  let present: Socket | undefined;
  const server = createServer((socket) => {
    hear(socket, (line) => {
      if (socket === present) heard(Number(line));
      else if (line === token) present = socket;
      else socket.destroy();
    });
  });
  server.listen(0, HOST);
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    tell: (plantAt) => void present?.write(`${plantAt}\n`),
    close() {
      present?.destroy();
      server.close();
    },
  };
}

/** The other end: calls `heard` with each time of the plant; what it is given in return says how far the process went. */
export function joinTimeLine(
  { port, token }: { readonly port: number; readonly token: string },
  heard: (plantAt: number) => void,
): (at: number) => void {
  const socket = connect(port, HOST);
  hear(socket, (line) => heard(Number(line)));
  socket.write(`${token}\n`);
  return (at) => void socket.write(`${at}\n`);
}
