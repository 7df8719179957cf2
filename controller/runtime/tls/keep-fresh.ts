// Keeps a running server's certificate fresh: looks now and then whether it was renewed, and shows the new one from then on.
import type { SecureContextOptions } from "node:tls";
import type { Clock } from "@gridwright/contract/clock.ts";
import { minutes } from "@gridwright/contract/units.ts";
import { type Looking, lookAgain } from "../clock/look-again.ts";
import type { SiteTls } from "./site-tls.ts";

const LOOK_EVERY = minutes(10);

interface Shown {
  setSecureContext(options: SecureContextOptions): void;
}

export interface FreshOptions {
  readonly tls: () => Promise<SiteTls>;
  readonly io: Clock;
}

/** Until it is closed. `shown`: with what the server was opened. What `tls` throws ends the process, as any bug. */
export function keepFresh(server: Shown, shown: SiteTls, { tls, io }: FreshOptions): Looking {
  let { cert } = shown.server;
  const look = async (): Promise<void> => {
    const now = await tls();
    if (now.server.cert !== cert) server.setSecureContext(now.server);
    cert = now.server.cert;
  };
  const onError = (error: unknown): never => {
    throw error;
  };
  return lookAgain(io, LOOK_EVERY, { look, onError });
}
