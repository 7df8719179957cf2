// Node-RED as a user would start it by himself: no gate, no fence, its own nodes alone. What our flows are compared with.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { freePort } from "../../../controller/cli/supervisor/ports.ts";
import { inFolder } from "../processes.ts";

const RED = fileURLToPath(new URL("../../../flows/node-red/node_modules/node-red/red.js", import.meta.url));
const LOOK_EVERY_MS = 10;
const UP_MAX_MS = 60_000;
const DEADLINE_MS = 2_000;

export interface BareRed {
  readonly pid: number;
  readonly port: number;
  /** From the fork until its editor answers, ms. */
  readonly startMs: number;
}

const answers = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/flows`, { signal: AbortSignal.timeout(DEADLINE_MS) }).then(
    ({ ok }) => ok,
    () => false,
  );

/** With these flows, for `use`; gone afterwards. */
export const withBareRed = <T>(flows: readonly object[], use: (red: BareRed) => Promise<T>): Promise<T> =>
  inFolder(async (folder) => {
    const port = await freePort();
    writeFileSync(join(folder, "flows.json"), JSON.stringify(flows));
    writeFileSync(
      join(folder, "settings.js"),
      `module.exports = { uiHost: "127.0.0.1", uiPort: ${port}, flowFile: "flows.json", telemetry: { enabled: false } };`,
    );
    const begun = performance.now();
    const child = spawn(process.execPath, [RED, "-u", folder, "-s", join(folder, "settings.js")], {
      stdio: "ignore",
    });
    try {
      while (!(await answers(port))) {
        if (performance.now() - begun > UP_MAX_MS) throw new Error("Node-RED alone did not come up");
        await wait(LOOK_EVERY_MS);
      }
      return await use({ pid: child.pid ?? 0, port, startMs: performance.now() - begun });
    } finally {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    }
  });
