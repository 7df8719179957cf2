// What is remembered of the backups of a data folder, in `backups.json`: the newest that succeeded, and a later try that did not.
import { join } from "node:path";
import { z } from "zod";

export const KeptBackups = z.looseObject({
  /** The newest that succeeded, ms since 1970. */
  last: z
    .looseObject({
      ...{ at: z.number(), place: z.string(), size: z.number() },
      /** On the medium that the data lies on, and lost with it. */
      withData: z.boolean().optional(),
    })
    .optional(),
  /** The newest that lies elsewhere than the data. */
  apart: z.looseObject({ at: z.number(), place: z.string() }).optional(),
  /** A try after it that did not. */
  failed: z.looseObject({ at: z.number(), why: z.string() }).optional(),
});
export type KeptBackups = z.output<typeof KeptBackups>;

export const backupsFile = (dataDir: string): string => join(dataDir, "backups.json");

/** By the file's text; nothing where that makes no sense. */
export function keptBackupsIn(text: string): KeptBackups {
  try {
    return text === "" ? {} : KeptBackups.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return {};
    throw error;
  }
}
