// Where a journal lies and which site file it belongs to, found from the folder that a person names: a data folder, the
// demo's inside it, or a journal folder itself. Works while a controller runs and when none does; takes no lock.
import { existsSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { segmentOf } from "@gridwright/runtime/journal/format.ts";
import { refuseClosed } from "../denied.ts";
import { loadSite } from "../load-site.ts";
import { readRun } from "../supervisor/run-file.ts";

export interface JournalPlace {
  readonly journalDir: string;
  /** As the last start on this data folder noted it. */
  readonly siteFile?: string;
}

const holdsSegments = (folder: string): boolean =>
  existsSync(folder) && readdirSync(folder).some((name) => segmentOf(name) !== undefined);

/** Throws `usage` when there is no journal in `folder`, in its `journal` or in its demo's. */
export function journalPlace(folder: string): JournalPlace {
  const path = resolve(folder);
  refuseClosed(path);
  for (const journalDir of [path, join(path, "journal"), join(path, "demo", "journal")]) {
    if (!holdsSegments(journalDir)) continue;
    const siteFile = readRun(dirname(journalDir))?.siteFile;
    return { journalDir, ...(siteFile !== undefined && { siteFile }) };
  }
  throw new GridwrightError(
    "usage",
    existsSync(path)
      ? `${path} holds no journal. Name the data folder of a site (run writes to ./data, the demo to ./data/demo).`
      : `There is no folder ${path}. Name the data folder of a site.`,
  );
}

/** The site of a journal. Throws `usage` when nobody says which, and as loadSite does. */
export function siteOfJournal({ siteFile, journalDir }: JournalPlace, config?: string): SiteModel {
  const file = config ?? siteFile;
  if (file === undefined)
    throw new GridwrightError(
      "usage",
      `Nothing beside ${journalDir} says which site it belongs to. Name its site file: --config site.yaml`,
    );
  return loadSite(file).model;
}
