// A second copy of what people agreed, beside the journal: where the journal is lost or of another site file, control still
// knows it. Control alone writes it, once a change was taken; a write that fails is told and costs nothing else.
import { join } from "node:path";
import { Agreement } from "@gridwright/contract/agreement.ts";
import type { Log } from "@gridwright/contract/log.ts";
import { type Mono, mono } from "@gridwright/contract/units.ts";
import type { Agreed } from "@gridwright/core/agreements/agreed.ts";
import { z } from "zod";
import { readKept } from "../data-folder/read-kept.ts";
import { replaceFile } from "../data-folder/replace-file.ts";

const Kept = z.strictObject({
  version: z.literal(1),
  /** `leftMs`: of an emergency, what was left of it by plant time when this was written. */
  agreements: z.array(Agreement.extend({ leftMs: z.number().nullable() })),
});

export interface AgreementsFile {
  /** What stood there, its times counted from `now`. */
  read(now: Mono): readonly Agreed[];
  /** Writes what changed since the last call. */
  keep(agreements: readonly Agreed[], now: Mono): void;
}

const DAMAGED = "the file of agreements is damaged; it was put aside, and the site file alone counts";

export function openAgreements(dataDir: string, log: Log): AgreementsFile {
  const path = join(dataDir, "agreements.json");
  let kept: readonly Agreed[] | undefined;
  let writing: Promise<void> = Promise.resolve();
  return {
    read: (now) =>
      (readKept(path, Kept, { log, damaged: DAMAGED })?.agreements ?? []).map(({ leftMs, ...one }) => ({
        ...one,
        endsAt: leftMs === null ? null : mono(now + leftMs),
      })),
    keep(agreements, now) {
      const before = kept;
      kept = agreements;
      if (agreements === before || (before === undefined && agreements.length === 0)) return;
      const text = JSON.stringify({
        version: 1,
        agreements: agreements.map(({ endsAt, ...one }) => ({
          ...one,
          leftMs: endsAt === null ? null : Math.max(0, endsAt - now),
        })),
      });
      writing = writing
        .then(() => replaceFile(path, text))
        .catch((error: unknown) => log.error("what people agreed could not be kept", { error }));
    },
  };
}
