// The door of every process that the supervisor starts: takes its start order over IPC, answers there, and ends with it.
import { host } from "./host.ts";
import type { Startup } from "./startup.ts";

// Held here: the process of the flows gives its own line away before any flow runs.
const send = process.send?.bind(process);
const tell = (message: unknown): Promise<void> =>
  new Promise((done) =>
    process.connected && send !== undefined ? send(message, undefined, undefined, () => done()) : done(),
  );

process.once(
  "message",
  ({ startup }: { startup: Startup }) =>
    void host(startup, {
      started: tell,
      failed: (failed) => tell({ failed }),
      stepped: () => undefined,
    }),
);
