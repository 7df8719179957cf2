// The schema of device profiles: data files that say how a kind of device speaks, so that a new one needs no code.
// Read by protocols (to plan reads and writes) and, backwards, by the twin (to answer as that device would).
import { z } from "zod";
import {
  example,
  fallback,
  identityCheck,
  POLL_CLASSES,
  pointName,
  register,
  summand,
} from "./profile-register.ts";

export {
  type IdentityCheck,
  POLL_CLASSES,
  POLL_PERIOD_MS,
  type PollClass,
  PROFILE_UNITS,
  REGISTER_TYPES,
  type RegisterPoint,
  type RegisterType,
} from "./profile-register.ts";

/** As in contract/site/assets.ts, which imports nothing of profiles. */
const ASSET_KINDS = [
  "grid",
  "inverter",
  "battery",
  "pv",
  "generator",
  "feeder",
  "meter",
  "load",
  "machine",
  "ev",
] as const;

/** A value of a SunSpec model: `103:W`, in a repeated block `160:1:DCW`; the first model of the list that the device has is used. */
const sunspecPoint = z.strictObject({
  sunspec: z
    .array(
      z.string().regex(/^\d+:(?:[1-9]\d*:)?[A-Za-z0-9_]+$/, { error: "must look like 103:W or 160:1:DCW" }),
    )
    .min(1)
    .describe("model and field, in a repeated block with its place; the first that the device has is read"),
  unit: z.string().default("1"),
  sign: z.union([z.literal(1), z.literal(-1)]).default(1),
  poll: z.enum(POLL_CLASSES).default("normal"),
  write: z
    .strictObject({
      enable: z.string().optional().describe("the field that arms it"),
      revert: z.string().optional().describe("the device's own timer, in seconds"),
      revertTo: z
        .string()
        .optional()
        .describe(
          "the field of the value that acts after that time; only where every model named here has one",
        ),
      fallback: fallback.optional(),
    })
    .optional(),
});

/** A value of an MQTT dialect, named as the dialect names it (protocols/mqtt/*). */
const mqttPoint = z.strictObject({
  field: z
    .string()
    .min(1)
    .describe(
      "for `json`: `<topic below the device's>#<path>`, for example `status#meter.power`; no path: the whole payload",
    ),
  unit: z.string().default("1"),
  sign: z.union([z.literal(1), z.literal(-1)]).default(1),
  write: z.literal(true).optional(),
  lease: z
    .enum(["device", "on-only", "none"])
    .optional()
    .describe(
      "which deviations the device's own timer ends. `on-only`: a leased ON falls back by itself, a leased OFF stays",
    ),
  timer: z
    .string()
    .optional()
    .describe(
      "for `esphome`: the number entity that takes the lease's seconds, for example `number/relay_lease`",
    ),
  command: z
    .strictObject({
      topic: z.string().min(1),
      on: z.string().optional(),
      off: z.string().optional(),
      onFor: z.string().optional(),
      offFor: z.string().optional(),
      set: z.string().optional(),
    })
    .optional()
    .describe(
      "for `json`: what is sent; `{seconds}` stands for the lease's length. A switch takes on and off; without onFor and offFor it counts no lease. A number takes set with `{value}`; without `{seconds}` it counts none",
    ),
});

const common = {
  profile: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/)
    .describe("its name, and that of the file: maker and model"),
  title: z.string().min(1).describe("what people call the device"),
  licence: z.literal("CC0-1.0"),
  source: z.string().min(1).describe("what was read to write this: document and place"),
  notes: z
    .array(z.string().min(1))
    .default([])
    .describe("what a technician must know or set at the device; a sentence each"),
  suits: z
    .enum(ASSET_KINDS)
    .optional()
    .describe("the kind of asset that usually takes its points; for the generated page and for proposals"),
  tried: z
    .union([z.literal("simulated"), z.literal("reported"), z.string().regex(/^hardware .+/)])
    .describe(
      "simulated, reported or hardware and its firmware; simulated: only ever against the twin, so it is not written until a trial write succeeded (writesTried)",
    ),
};

export const ModbusProfile = z.strictObject({
  ...common,
  protocol: z.literal("modbus"),
  link: z
    .strictObject({
      baud: z.int().positive().optional().describe("speed as delivered, where it speaks RTU"),
      parity: z.enum(["none", "even", "odd"]).optional(),
      port: z.int().min(1).max(65_535).optional().describe("TCP port, where the device speaks Modbus TCP"),
      unit: z.int().min(0).max(255).optional().describe("the unit id as delivered"),
      clientsMax: z.int().positive().optional().describe("connections that the device accepts at a time"),
      connectDelayMs: z
        .int()
        .nonnegative()
        .default(0)
        .describe("pause between connecting and the first request"),
      timeoutMs: z.int().positive().default(1_000).describe("longest that it takes to answer"),
      pipeline: z
        .int()
        .min(1)
        .max(16)
        .default(1)
        .describe(
          "requests that the device takes at a time on one TCP connection; most take one. Lines are never pipelined",
        ),
    })
    .prefault({}),
  registersMax: z.int().min(1).max(125).default(125).describe("most registers in one read"),
  identity: z
    .array(identityCheck)
    .default([])
    .describe("all must hold; none: the device cannot be told from others"),
  examples: z
    .array(example)
    .default([])
    .describe(
      "words and their value, made by hand from the manual: the check of types, word order, scale and sign",
    ),
  points: z
    .record(pointName, register)
    .describe("points of the catalogue (docs/points.md) and where they stand"),
  sums: z
    .record(pointName, z.array(summand).min(1))
    .default({})
    .describe(
      "points that the device has no register for: the sum of others (`-name`: less it), all read in one poll class",
    ),
});
export const SunspecProfile = z.strictObject({
  ...common,
  protocol: z.literal("sunspec"),
  manufacturer: z
    .string()
    .min(1)
    .optional()
    .describe("text that the manufacturer field of model 1 begins with"),
  heartbeat: z
    .string()
    .regex(/^\d+:[A-Za-z0-9_]+$/, { error: "must look like 802:CtrlHb" })
    .optional()
    .describe(
      "a counter that says «the controller is there»: raised each second on devices that may be written",
    ),
  points: z.record(pointName, sunspecPoint),
});
export const MQTT_PROTOCOLS = [
  "tasmota",
  "shelly-gen1",
  "shelly-gen2",
  "esphome",
  "zigbee2mqtt",
  "victron-mqtt",
  "moonraker",
  "octoprint",
  "json",
] as const;
export const MqttProfile = z.strictObject({
  ...common,
  protocol: z.enum(MQTT_PROTOCOLS),
  reportMs: z.int().positive().describe("latest expected interval between two reports"),
  presence: z
    .strictObject({ topic: z.string().min(1), online: z.string(), offline: z.string() })
    .optional()
    .describe("for `json`: where the device's last will stands, and its two words"),
  query: z
    .strictObject({ topic: z.string().min(1), payload: z.string() })
    .optional()
    .describe("for `json`: asks the device for its values, each `reportMs`; none: it reports by itself"),
  points: z.record(pointName, mqttPoint),
});
export const BoxProfile = z.strictObject({
  ...common,
  protocol: z.literal("box"),
  points: z
    .record(pointName, z.strictObject({ write: z.literal(true).optional() }))
    .describe("what the boxes of firmware-bridge tell; their protocol says how"),
});
export const Profile = z.discriminatedUnion("protocol", [
  ModbusProfile,
  SunspecProfile,
  MqttProfile,
  BoxProfile,
]);

export type Profile = z.infer<typeof Profile>;
export type ModbusProfile = z.infer<typeof ModbusProfile>;
export type SunspecProfile = z.infer<typeof SunspecProfile>;
export type MqttProfile = z.infer<typeof MqttProfile>;
export type BoxProfile = z.infer<typeof BoxProfile>;
export type SunspecPoint = z.infer<typeof sunspecPoint>;
export type MqttPoint = z.infer<typeof mqttPoint>;
