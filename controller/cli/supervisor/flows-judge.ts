// How a process of flows is held and judged, a live one and one of a trial alike: what it may read, and when it must end.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
export const FLOWS_PACKAGE = join(ROOT, "flows");
const HEALTH_DEADLINE_MS = 2_000;
const MISSES_MAX = 3;
/** Until it answers for the first time. */
const START_PATIENCE_MS = 90_000;
/** Resident, buffers outside of the heap included. */
const RSS_MB_MAX = 400;

/** What the process may read: programs and packages, and what it wrote itself. No site file, no secret, no journal. */
export const flagsOf = (userDir: string): readonly string[] => [
  "--permission",
  ...["controller", "flows", "node_modules", "package.json"].map(
    (name) => `--allow-fs-read=${join(ROOT, name)}`,
  ),
  `--allow-fs-read=${userDir}`,
  `--allow-fs-write=${userDir}`,
];

function residentMb(pid: number): number {
  try {
    const [, kb = "0"] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kb) / 1_024;
  } catch {
    return 0;
  }
}

async function answers(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/health`, {
      signal: AbortSignal.timeout(HEALTH_DEADLINE_MS),
    });
    return response.ok;
  } catch {
    return false;
  }
}

/** Why it must end; undefined: it does well. */
export function createJudge(port: number) {
  const seen = { pid: 0, since: 0, answered: false, misses: 0 };
  return async (pid: number): Promise<string | undefined> => {
    if (pid !== seen.pid) Object.assign(seen, { pid, since: performance.now(), answered: false, misses: 0 });
    if (residentMb(pid) > RSS_MB_MAX) return `it takes more than ${RSS_MB_MAX} MB`;
    if (await answers(port)) Object.assign(seen, { answered: true, misses: 0 });
    else seen.misses += 1;
    if (seen.answered) return seen.misses >= MISSES_MAX ? "it does not answer" : undefined;
    return performance.now() - seen.since > START_PATIENCE_MS ? "it did not come up" : undefined;
  };
}
