// What services keep of the watch over deploys: which version proved itself, which one must not run, and what was taken back.
// One writer; the supervisor reads which one must not run before it starts the flows.
import { readFileSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "@gridwright/contract/log.ts";
import { FlowsFailed } from "@gridwright/contract/request.ts";
import { z } from "zod";
import { readKept } from "../data-folder/read-kept.ts";
import { replaceFile } from "../data-folder/replace-file.ts";

const KeptWatch = z.strictObject({
  /** The last version that proved itself. */
  good: z.int().nullable(),
  /** It must not run: while it is the newest, the flows are started with none running. */
  stopped: z.int().nullable(),
  failed: FlowsFailed.extend({ at: z.number() }).nullable(),
});
export type KeptWatch = z.output<typeof KeptWatch>;

export interface WatchFile {
  readonly begin: KeptWatch;
  save(kept: KeptWatch): Promise<void>;
}

const NAME = "flows-watch.json";
const READABLE = 0o644;
const NEW: KeptWatch = { good: null, stopped: null, failed: null };
const DAMAGED =
  "the file of the watch over the flows is damaged; it was put aside and no version has proved itself";

export function openWatchFile(dataDir: string, log: Log): WatchFile {
  const path = join(dataDir, NAME);
  return {
    begin: readKept(path, KeptWatch, { log, damaged: DAMAGED }) ?? NEW,
    async save(kept) {
      await replaceFile(path, JSON.stringify(kept));
      // The flows may belong to another user, who must read this and can read nothing else here.
      await chmod(path, READABLE);
    },
  };
}

/** The version that must not run, as last saved; null: any may, also where that cannot be read. */
export function stoppedVersion(dataDir: string): number | null {
  try {
    return KeptWatch.parse(JSON.parse(readFileSync(join(dataDir, NAME), "utf8"))).stopped;
  } catch {
    return null;
  }
}
