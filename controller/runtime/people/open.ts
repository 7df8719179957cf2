// Opens accounts and audit of a data folder. One process at a time writes them: the supervisor before services start,
// for the set-up link, and then services.
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { openAudit } from "./audit.ts";
import { openBook } from "./book-file.ts";
import { type Desk, openDesk } from "./people.ts";

export interface DeskPlace {
  readonly dataDir: string;
  readonly model: SiteModel;
  readonly io: Clock;
}

/** Throws `data-folder-unusable` when the accounts are damaged. */
export const openPeople = async ({ dataDir, model, io }: DeskPlace): Promise<Desk> =>
  openDesk({
    kept: await openBook(dataDir),
    audit: await openAudit(join(dataDir, "audit", "audit.jsonl"), io),
    io,
    random: randomBytes,
    members: new Set(Object.keys(model.site.members)),
  });
