// What else happens on the machine while reactions are measured: nothing; a program on each core that never rests; and beside these a
// flood of connections on the broker's port, which is the one port that a site's control needs.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";

const FLOOD = fileURLToPath(new URL("../../faults/flood-child.ts", import.meta.url));

export interface Burden {
  readonly name: string;
  /** Begins it; gives what ends it. */
  begin(brokerPort: number): Promise<() => Promise<unknown>>;
}

function spin(): () => Promise<unknown> {
  const children = Array.from({ length: availableParallelism() }, () =>
    spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" }),
  );
  return () =>
    Promise.all(
      children.map((child) => {
        child.kill("SIGKILL");
        return once(child, "exit");
      }),
    );
}

async function flood(port: number): Promise<() => Promise<unknown>> {
  const child = spawn(process.execPath, [FLOOD, String(port)], { stdio: ["pipe", "pipe", "inherit"] });
  await once(child.stdout, "data");
  return () => {
    child.stdin.end();
    child.stdout.resume();
    return once(child, "close");
  };
}

export const BURDENS: readonly Burden[] = [
  { name: "idle", begin: async () => async () => undefined },
  { name: "every core busy", begin: async () => spin() },
  {
    name: "every core busy, broker's port flooded",
    async begin(brokerPort) {
      const [rest, stop] = [spin(), await flood(brokerPort)];
      return () => Promise.all([rest(), stop()]);
    },
  },
];
