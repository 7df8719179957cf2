// Keeps proposals on disk: one file of services, replaced whole and synced before anybody is told. A damaged one is put aside
// and told: what control took still holds, for control keeps it itself.
import { existsSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import type { Log } from "@gridwright/contract/log.ts";
import { z } from "zod";
import { replaceFile } from "../data-folder/replace-file.ts";
import type { KeptProposals } from "./community.ts";
import { NO_PROPOSALS, Proposals } from "./proposals.ts";

function read(path: string, log: Log): Proposals {
  if (!existsSync(path)) return NO_PROPOSALS;
  try {
    return Proposals.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof z.ZodError)) throw error;
    renameSync(path, `${path}.damaged`);
    log.error("the file of proposals is damaged; it was put aside", { file: path });
    return NO_PROPOSALS;
  }
}

export function openProposals(dataDir: string, log: Log): KeptProposals {
  const path = join(dataDir, "community.json");
  return { begin: read(path, log), save: (proposals) => replaceFile(path, JSON.stringify(proposals)) };
}
