// libmodbus as the practical limit: a small C server and client, built into a folder that goes away again.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const BUILD_MAX_MS = 60_000;
const SOURCES = join(import.meta.dirname, "libmodbus");

export interface Libmodbus {
  readonly port: number;
  /** Milliseconds of each request that the C client made within `forMs`. */
  ask(forMs: number): Promise<readonly number[]>;
  close(): Promise<void>;
}

/** Builds and starts both; a sentence where gcc or libmodbus is missing. */
export async function startLibmodbus(): Promise<Libmodbus | string> {
  const folder = mkdtempSync(join(tmpdir(), "gridwright-libmodbus-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    for (const name of ["server", "client"])
      await run(
        "gcc",
        ["-O2", "-I/usr/include/modbus", join(SOURCES, `${name}.c`), "-lmodbus", "-o", join(folder, name)],
        { timeout: BUILD_MAX_MS },
      );
  } catch {
    remove();
    return "libmodbus could not be built: apt install gcc libc6-dev libmodbus-dev";
  }
  const server = spawn(join(folder, "server"), { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = (await once(server.stdout, "data")) as [Buffer];
  const port = Number(line.toString());
  return {
    port,
    async ask(forMs) {
      const { stdout } = await run(join(folder, "client"), [`${port}`, `${forMs}`], {
        timeout: forMs + BUILD_MAX_MS,
        maxBuffer: 1e8,
      });
      return stdout
        .trim()
        .split("\n")
        .map((text) => Number(text) / 1_000);
    },
    async close() {
      server.stdin.end();
      await once(server, "exit");
      remove();
    },
  };
}
