// What the site file says of the sources of a bus: when a returned grid counts, how a generator is started, run and
// spared, and the frequencies and voltages at which load goes. Defaults are the field's usual ones.
import { z } from "zod";
import { duration, frequency, share } from "./fields.ts";

/** When a grid that was away counts again (VDE-AR-N 4105: 47.5 to 51.5 Hz for 60 s). */
export const GridReturn = z
  .strictObject({
    after: duration("it must hold for so long").prefault("60 s"),
    frequencyMin: frequency("lowest frequency").prefault("47.5 Hz"),
    frequencyMax: frequency("highest frequency").prefault("51.5 Hz"),
    voltageMin: share("lowest voltage as a share of 230 V").prefault("90 %"),
  })
  .prefault({})
  .describe("when a public grid that was away counts again");
