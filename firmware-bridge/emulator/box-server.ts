// An emulated box in real time behind a socket on loopback, as a gateway would have it: its serial line is one connection at
// a time. What is behind real time by more than a moment is left out, so that a slow machine makes a slow box, not a rush.
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import type { Clock } from "@gridwright/contract/clock.ts";
import { elapsed, type Mono, millis } from "@gridwright/contract/units.ts";
import type { EmulatedBox } from "./emulated-box.ts";

const STEP = millis(2);
const BEHIND_MAX_MS = 50;

export interface BoxServerOptions {
  readonly box: EmulatedBox;
  readonly io: Clock;
  /** Called between two steps: what hangs on its pins may change. */
  readonly stepped?: (now: Mono) => void;
}

export interface BoxServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves on any free port of loopback and runs until closed. */
export async function serveBox({ box, io, stepped }: BoxServerOptions): Promise<BoxServer> {
  let line: Socket | undefined;
  const server = createServer({ noDelay: true }, (socket) => {
    line?.destroy();
    line = socket;
    // A cable that is pulled out ends in an error or not; the box does not care.
    socket.on("error", () => socket.destroy());
    socket.on("data", (bytes: Uint8Array) => box.write(bytes));
    socket.on("close", () => {
      if (line === socket) line = undefined;
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const stop = new AbortController();
  const running = run();
  async function run(): Promise<void> {
    let reached = io.now();
    while (!stop.signal.aborted) {
      const now = io.now();
      box.run(Math.min(elapsed(reached, now), BEHIND_MAX_MS));
      reached = now;
      const bytes = box.sent();
      if (bytes.length > 0) line?.write(bytes);
      stepped?.(now);
      // Rejects only when it is closed.
      await io.sleep(STEP, stop.signal).catch(() => undefined);
    }
  }
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    async close() {
      stop.abort();
      line?.destroy();
      server.close();
      await running;
    },
  };
}
