// Keeps proposals on disk: one file of services, replaced whole and synced before anybody is told. A damaged one is put aside
// and told: what control took still holds, for control keeps it itself.
import { join } from "node:path";
import type { Log } from "@gridwright/contract/log.ts";
import { readKept } from "../data-folder/read-kept.ts";
import { replaceFile } from "../data-folder/replace-file.ts";
import type { KeptProposals } from "./community.ts";
import { NO_PROPOSALS, Proposals } from "./proposals.ts";

const DAMAGED = "the file of proposals is damaged; it was put aside";

export function openProposals(dataDir: string, log: Log): KeptProposals {
  const path = join(dataDir, "community.json");
  const begin = readKept(path, Proposals, { log, damaged: DAMAGED }) ?? NO_PROPOSALS;
  return { begin, save: (proposals) => replaceFile(path, JSON.stringify(proposals)) };
}
