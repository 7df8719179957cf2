// The door to the network: the same routes over TLS, at one address. Its certificate is renewed while it runs.
import { createServer, type Server } from "node:https";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { keepFresh } from "../tls/keep-fresh.ts";
import type { Api } from "./api.ts";
import type { SecurePlace, Web } from "./options.ts";

const CONNECTIONS_MAX = 500;
const REQUEST_DEADLINE_MS = 15_000;
const HANDSHAKE_DEADLINE_MS = 10_000;

const listening = (server: Server, { address, port }: SecurePlace): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", (cause) =>
      reject(
        new GridwrightError(
          "port-in-use",
          `${address}:${port} cannot be listened on (${cause.message}); name an address of this machine and a free port`,
          { cause },
        ),
      ),
    );
    server.listen(port, address, () => {
      const at = server.address();
      resolve(typeof at === "object" && at !== null ? at.port : port);
    });
  });

/** Phones fetch the authority here before they trust it; they compare its fingerprint with the terminal's. */
export function addAuthority(api: Api, { lan }: Web): void {
  if (lan === undefined) return;
  api.get("/ca.crt", { schema: { hide: true } }, async (_request, reply) =>
    reply.type("application/x-x509-ca-cert").send((await lan.tls()).authority),
  );
}

export interface SecureDoor {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens until closed. Throws `port-in-use`. */
export async function openSecureDoor(api: Api, web: Web, place: SecurePlace): Promise<SecureDoor> {
  const shown = await place.tls();
  const options = {
    ...shown.server,
    minVersion: "TLSv1.2",
    handshakeTimeout: HANDSHAKE_DEADLINE_MS,
  } as const;
  const server = createServer({ ...options, requestTimeout: REQUEST_DEADLINE_MS }, (request, response) =>
    api.routing(request, response),
  );
  server.maxConnections = CONNECTIONS_MAX;
  // Sockets of the flows' editor go the way that they go on loopback.
  server.on("upgrade", (request, socket, head) => {
    if (!api.server.emit("upgrade", request, socket, head)) socket.destroy();
  });
  const port = await listening(server, place);
  const fresh = keepFresh(server, shown, { tls: place.tls, io: web.io });
  return {
    port,
    close: async () => {
      server.closeAllConnections();
      await Promise.all([fresh.close(), new Promise((done) => server.close(done))]);
    },
  };
}
