// What one count of each box's converter is, as it was calibrated here: kept in the data folder, told to the box at each hello. A
// box keeps it too, but hears the site file's figures again from any host that does not know better. Control alone writes it.
import { join } from "node:path";
import type { Log } from "@gridwright/contract/log.ts";
import { BoxGains } from "@gridwright/contract/request.ts";
import type { Epoch } from "@gridwright/contract/units.ts";
import { z } from "zod";
import { readKept } from "../data-folder/read-kept.ts";
import { replaceFile } from "../data-folder/replace-file.ts";

const Calibration = z.strictObject({ gains: BoxGains.nullable(), at: z.number(), why: z.string() });
const Kept = z.strictObject({ version: z.literal(1), boxes: z.record(z.string(), z.array(Calibration)) });

/** One calibration of a box; `gains` null: it was given back to the site file. */
export type GainsSet = z.output<typeof Calibration>;

/** Of each box; the way back is not endless. */
const SETS_MOST = 20;
const DAMAGED = "the file of calibrations is damaged; it was put aside, and the site file's figures count";

export interface GainsFile {
  of(device: string): BoxGains | undefined;
  set(device: string, gains: BoxGains | null, told: { readonly at: Epoch; readonly why: string }): void;
}

const fileIn = (dataDir: string): string => join(dataDir, "box-gains.json");

/** All calibrations of a box, the newest last. */
export const gainsHistory = (dataDir: string, device: string, log: Log): readonly GainsSet[] =>
  readKept(fileIn(dataDir), Kept, { log, damaged: DAMAGED })?.boxes[device] ?? [];

export function openGains(dataDir: string, log: Log): GainsFile {
  const path = fileIn(dataDir);
  const boxes = new Map(Object.entries(readKept(path, Kept, { log, damaged: DAMAGED })?.boxes ?? {}));
  let writing: Promise<void> = Promise.resolve();
  return {
    of: (device) => boxes.get(device)?.at(-1)?.gains ?? undefined,
    set(device, gains, { at, why }) {
      boxes.set(device, [...(boxes.get(device) ?? []), { gains, at, why }].slice(-SETS_MOST));
      const text = JSON.stringify({ version: 1, boxes: Object.fromEntries(boxes) });
      writing = writing
        .then(() => replaceFile(path, text))
        .catch((error: unknown) => log.error("what was calibrated could not be kept", { error }));
    },
  };
}
