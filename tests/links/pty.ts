// A serial line that is none: socat joins a pseudo terminal with a fake device's socket. Killing it is pulling the plug.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

export interface Pty {
  /** Path of the port, the same after each re-plugging. */
  readonly path: string;
  plug(port: number): Promise<void>;
  unplug(): Promise<void>;
  close(): Promise<void>;
}

const PLUG_MAX_MS = 5_000;
const STEP_MS = 10;

export function createPty(): Pty {
  const folder = mkdtempSync(join(tmpdir(), "gridwright-pty-"));
  const path = join(folder, "line");
  let socat: ChildProcess | undefined;
  const unplug = async (): Promise<void> => {
    const gone = socat;
    socat = undefined;
    if (gone === undefined || gone.exitCode !== null) return;
    gone.kill("SIGKILL");
    await once(gone, "exit");
    rmSync(path, { force: true });
  };
  return {
    path,
    async plug(port) {
      socat = spawn("socat", [`pty,rawer,link=${path}`, `tcp:127.0.0.1:${port},nodelay`], {
        stdio: "ignore",
      });
      for (let waited = 0; !existsSync(path); waited += STEP_MS) {
        if (waited > PLUG_MAX_MS) throw new Error("socat made no pseudo terminal");
        await wait(STEP_MS);
      }
    },
    unplug,
    async close() {
      await unplug();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
