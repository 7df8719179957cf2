// What the long suite has simulated so far: kept between its calls, as long as brain and plant are the same.
import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { WorkResult } from "@gridwright/cli/simulate/worker.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
export const LONG_RUN = join(ROOT, ".cache/simulated-days.json");

export interface LongRun {
  /** The sources that it ran on. */
  readonly of: string;
  /** Real time that all days took together, on all cores. */
  readonly seconds: number;
  /** By seed, from 1 on. */
  readonly results: readonly WorkResult[];
}

const SOURCES =
  "controller/{contract,core,protocols/modbus,twin/plant,twin/simulate,twin/sites,twin/scenarios}/**/*.{ts,yaml}";

/** A hash over files of the repository: what was kept of a long run holds while they are the same. */
export function filesHash(files: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of files.toSorted()) hash.update(path).update(readFileSync(join(ROOT, path)));
  return hash.digest("hex").slice(0, 16);
}

/** A hash over everything that a simulated day depends on. */
export const brainHash = (): string =>
  filesHash(globSync(SOURCES, { cwd: ROOT }).filter((path) => !path.endsWith(".test.ts")));
