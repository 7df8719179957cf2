// Sends wishes to the door of the flows as fast as they are answered, from a process of its own, and counts the answers.
import { Agent, request } from "node:http";

export interface FloodOrder {
  readonly port: number;
  readonly forMs: number;
}
export interface Flooded {
  readonly sent: number;
  readonly seconds: number;
  /** How often each status was answered. */
  readonly statuses: Readonly<Record<string, number>>;
}

const SOCKETS = 64;
const BODY = JSON.stringify({
  ttlMs: 60_000,
  body: { kind: "switch", asset: "printer-2", on: false, why: "a flood" },
});
const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS });

function ask(port: number): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const asking = request({
    ...{ host: "127.0.0.1", port, path: "/api/v1/flows/requests", method: "POST", agent },
    headers: {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(BODY),
      cookie: "gridwright-demo-role=technician",
    },
  });
  asking.on("response", (answer) => {
    answer.resume();
    answer.on("end", () => resolve(answer.statusCode ?? 0));
  });
  asking.on("error", () => resolve(0));
  asking.end(BODY);
  return promise;
}

process.once("message", async ({ port, forMs }: FloodOrder) => {
  const statuses: Record<string, number> = {};
  let sent = 0;
  const begun = performance.now();
  const one = async (): Promise<void> => {
    while (performance.now() - begun < forMs) {
      sent += 1;
      const status = await ask(port);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: SOCKETS }, one));
  process.send?.({ sent, seconds: (performance.now() - begun) / 1_000, statuses } satisfies Flooded);
});
process.on("disconnect", () => process.exit(0));
