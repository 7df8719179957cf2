// Which loopback ports a start may use: the wanted one when it is free, else any free one.
import { randomInt } from "node:crypto";
import { createServer } from "node:net";

const HOST = "127.0.0.1";
/**
 * Any free port is drawn from here: below what Linux gives to connections that go out (ip_local_port_range, from 32,768
 * on), so that none of those can take it between this look and the moment when its process listens.
 */
const ANY = { from: 20_000, below: 32_768 };

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

/** `wanted` when it is free on loopback and not in `taken`, else (or for 0) any free port, which is added to `taken`. */
export async function freePort(wanted = 0, taken = new Set<number>()): Promise<number> {
  let port = wanted === 0 || taken.has(wanted) ? undefined : await tryPort(wanted);
  while (port === undefined || taken.has(port)) port = await tryPort(randomInt(ANY.from, ANY.below));
  taken.add(port);
  return port;
}
