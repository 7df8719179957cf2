// Starts single processes of gridwright for a measurement, as the supervisor does; keeps what they say.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Started, Startup } from "../../controller/cli/processes/startup.ts";
import { type Child, superviseChild } from "../../controller/cli/supervisor/child.ts";
import { freePort } from "../../controller/cli/supervisor/ports.ts";

export interface BenchProcess {
  readonly child: Child;
  readonly ready: Promise<Started>;
  /** Everything it wrote. */
  readonly lines: readonly string[];
  /** Every time it was up. */
  readonly starts: readonly Started[];
}

export function startProcess(startup: Startup): BenchProcess {
  const lines: string[] = [];
  const starts: Started[] = [];
  const child = superviseChild({
    startup: () => startup,
    onLine: (_, line) => lines.push(line),
    onReady: (_, started) => starts.push(started),
    onEnd: (_, how) => lines.push(`ended: ${how}`),
  });
  return { child, ready: child.ready, lines, starts };
}

/** A folder of its own for `use`, gone afterwards. */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "gridwright-bench-"));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Where the processes of a site live, for one more of them. */
export interface BenchPlace {
  readonly dataDir: string;
  readonly siteFile: string;
  readonly brokerPort: number;
}

/** A broker and the control process on the site that `write` writes into a folder of its own, for `use`; both end with it. */
export const withControl = <T>(
  write: (folder: string, brokerPort: number) => string,
  use: (control: BenchProcess, place: BenchPlace) => Promise<T>,
): Promise<T> =>
  inFolder(async (dataDir) => {
    const brokerPort = await freePort();
    const common = { dataDir, siteFile: write(dataDir, brokerPort) };
    const broker = startProcess({ ...common, process: "broker", port: brokerPort });
    await broker.ready;
    const control = startProcess({ ...common, process: "control", brokerPort });
    try {
      await control.ready;
      return await use(control, { ...common, brokerPort });
    } finally {
      await Promise.all([control.child.stop(), broker.child.stop()]);
    }
  });
