// How a value stands in a Modbus register, as a profile says it: table, address, type, unit, sign, how often it is read
// and how it may be written. Part of the schema of profiles (profile.ts).
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
  mV: 1e-3,
  A: 1,
  mA: 1e-3,
  Hz: 1,
  Wh: 1,
  kWh: 1e3,
  MWh: 1e6,
  "1": 1,
  "%": 0.01,
  "°C": 1,
  "W/m²": 1,
  s: 1,
  l: 1,
  rpm: 1,
};

export const pointName = z.string().refine((name) => parsePointName(name) !== undefined, {
  error: "is not in the catalogue of points (docs/points.md)",
});
/** A point that is added or, with a minus before it, taken away. */
export const summand = z.string().refine((name) => parsePointName(name.replace(/^-/, "")) !== undefined, {
  error: "is not in the catalogue of points (docs/points.md)",
});
const address = z.int().min(0).max(65_535);

/** What a written value becomes when the controller is gone: it stays for good, or the device has a watchdog. */
export const fallback = z.union([
  z.literal("none"),
  z.strictObject({ afterMs: z.int().positive(), to: z.string().min(1) }),
]);

/** A register whose value tells this kind of device from others: a type code, or a value within bounds. */
export const identityCheck = z
  .strictObject({
    table: z.enum(["input", "holding"]).default("holding"),
    address,
    type: z.enum(REGISTER_TYPES).default("uint16"),
    words: z.enum(["big", "little"]).default("big"),
    equals: z.number().optional(),
    between: z.tuple([z.number(), z.number()]).optional(),
  })
  .refine(({ equals, between }) => (equals === undefined) !== (between === undefined), {
    error: "needs either equals or between",
  });

/** Registers as the stated type and scale give them, made by hand: the codec must give this value. */
export const example = z.strictObject({
  point: z.string().min(1),
  words: z
    .array(z.string().regex(/^[0-9a-f]{4}$/, { error: "must be four hexadecimal digits in quotes" }))
    .min(1)
    .max(4),
  value: z.union([z.number(), z.boolean()]),
});

/** A value that stands in registers: raw × scale × sign, in `unit`. */
export const register = z.strictObject({
  table: z
    .enum(["coil", "discrete", "input", "holding"])
    .default("holding")
    .describe("coil: function 1; discrete: 2; holding: 3; input: 4"),
  address: address.describe(
    "as on the wire, from 0: manuals that call the first register 40001 count one more",
  ),
  type: z.enum(REGISTER_TYPES).default("uint16").describe("32 bits take two registers, 64 bits four"),
  words: z
    .enum(["big", "little"])
    .default("big")
    .describe("of several registers the high word first (big) or the low one (little)"),
  scale: z.number().default(1).describe("what one count of the register is, in `unit`"),
  unit: z
    .string()
    .refine((unit) => Object.hasOwn(PROFILE_UNITS, unit), {
      error: `must be one of ${Object.keys(PROFILE_UNITS).join(", ")}`,
    })
    .default("1")
    .describe("of `raw × scale`; it is converted to the point's own unit"),
  sign: z
    .union([z.literal(1), z.literal(-1)])
    .default(1)
    .describe("-1 where the device counts the other way than the catalogue"),
  poll: z
    .enum(POLL_CLASSES)
    .default("normal")
    .describe("how often: fast 200 ms, normal 1 s, slow 10 s, rare 5 min"),
  sync: z
    .string()
    .min(1)
    .optional()
    .describe("points with the same name here change together: they are read in one request"),
  range: z
    .tuple([z.number(), z.number()])
    .optional()
    .describe(
      "values outside are the device's mistake or its way of saying «no value»; in the point's own unit and sign",
    ),
  sentinels: z
    .array(z.int().nonnegative())
    .default([])
    .describe("raw values (as unsigned) that mean «no value»"),
  sentinelValue: z
    .number()
    .optional()
    .describe(
      "what «no value» counts as where it has a meaning: 0 W of a string at night; in the point's own unit",
    ),
  absentWhen: z
    .strictObject({ point: pointName, equals: z.number() })
    .optional()
    .describe("the value is absent while another point of this device has this value"),
  mask: z
    .int()
    .min(1)
    .max(0xffff)
    .optional()
    .describe("bits of a 16-bit register that count; points may share a register by different bits"),
  trueWhen: z
    .int()
    .optional()
    .describe("for a switch: the raw value that means true; any other is false. Default: anything but 0"),
  above: z
    .number()
    .optional()
    .describe(
      "for a switch: true while the number that stands here, in `unit`, is above this. Another point reads that number",
    ),
  falseWhen: z
    .array(z.int())
    .min(1)
    .optional()
    .describe(
      "for a switch: raw values that mean false; any other is true, and `trueWhen` is only what the twin answers",
    ),
  repeat: z
    .strictObject({ count: z.int().min(1).max(64), stride: z.int().min(1).max(1_000).default(1) })
    .optional()
    .describe("`relay` with repeat 16 gives relay_1 … relay_16, each `stride` addresses further"),
  write: z
    .strictObject({
      address: address.optional().describe("where to write, when not where it is read"),
      function: z
        .union([z.literal(5), z.literal(6), z.literal(15), z.literal(16)])
        .describe("Modbus function: 5 or 15 for coils, 6 or 16 for registers"),
      limits: z
        .tuple([z.number(), z.number()])
        .optional()
        .describe("least and most that may be written, in the point's own unit"),
      fallback: fallback
        .optional()
        .describe(
          "what the device does by itself when nobody writes again; a `lease` says it better where the device has one",
        ),
      rewriteMs: z
        .int()
        .positive()
        .optional()
        .describe("written again after this long while a command holds"),
      perDayMax: z
        .int()
        .positive()
        .optional()
        .describe("the register is kept in flash, which wears: most writes in a day"),
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
        .optional()
        .describe(
          "the device's own timer for a leased deviation: write the time to this address and it falls back by itself",
        ),
    })
    .optional()
    .describe("how it is written; none: it is only read"),
});

export type IdentityCheck = z.infer<typeof identityCheck>;
export type RegisterPoint = z.infer<typeof register>;
