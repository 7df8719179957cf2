// Reads a small file that this program wrote whole: what is damaged is put aside beside it and told, and nothing of it is used.
import { existsSync, readFileSync, renameSync } from "node:fs";
import type { Log } from "@gridwright/contract/log.ts";
import { z } from "zod";

/** Undefined: there is none, or it was damaged, which is told as `damaged` says. Throws the card's own errors. */
export function readKept<T>(
  path: string,
  schema: z.ZodType<T>,
  { log, damaged }: { readonly log: Log; readonly damaged: string },
): T | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return schema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof z.ZodError)) throw error;
    renameSync(path, `${path}.damaged`);
    log.error(damaged, { file: path });
    return undefined;
  }
}
