// Which loopback ports a start may use: the wanted one when it is free, else any free one.
import { createServer } from "node:net";

const HOST = "127.0.0.1";

const tryPort = (port: number): Promise<number | undefined> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen(port, HOST, () => {
      const address = server.address();
      const taken = typeof address === "object" && address !== null ? address.port : port;
      server.close(() => resolve(taken));
    });
  });

/** `wanted` when it is free on loopback and not in `taken`, else a free port; the answer is added to `taken`. */
export async function freePort(wanted: number, taken: Set<number>): Promise<number> {
  let port = taken.has(wanted) ? undefined : await tryPort(wanted);
  while (port === undefined || taken.has(port)) port = await tryPort(0);
  taken.add(port);
  return port;
}
