// What the site file says of the sources of a bus: when a returned grid counts, how a generator is started, run and
// spared, and the frequencies and voltages at which load goes. Defaults are the field's usual ones.
import { z } from "zod";
import { duration, energyAmount, frequency, share } from "./fields.ts";

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

export const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: "write a time of day as HH:MM, for example 22:30" });

/** A row of a table: below `below` for longer than `for`, that share of the load goes, and again each time after that. */
const stage = <B>(below: z.ZodType<B>) =>
  z.strictObject({
    below,
    for: duration("longest time it may last"),
    shed: share("part of the load that goes each time").prefault("25 %"),
  });

/** What a sag of a source's frequency sheds; a load step may dip by 10 % for 5 s (ISO 8528-5, class G2). */
export const frequencyTable = z
  .array(stage(frequency("lowest frequency")))
  .prefault([
    { below: "47 Hz", for: "5 s" },
    { below: "45 Hz", for: "500 ms", shed: "50 %" },
  ])
  .describe("load goes when its frequency stays below a row's for longer than that; []: never");
export const voltageTable = z
  .array(stage(share("lowest voltage as a share of 230 V")))
  .prefault([
    { below: "85 %", for: "2 s" },
    { below: "70 %", for: "300 ms", shed: "50 %" },
  ])
  .describe("load goes when its voltage stays below a row's for longer than that; []: never");

/** How a generating set is started, run and spared. */
export const generatorKeys = {
  minRun: duration("runs at least this long").prefault("10 min"),
  minStop: duration("stands at least this long").prefault("5 min"),
  startTime: duration("a set that does not run so long after its contact closed has not started").prefault(
    "45 s",
  ),
  cranks: z.int().min(1).max(10).default(3).describe("tries of one start; then somebody must look"),
  crankPause: duration("its contact stays open between two tries").prefault("15 s"),
  retryAfter: duration(
    "after the last try it is tried again only after this, or when a person asks",
  ).prefault("1 h"),
  warmUp: duration("runs without being counted on").prefault("1 min"),
  coolDown: duration("runs on after nobody wants it any more, but not on a fault").prefault("2 min"),
  quiet: z
    .strictObject({ from: timeOfDay, to: timeOfDay })
    .optional()
    .describe("it does not start in these hours but for a person or for what is needed most (tiers 0 and 1)"),
  loadStart: z
    .strictObject({
      above: share("load of the inverters as a share of their rating"),
      for: duration("for so long"),
      below: share("it may stop when the load was below this for so long"),
    })
    .optional()
    .describe("it also starts for much load"),
  testRun: z
    .strictObject({
      every: duration("after so long without a run").prefault("30 d"),
      at: timeOfDay.describe("local time of day"),
      for: duration("runs for so long").prefault("15 min"),
      onGrid: z
        .boolean()
        .default(false)
        .describe(
          "also while the grid carries the bus: only where transfer is interlocked or the inverter's",
        ),
    })
    .optional()
    .describe("a set that never runs does not start when it must"),
  onMeterLoss: z
    .enum(["keep", "stop", "start"])
    .default("keep")
    .describe("when its own meter or feedback falls silent: a running set runs on, stops, or it is started"),
  loadMax: share(
    "most of its rating that an inverter's inputLimit lets it give lastingly; the battery gives the rest",
  ).prefault("80 %"),
  fuelLow: share("fuel below this is told").prefault("25 %"),
  tank: energyAmount(
    "what a full tank gives; together with its level it counts for tiers 0 and 1 in an outage. none: fuel counts for nothing",
  ).optional(),
  serviceEvery: duration("running time between two services; it is told when that is over").optional(),
  frequency: frequencyTable,
  voltage: voltageTable,
};
