// What an operator asked of a box and control took: its line for a while, or other gains of its converter. Control's part of it
// that is no matter of the brain.
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Request } from "@gridwright/contract/request.ts";
import { millis } from "@gridwright/contract/units.ts";
import type { GainsFile } from "./gains-file.ts";
import type { OpenBoxes } from "./open-boxes.ts";

export interface AskedOfBoxes {
  readonly boxes: Pick<OpenBoxes, "lend" | "takeBack" | "calibrated">;
  readonly gains: GainsFile;
  readonly plant: Clock;
}

export const askedOfBoxes =
  ({ boxes, gains, plant }: AskedOfBoxes) =>
  ({ body, ttlMs }: Request): void => {
    if (body.kind === "box-line") {
      if (body.lend) boxes.lend(body.device, millis(ttlMs), body.why);
      else boxes.takeBack(body.device);
    } else if (body.kind === "box-gains") {
      gains.set(body.device, body.gains, { at: plant.wall(), why: body.why });
      boxes.calibrated(body.device);
    }
  };
