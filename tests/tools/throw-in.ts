// A bug on purpose in a process that runs: an exception that nobody catches.
import { until } from "./village.ts";

interface Inspected {
  readonly webSocketDebuggerUrl: string;
}

/** Throws inside a running process, from its own event loop, through its debugger port. */
export async function throwIn(target: number): Promise<void> {
  process.kill(target, "SIGUSR1");
  const list = async (): Promise<readonly Inspected[]> => {
    const answer = await fetch("http://127.0.0.1:9229/json");
    return (await answer.json()) as readonly Inspected[];
  };
  const listens = async (): Promise<boolean> => (await list().catch(() => [])).length > 0;
  await until("the debugger listens", listens, { withinMs: 5_000 });
  const [found] = await list();
  const socket = new WebSocket(found?.webSocketDebuggerUrl ?? "");
  await new Promise((done) => socket.addEventListener("open", done, { once: true }));
  const expression = "setTimeout(() => { throw new Error('a bug, on purpose') }, 50)";
  socket.send(JSON.stringify({ id: 1, method: "Runtime.evaluate", params: { expression } }));
  // An ending process waits for its debugger.
  socket.close();
}
