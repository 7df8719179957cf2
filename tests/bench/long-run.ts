// What the long suite has simulated so far: kept between its calls, as long as brain and plant are the same.
import { globSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { filesHash } from "@gridwright/cli/dev/files-hash.ts";
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
  "controller/{contract,core,protocols/{modbus,mqtt,profiles},twin/plant,twin/simulate,twin/sites,twin/scenarios}/**/*.{ts,yaml}";

/** A hash over everything that a simulated day depends on. */
export const brainHash = (): string =>
  filesHash(globSync(SOURCES, { cwd: ROOT }).filter((path) => !path.endsWith(".test.ts")));
