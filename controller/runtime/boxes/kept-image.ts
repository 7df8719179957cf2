// What a box ran before an update, and that one is under way: in the data folder, synced before the first byte is written, so that
// the next call knows it after a power cut of this machine.
import { existsSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "@gridwright/contract/log.ts";
import type { Keep } from "@gridwright/firmware-bridge/src/update/course.ts";
import { z } from "zod";
import { giveTo } from "../data-folder/give-to.ts";
import { makeFolder, syncPath } from "../data-folder/made-folder.ts";
import { readKept } from "../data-folder/read-kept.ts";
import { replaceFile } from "../data-folder/replace-file.ts";

const UnderwayFile = z.strictObject({ from: z.int().nullable(), to: z.int() });
const DAMAGED = "the note on an update of a box was damaged; it was put aside";

export function keptImage(dataDir: string, device: string, log: Log): Keep {
  const folder = join(dataDir, "boxes");
  const note = join(folder, `${device}-update.json`);
  const image = join(folder, `${device}-before.bin`);
  return {
    underway: () => readKept(note, UnderwayFile, { log, damaged: DAMAGED }),
    before: () => (existsSync(image) ? readFileSync(image) : undefined),
    async begin(underway, before) {
      await makeFolder(folder);
      await replaceFile(image, before);
      await replaceFile(note, JSON.stringify(underway));
      await giveTo(dataDir, [folder, image, note]);
    },
    async end() {
      await rm(note, { force: true });
      if (existsSync(folder)) await syncPath(folder);
    },
  };
}
