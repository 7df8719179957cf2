// The process of one trial: forked, told its order, heard until it ends. One that is ended is let go first, so that it clears
// up behind itself, and killed when it does not. However it ends, it costs its parent nothing.
import { fork } from "node:child_process";
import type { Clock } from "@gridwright/contract/clock.ts";
import { seconds } from "@gridwright/contract/units.ts";
import type { TrialNews, TrialOrder } from "./trial-order.ts";

const HEAP = ["--max-semi-space-size=8", "--max-old-space-size=256"];
/** In which it ends its own Node-RED and removes its folder. */
const CLEARING_UP = seconds(8);

export interface TrialProcess {
  order(order: TrialOrder): void;
  /** Nothing is heard of it any more; resolves once it is gone. */
  end(): Promise<void>;
}

export interface TrialHeard {
  readonly news: (news: TrialNews) => void;
  /** It ended by itself, after all that it had told. */
  readonly gone: () => void;
}

/** `module`: of the process. */
export function startTrialProcess(
  { module, io }: { readonly module: string; readonly io: Clock },
  { news, gone }: TrialHeard,
): TrialProcess {
  const child = fork(module, [], { execArgv: HEAP, stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const isOver = (): void => {
    resolve();
    gone();
  };
  child.on("message", news);
  // More than once: where it cannot be begun, telling it something fails as well.
  child.on("error", () => (child.pid === undefined ? isOver() : child.kill("SIGKILL")));
  // What it told last may still be on its way when its end is known.
  child.once("exit", () => (child.connected ? child.once("disconnect", isOver) : isOver()));
  return {
    order: (order) => void child.send(order),
    async end() {
      child.off("message", news);
      if (child.connected) child.disconnect();
      const patience = new AbortController();
      void io.sleep(CLEARING_UP, patience.signal).then(
        () => child.kill("SIGKILL"),
        () => undefined,
      );
      await ended;
      patience.abort();
    },
  };
}
