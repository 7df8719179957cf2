// What the site file says of a box with a microcontroller (firmware-bridge): the line it hangs on, what it measures and
// guards. What its channels switch, and what each does without a host, follows from the assets that hang on them.
import { z } from "zod";
import { apparentPower, current, duration, serialPort, share, volts } from "./fields.ts";

export const CHANNEL_NAMES = ["relay_1", "relay_2", "relay_3", "relay_4"] as const;

export const BoxLink = z
  .strictObject({
    kind: z.literal("box"),
    device: serialPort,
    baud: z.int().min(9_600).max(1_000_000).default(115_200).describe("speed of the line"),
  })
  .describe("boxes with microcontrollers: one by USB, or up to 16 on a line of RS485");

const BETA_LEAST = 2_000;
const BETA_MOST = 6_000;

const Measures = z.strictObject({
  voltage: volts("nominal voltage").prefault("230 V"),
  voltsPerCount: volts("what one count of its converter is, as calibration found it").prefault("0.8 V"),
  ampsPerCount: current("what one count of its converter is, as calibration found it").prefault("0.2 A"),
  thermistor: z
    .int()
    .min(BETA_LEAST)
    .max(BETA_MOST)
    .optional()
    .describe("the B value in K of a thermistor of 10 kΩ at 25 °C; none: none is fitted"),
});

const Channel = z.strictObject({
  energised: z
    .enum(["high", "low"])
    .default("high")
    .describe("the level of its pin that energises the coil; many relay boards want low"),
  silence: duration("a host that is silent for so long counts like the end of the lease").optional(),
});

export const BoxSpec = z
  .strictObject({
    duty: z
      .enum(["load", "feeder"])
      .default("load")
      .describe("feeder: it guards what flows through and pulls the shed line; load: it follows that line"),
    measures: Measures.optional().describe("its voltage divider and its clamp; none: it measures nothing"),
    rating: current("feeder: the current that it is made for").optional(),
    ratedPower: apparentPower("feeder: the apparent power that it is made for").optional(),
    overload: share("feeder: from this share of the rating on it sheds after 100 ms").prefault("150 %"),
    overloadFor: duration("feeder: above 110 % for so long it sheds too; none: never").optional(),
    quiet: duration("supply in order for so long before anything closes by itself").prefault("60 s"),
    stagger: duration("between one tier and the next when closing by itself").prefault("15 s"),
    channels: z.partialRecord(z.enum(CHANNEL_NAMES), Channel).default({}),
  })
  .describe("a box of firmware-bridge: what it measures and guards");
export type BoxSpec = z.infer<typeof BoxSpec>;
