// The schema of device profiles: data files that say how a kind of device speaks, so that a new one needs no code.
// Read by protocols (to plan reads and writes) and, backwards, by the twin (to answer as that device would).
import { z } from "zod";
import { parsePointName } from "./points.ts";

/** How often a point is read: fast 200 ms (a site may say otherwise), normal 1 s, slow 10 s, rare 5 min. */
export const POLL_CLASSES = ["fast", "normal", "slow", "rare"] as const;
export type PollClass = (typeof POLL_CLASSES)[number];
export const POLL_PERIOD_MS: Readonly<Record<PollClass, number>> = {
  fast: 200,
  normal: 1_000,
  slow: 10_000,
  rare: 300_000,
};

export const REGISTER_TYPES = [
  "bool",
  "uint16",
  "int16",
  "uint32",
  "int32",
  "uint64",
  "int64",
  "float32",
] as const;
export type RegisterType = (typeof REGISTER_TYPES)[number];

/** Units a profile may use; converted to the point's own unit when read. */
export const PROFILE_UNITS: Readonly<Record<string, number>> = {
  W: 1,
  kW: 1e3,
  VA: 1,
  kVA: 1e3,
  var: 1,
  kvar: 1e3,
  V: 1,
  A: 1,
  Hz: 1,
  Wh: 1,
  kWh: 1e3,
  "1": 1,
  "%": 0.01,
  "°C": 1,
  s: 1,
  l: 1,
};

const pointName = z.string().refine((name) => parsePointName(name) !== undefined, {
  error: "is not in the catalogue of points (docs/points.md)",
});
const address = z.int().min(0).max(65_535);

/** A value that stands in registers. value = raw × scale (+ offset), in `unit`, times `sign`. */
const register = z.strictObject({
  table: z.enum(["coil", "discrete", "input", "holding"]).default("holding"),
  address,
  type: z.enum(REGISTER_TYPES).default("uint16"),
  words: z.enum(["big", "little"]).default("big"),
  scale: z.number().default(1),
  unit: z
    .string()
    .refine((unit) => Object.hasOwn(PROFILE_UNITS, unit), {
      error: `must be one of ${Object.keys(PROFILE_UNITS).join(", ")}`,
    })
    .default("1"),
  /** -1 where the device counts the other way than the catalogue. */
  sign: z.union([z.literal(1), z.literal(-1)]).default(1),
  poll: z.enum(POLL_CLASSES).default("normal"),
  /** Raw values (as unsigned) that mean «no value». */
  sentinels: z.array(z.int().nonnegative()).default([]),
  /** The value is absent while another point of this device has this value. */
  absentWhen: z.strictObject({ point: pointName, equals: z.number() }).optional(),
  /** For a switch: the raw value that means true; any other is false. Default: anything but 0. */
  trueWhen: z.int().optional(),
  /** For a switch: raw values that mean false; any other is true, and `trueWhen` is only what the twin answers. */
  falseWhen: z.array(z.int()).min(1).optional(),
  /** `relay` with repeat 16 gives relay_1 … relay_16, each `stride` addresses further. */
  repeat: z
    .strictObject({ count: z.int().min(1).max(64), stride: z.int().min(1).max(1_000).default(1) })
    .optional(),
  write: z
    .strictObject({
      /** Where to write, when not where it is read. */
      address: address.optional(),
      function: z.union([z.literal(5), z.literal(6), z.literal(15), z.literal(16)]),
      /** The device's own timer for a leased deviation: write the time to this address and it falls back by itself. */
      lease: z
        .discriminatedUnion("kind", [
          /** A relay with two timed commands: energise for N units of time, or de-energise for N. */
          z.strictObject({
            kind: z.literal("flash"),
            onAddress: address,
            offAddress: address,
            unitMs: z.int().positive(),
            unitsMax: z.int().positive(),
          }),
          /** A register that holds the seconds until a written limit ends (SunSpec RvrtTms). */
          z.strictObject({
            kind: z.literal("revert"),
            address,
            secondsMax: z.int().positive(),
            enableAddress: address.optional(),
          }),
        ])
        .optional(),
    })
    .optional(),
});

/** A value of a SunSpec model: `103:W`; the first model of the list that the device has is used. */
const sunspecPoint = z.strictObject({
  sunspec: z.array(z.string().regex(/^\d+:[A-Za-z0-9_]+$/, { error: "must look like 103:W" })).min(1),
  unit: z.string().default("1"),
  sign: z.union([z.literal(1), z.literal(-1)]).default(1),
  poll: z.enum(POLL_CLASSES).default("normal"),
  write: z.strictObject({ enable: z.string().optional(), revert: z.string().optional() }).optional(),
});

/** A value of an MQTT dialect, named as the dialect names it (protocols/mqtt/*). */
const mqttPoint = z.strictObject({
  field: z.string().min(1),
  unit: z.string().default("1"),
  sign: z.union([z.literal(1), z.literal(-1)]).default(1),
  write: z.literal(true).optional(),
});

const common = {
  profile: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  title: z.string().min(1),
  licence: z.literal("CC0-1.0"),
  source: z.string().min(1),
  tried: z.union([z.literal("simulated"), z.literal("reported"), z.string().regex(/^hardware .+/)]),
};

export const ModbusProfile = z.strictObject({
  ...common,
  protocol: z.literal("modbus"),
  link: z
    .strictObject({
      baud: z.int().positive().optional(),
      parity: z.enum(["none", "even", "odd"]).optional(),
      connectDelayMs: z.int().nonnegative().default(0),
      timeoutMs: z.int().positive().default(1_000),
    })
    .prefault({}),
  /** Most registers in one read. */
  registersMax: z.int().min(1).max(125).default(125),
  points: z.record(pointName, register),
  /** Points that the device has no register for: the sum of others, all read in one poll class. */
  sums: z.record(pointName, z.array(pointName).min(2)).default({}),
});
export const SunspecProfile = z.strictObject({
  ...common,
  protocol: z.literal("sunspec"),
  points: z.record(pointName, sunspecPoint),
});
export const MqttProfile = z.strictObject({
  ...common,
  protocol: z.enum(["tasmota", "shelly-gen2"]),
  /** Latest expected interval between two reports. */
  reportMs: z.int().positive(),
  points: z.record(pointName, mqttPoint),
});
export const Profile = z.discriminatedUnion("protocol", [ModbusProfile, SunspecProfile, MqttProfile]);

export type Profile = z.infer<typeof Profile>;
export type ModbusProfile = z.infer<typeof ModbusProfile>;
export type SunspecProfile = z.infer<typeof SunspecProfile>;
export type MqttProfile = z.infer<typeof MqttProfile>;
export type RegisterPoint = z.infer<typeof register>;
export type SunspecPoint = z.infer<typeof sunspecPoint>;
export type MqttPoint = z.infer<typeof mqttPoint>;
