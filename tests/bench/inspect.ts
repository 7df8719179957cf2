// Looks into a running Node process over the inspector that SIGUSR1 opens: nothing need be built into the process for
// being measured. The socket is on loopback and ends with the measurement.
import { setTimeout as wait } from "node:timers/promises";

export interface Inspector {
  /** The value of an expression in the process; it must be plain JSON. */
  evaluate<T>(expression: string): Promise<T>;
  collectGarbage(): Promise<void>;
  close(): void;
}

const OPEN_MAX_MS = 10_000;

/** Lets a process choose any free port for its inspector; children inherit it. */
export function anyInspectPort(): void {
  process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ""} --inspect-port=0`.trim();
}

async function addressIn(lines: readonly string[]): Promise<string> {
  const until = performance.now() + OPEN_MAX_MS;
  while (performance.now() < until) {
    for (const line of lines) {
      const address = /Debugger listening on (ws:\S+)/.exec(line)?.[1];
      if (address !== undefined) return address;
    }
    await wait(50);
  }
  throw new Error("the process opened no inspector");
}

interface Reply {
  readonly id?: number;
  readonly result?: { readonly result?: { readonly value?: string } };
}

/** Opens the inspector of `pid`, whose output lands in `lines`. */
export async function inspect(pid: number, lines: readonly string[]): Promise<Inspector> {
  process.kill(pid, "SIGUSR1");
  const socket = new WebSocket(await addressIn(lines));
  await new Promise((resolve) => socket.addEventListener("open", resolve, { once: true }));
  const waiting = new Map<number, (reply: Reply) => void>();
  let last = 0;
  socket.addEventListener("message", ({ data }) => {
    const reply = JSON.parse(String(data)) as Reply;
    if (reply.id !== undefined) waiting.get(reply.id)?.(reply);
  });
  const send = (method: string, params: object = {}): Promise<Reply> =>
    new Promise((resolve) => {
      last += 1;
      waiting.set(last, resolve);
      socket.send(JSON.stringify({ id: last, method, params }));
    });
  return {
    async evaluate<T>(expression: string) {
      const expressionText = `JSON.stringify(${expression})`;
      const { result } = await send("Runtime.evaluate", { expression: expressionText, returnByValue: true });
      return JSON.parse(result?.result?.value ?? "null") as T;
    },
    collectGarbage: async () => void (await send("HeapProfiler.collectGarbage")),
    close: () => socket.close(),
  };
}
