// Keeps contested decisions on disk: one file of services, replaced whole and synced before anybody is told. A damaged one is
// put aside and told; who contested and who ruled stands in the audit as well.
import { join } from "node:path";
import { Contest } from "@gridwright/contract/contest.ts";
import type { Log } from "@gridwright/contract/log.ts";
import { z } from "zod";
import { readKept } from "../data-folder/read-kept.ts";
import { replaceFile } from "../data-folder/replace-file.ts";
import type { ContestsParts } from "./contests.ts";

const Kept = z.strictObject({ version: z.literal(1), contests: z.array(Contest) });
const DAMAGED = "the file of contested decisions is damaged; it was put aside";

export function openContestsFile(dataDir: string, log: Log): Omit<ContestsParts, "desk"> {
  const path = join(dataDir, "contests.json");
  return {
    // What the schema let in has the shape of what was saved.
    begin: (readKept(path, Kept, { log, damaged: DAMAGED })?.contests ??
      []) as readonly unknown[] as readonly Contest[],
    save: (contests) => replaceFile(path, JSON.stringify({ version: 1, contests })),
  };
}
