// Assets are what people know: the grid connection, the battery, a house, a heater. They stand in a tree and bind
// points of devices to what they mean.
import { z } from "zod";
import { apparentPower, current, duration, energyAmount, pointRef, power, share, slug } from "./fields.ts";
import { batteryFlows, gridFlows, loadFlows } from "./flows.ts";
import { useKeys } from "./machine-use.ts";
import { GridReturn, generatorKeys, voltageTable } from "./sources.ts";
import { tankKeys, vehicleKeys } from "./stores.ts";
import { Tariff } from "./tariff.ts";
import { machineKeys } from "./workshop.ts";

const common = {
  name: z.string().min(1).max(60).describe("what people call it"),
  parent: slug.optional().describe("the asset that feeds it"),
  phases: z
    .array(z.enum(["L1", "L2", "L3"]))
    .min(1)
    .max(3)
    .default(["L1"])
    .describe("the phases it is connected to"),
  measure: slug.optional().describe("the device whose points are this asset's"),
  points: z
    .record(z.string(), pointRef)
    .default({})
    .describe("single points, where they come from another device or under another name"),
  breaker: current("rating per phase of the breaker that protects it").optional(),
};

const switchSpec = z.union([
  pointRef.transform((point) => ({ point, contact: "normally-open" as const })),
  z.strictObject({
    point: pointRef.describe("the relay that switches it"),
    contact: z
      .enum(["normally-open", "normally-closed"])
      .default("normally-open")
      .describe("normally-closed: an energised coil takes the supply away, so a dead relay leaves it on"),
  }),
]);

const consumer = {
  ...common,
  member: slug.optional().describe("whose it is; none: it belongs to all"),
  tier: z.int().min(0).max(4).describe("need: 0 is never shed by comfort or energy rules, 4 goes first"),
  rating: apparentPower("most it takes when running"),
  switch: switchSpec.optional().describe("how it is switched; none: gridwright only watches it"),
  ...loadFlows,
  lifeSupport: z.literal(true).optional().describe("a life hangs on it"),
  onSilence: z
    .enum(["on", "off", "hold", "finish"])
    .optional()
    .describe(
      "what its switch does by itself when no command comes: on for lights and fridges, off for heaters and machines",
    ),
  onPowerUp: z
    .enum(["on", "off", "staggered"])
    .default("staggered")
    .describe("what its switch does when power returns"),
  rearm: z
    .enum(["auto", "local"])
    .default("auto")
    .describe("local: after a shed a person must start it at the machine"),
  minOn: duration("runs at least this long once restored").prefault("0 s"),
  minOff: duration("rests at least this long once off; compressors need 5 min").prefault("0 s"),
  startFactor: z
    .number()
    .min(1)
    .max(10)
    .default(1.25)
    .describe("starting or cold power as a multiple of its rating"),
  lastResort: z
    .int()
    .min(1)
    .max(99)
    .optional()
    .describe("tier 0 only: its place in the declared last-resort order; none: it is never switched off"),
  optOut: z
    .literal(true)
    .optional()
    .describe("its member opted out: comfort and energy rules pass it over, protection does not"),
  duty: share("the part of the time that it takes its rating, until its habits are known").prefault("30 %"),
  feedsController: z.literal(true).optional().describe("what feeds the controller itself: never written"),
};

export const Asset = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("grid"),
    ...common,
    ...gridFlows,
    returns: GridReturn,
    tariff: Tariff.optional(),
  }),
  z.strictObject({
    kind: z.literal("inverter"),
    ...common,
    rating: apparentPower("continuous rating, all phases together"),
    hotRating: apparentPower("what is left of it at the site's worst heat and altitude").optional(),
    overload: z
      .array(
        z.strictObject({
          load: share("load as a share of the rating"),
          for: duration("how long it bears that"),
        }),
      )
      .min(1)
      .prefault([
        { load: "110 %", for: "30 min" },
        { load: "130 %", for: "1 min" },
        { load: "200 %", for: "5 s" },
      ])
      .describe("the inverter's overload curve, from its data sheet"),
    voltage: voltageTable,
    inputLimit: pointRef
      .optional()
      .describe("the point that limits what its AC input takes from grid or generator, per phase, in A"),
    inputMax: current("most that its AC input takes per phase; inputLimit is told no more").optional(),
  }),
  z.strictObject({
    kind: z.literal("battery"),
    ...common,
    capacity: energyAmount("usable energy"),
    socMin: share("charge at which the inverter cuts out").prefault("10 %"),
    restartReserve: share(
      "charge above socMin that is kept for one restart: all but tier 0 goes below it",
    ).prefault("4 %"),
    ...batteryFlows,
  }),
  z.strictObject({
    kind: z.literal("pv"),
    ...common,
    rating: power("rated output"),
    azimuth: z
      .number()
      .min(0)
      .max(360)
      .default(180)
      .describe("direction the array faces, in degrees; 180 is south"),
    tilt: z.number().min(0).max(90).default(30).describe("angle to the ground in degrees"),
    limit: pointRef.optional().describe("the point that limits its output"),
    onSilence: share(
      "what its inverter limits itself to when no command comes; below 100 % it must keep such a value (SunSpec 704)",
    ).optional(),
  }),
  z.strictObject({
    kind: z.literal("generator"),
    ...common,
    rating: apparentPower("rated output"),
    switch: switchSpec.optional(),
    ...generatorKeys,
  }),
  z.strictObject({ kind: z.literal("feeder"), ...common }),
  z.strictObject({ kind: z.literal("meter"), ...common, member: slug.optional() }),
  z.strictObject({
    kind: z.literal("signal"),
    ...common,
    member: slug.optional().describe("whose it is: it shows what this member has to know; none: all"),
    switch: switchSpec.describe("the relay of the lamp, the buzzer or the light"),
    shows: z
      .enum(["warning", "cut", "plenty", "alert"])
      .default("warning")
      .describe(
        "warning: a cut is near; cut: something is off for want of supply; plenty: use it now; alert: an alarm stands (alerts: names it as a channel)",
      ),
    before: duration("a warning is lit so long before a cut").prefault("15 min"),
  }),
  z.strictObject({ kind: z.literal("load"), ...consumer, ...tankKeys }),
  z.strictObject({
    kind: z.literal("machine"),
    ...consumer,
    ...machineKeys,
    ...useKeys,
  }),
  z.strictObject({ kind: z.literal("ev"), ...consumer, ...vehicleKeys }),
]);
export type Asset = z.infer<typeof Asset>;
export type AssetKind = Asset["kind"];
export type AssetOf<K extends AssetKind> = Extract<Asset, { kind: K }>;
/** Assets that consume and may be shed. */
export type Consumer = AssetOf<"load" | "machine" | "ev">;
export const isConsumer = (asset: Asset): asset is Consumer =>
  asset.kind === "load" || asset.kind === "machine" || asset.kind === "ev";
