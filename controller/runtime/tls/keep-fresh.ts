// Keeps a running server's certificate fresh: looks now and then whether it was renewed, and shows the new one from then on.
import type { SecureContextOptions } from "node:tls";
import type { Clock } from "@gridwright/contract/clock.ts";
import { millis } from "@gridwright/contract/units.ts";
import type { SiteTls } from "./site-tls.ts";

const LOOK_EVERY_MS = 600_000;

interface Shown {
  setSecureContext(options: SecureContextOptions): void;
}

export interface FreshOptions {
  readonly tls: () => Promise<SiteTls>;
  readonly io: Clock;
  readonly signal: AbortSignal;
}

/** Ends with the signal. `shown`: with what the server was opened. Rejects as `tls` does. */
export async function keepFresh(server: Shown, shown: SiteTls, options: FreshOptions): Promise<void> {
  const { tls, io, signal } = options;
  let { cert } = shown.server;
  while (!signal.aborted) {
    const now = await tls();
    if (now.server.cert !== cert) server.setSecureContext(now.server);
    cert = now.server.cert;
    await io.sleep(millis(LOOK_EVERY_MS), signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}
