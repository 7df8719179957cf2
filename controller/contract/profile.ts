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
    .min(1),
  unit: z.string().default("1"),
  sign: z.union([z.literal(1), z.literal(-1)]).default(1),
  poll: z.enum(POLL_CLASSES).default("normal"),
  write: z
    .strictObject({
      enable: z.string().optional(),
      revert: z.string().optional(),
      fallback: fallback.optional(),
    })
    .optional(),
});

/** A value of an MQTT dialect, named as the dialect names it (protocols/mqtt/*). */
const mqttPoint = z.strictObject({
  /** For `json`: `<topic below the device's>#<path>`, for example `status#meter.power`; no path: the whole payload. */
  field: z.string().min(1),
  unit: z.string().default("1"),
  sign: z.union([z.literal(1), z.literal(-1)]).default(1),
  write: z.literal(true).optional(),
  /** Which deviations the device's own timer ends. `on-only`: a leased ON falls back by itself, a leased OFF stays. */
  lease: z.enum(["device", "on-only", "none"]).optional(),
  /** For `esphome`: the number entity that takes the lease's seconds, for example `number/relay_lease`. */
  timer: z.string().optional(),
  /** For `json`: what is sent; `{seconds}` stands for the lease's length. Without onFor and offFor no lease is counted. */
  command: z
    .strictObject({
      topic: z.string().min(1),
      on: z.string(),
      off: z.string(),
      onFor: z.string().optional(),
      offFor: z.string().optional(),
    })
    .optional(),
});

const common = {
  profile: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  title: z.string().min(1),
  licence: z.literal("CC0-1.0"),
  /** What was read to write this: document and place. */
  source: z.string().min(1),
  /** What a technician must know or set at the device; a sentence each. */
  notes: z.array(z.string().min(1)).default([]),
  /** The kind of asset that usually takes its points; for the generated page and for proposals. */
  suits: z.enum(ASSET_KINDS).optional(),
  /** `simulated`: only ever against the twin, so it is not written until a trial write succeeded (writesTried). */
  tried: z.union([z.literal("simulated"), z.literal("reported"), z.string().regex(/^hardware .+/)]),
};

export const ModbusProfile = z.strictObject({
  ...common,
  protocol: z.literal("modbus"),
  link: z
    .strictObject({
      baud: z.int().positive().optional(),
      parity: z.enum(["none", "even", "odd"]).optional(),
      /** TCP port, where the device speaks Modbus TCP. */
      port: z.int().min(1).max(65_535).optional(),
      /** The unit id as delivered. */
      unit: z.int().min(0).max(255).optional(),
      /** Connections that the device accepts at a time. */
      clientsMax: z.int().positive().optional(),
      connectDelayMs: z.int().nonnegative().default(0),
      timeoutMs: z.int().positive().default(1_000),
      /** Requests that the device takes at a time on one TCP connection; most take one. Lines are never pipelined. */
      pipeline: z.int().min(1).max(16).default(1),
    })
    .prefault({}),
  /** Most registers in one read. */
  registersMax: z.int().min(1).max(125).default(125),
  /** All must hold; none: the device cannot be told from others. */
  identity: z.array(identityCheck).default([]),
  examples: z.array(example).default([]),
  points: z.record(pointName, register),
  /** Points that the device has no register for: the sum of others (`-name`: less it), all read in one poll class. */
  sums: z.record(pointName, z.array(summand).min(1)).default({}),
});
export const SunspecProfile = z.strictObject({
  ...common,
  protocol: z.literal("sunspec"),
  /** Text that the manufacturer field of model 1 begins with. */
  manufacturer: z.string().min(1).optional(),
  /** A counter that says «the controller is there»: raised each second on devices that may be written. */
  heartbeat: z
    .string()
    .regex(/^\d+:[A-Za-z0-9_]+$/, { error: "must look like 802:CtrlHb" })
    .optional(),
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
  /** Latest expected interval between two reports. */
  reportMs: z.int().positive(),
  /** For `json`: where the device's last will stands, and its two words. */
  presence: z.strictObject({ topic: z.string().min(1), online: z.string(), offline: z.string() }).optional(),
  /** For `json`: asks the device for its values, each `reportMs`; none: it reports by itself. */
  query: z.strictObject({ topic: z.string().min(1), payload: z.string() }).optional(),
  points: z.record(pointName, mqttPoint),
});
export const Profile = z.discriminatedUnion("protocol", [ModbusProfile, SunspecProfile, MqttProfile]);

export type Profile = z.infer<typeof Profile>;
export type ModbusProfile = z.infer<typeof ModbusProfile>;
export type SunspecProfile = z.infer<typeof SunspecProfile>;
export type MqttProfile = z.infer<typeof MqttProfile>;
export type SunspecPoint = z.infer<typeof sunspecPoint>;
export type MqttPoint = z.infer<typeof mqttPoint>;
