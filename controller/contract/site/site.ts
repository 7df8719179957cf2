// site.yaml: the installation, written by hand. One schema validates, defaults, types and documents it.
import { z } from "zod";
import { AlertsSpec } from "./alerts-spec.ts";
import { Asset } from "./assets.ts";
import { BoxLink, BoxSpec } from "./box-spec.ts";
import { BrokerSpec } from "./broker-spec.ts";
import { Community } from "./community.ts";
import { Envelope, Fairness, Member } from "./fairness.ts";
import { duration, serialPort, share, slug, threshold } from "./fields.ts";
import { ForecastSpec } from "./forecast-spec.ts";
import { JournalSpec } from "./journal-spec.ts";
import { LedgerSpec } from "./ledger-spec.ts";
import { MetricsSpec } from "./metrics-spec.ts";
import { Outage } from "./outage.ts";
import { Outward } from "./outward.ts";

const port = z.int().min(1).max(65_535);

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

export const Link = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("modbus-tcp"),
    host: z.string().min(1),
    port: port.default(502),
    timeout: duration("longest wait for an answer").prefault("1 s"),
  }),
  z.strictObject({
    kind: z.literal("modbus-rtu-tcp"),
    host: z.string().min(1),
    port,
    baud: z.int().min(1_200).max(1_000_000).default(9_600).describe("speed of the line behind the gateway"),
    timeout: duration("longest wait for an answer").prefault("1 s"),
  }),
  z.strictObject({
    kind: z.literal("modbus-rtu"),
    device: serialPort,
    baud: z.int().min(1_200).max(1_000_000).default(9_600).describe("speed of the line"),
    parity: z.enum(["none", "even", "odd"]).default("none"),
    stopBits: z.union([z.literal(1), z.literal(2)]).default(1),
    timeout: duration("longest wait for an answer").prefault("1 s"),
  }),
  BoxLink,
  z.strictObject({ kind: z.literal("mqtt") }).describe("the site's own broker"),
]);

export const DeviceSpec = z.strictObject({
  link: slug.describe("the link it hangs on"),
  profile: slug.describe("how it speaks: a device profile"),
  unit: z.int().min(0).max(255).default(1).describe("Modbus unit id; of a box: its address"),
  topic: z
    .string()
    .max(128)
    .regex(
      /^(?!(?:gridwright|homeassistant|cmnd|stat|tele|shellies|[NRW])(?:\/|$))[A-Za-z0-9_-]+(?:\/[A-Za-z0-9_-]+)*$/,
      {
        error:
          "must be the device's own part of its topics, for example house-4-heater; what its dialect puts before it (cmnd, stat, tele, shellies, N, R, W) is left out, and gridwright and homeassistant belong to others",
      },
    )
    .optional()
    .describe("MQTT: the device's own topic"),
  plain: z
    .literal(true)
    .optional()
    .describe(
      "MQTT: it cannot do TLS, so where the broker is open to its network it is let in without; whoever listens there reads its password",
    ),
  writesTried: z
    .literal(true)
    .optional()
    .describe("a trial write on this very device succeeded (gridwright write); until then it is only read"),
  fast: duration("period of its fast points").prefault("200 ms"),
  box: BoxSpec.optional(),
  reversed: z
    .literal(true)
    .optional()
    .describe(
      "it is mounted the wrong way round: what it says flows in flows out, and its two counters change places",
    ),
});

const shedStep = z.strictObject({
  name: z.string().min(1),
  shed: z
    .int()
    .min(0)
    .max(4)
    .describe(
      "loads of this tier and later are shed; while a grid carries the site, by charge only as far as the battery would have to give, and what the grid carries beside charging it goes round in turns",
    ),
  below: threshold("begins below"),
  restore: threshold(
    "ends above; by hours, where these also suffice with what its loads took when they went",
  ),
});
const startStep = z.strictObject({
  name: z.string().min(1),
  start: slug.describe("the generator to start"),
  below: threshold("begins below; by hours, once the battery has room"),
  restore: threshold("ends above; by hours, also when the battery is full"),
});

const pauseStep = z.strictObject({
  name: z.string().min(1),
  pause: z.literal("charging").describe("vehicles are not charged while a generator runs"),
  below: threshold("begins below"),
  restore: threshold("ends above"),
});
export const Control = z.strictObject({
  tick: duration("longest time between two decisions").prefault("1 s"),
  startHold: duration("after a restart nothing is switched for this long but by a protection rule").prefault(
    "30 s",
  ),
  maxAge: duration("older readings are stale").prefault("5 s"),
  shedAtBudget: share("shed when this share of the overload time is used").prefault("50 %"),
  instantOverload: share("shed at once from this load on").prefault("150 %"),
  restoreInterval: duration("between two loads coming back").prefault("15 s"),
  restoreMargin: z
    .number()
    .min(1)
    .max(5)
    .default(1.25)
    .describe("free power needed to bring a load back, as a multiple of its cold power"),
  lease: duration("a command expires after this unless renewed").prefault("5 min"),
  overrideFor: duration("how long a change by hand at the device is respected").prefault("30 min"),
  switchingsPerHour: z
    .int()
    .min(1)
    .max(60)
    .default(4)
    .describe("most closings of one relay in an hour by comfort and energy rules"),
  firmPv: share("the part of the present sun that a cloud leaves").prefault("35 %"),
});

export const Site = z.strictObject({
  gridwright: z.literal(1).describe("version of this format"),
  site: z.strictObject({
    id: slug.describe("short id of the site; part of its MQTT topics"),
    name: z.string().min(1).max(60).describe("what people call it"),
    timezone: z
      .string()
      .refine(isTimezone, { error: "is no time zone; write an IANA name, for example Europe/Madrid" })
      .default("UTC")
      .describe("IANA name, for example Europe/Madrid"),
    latitude: z.number().min(-90).max(90).optional(),
    longitude: z.number().min(-180).max(180).optional(),
    simulated: z
      .literal(true)
      .optional()
      .describe("every device is the twin's: profiles that were never tried on hardware are written too"),
  }),
  links: z.record(slug, Link),
  devices: z.record(slug, DeviceSpec),
  members: z.record(slug, Member).default({}),
  assets: z.record(slug, Asset),
  ladder: z
    .array(z.union([shedStep, pauseStep, startStep]))
    .default([])
    .describe("what happens as the battery empties, first step first"),
  outage: Outage.prefault({}).describe(
    "what must be sure before less needed loads are served without a grid",
  ),
  control: Control.prefault({}),
  fairness: Fairness.prefault({}),
  envelope: Envelope.prefault({}),
  community: Community.prefault({}),
  ledger: LedgerSpec.optional().describe("how energy is accounted for; none: there is no ledger"),
  alerts: AlertsSpec.prefault({}),
  forecast: ForecastSpec.prefault({}),
  broker: BrokerSpec.prefault({}),
  journal: JournalSpec.prefault({}),
  metrics: MetricsSpec.prefault({}),
  outward: Outward.prefault({}),
});
export type Site = z.infer<typeof Site>;
export type Link = z.infer<typeof Link>;
export type DeviceSpec = z.infer<typeof DeviceSpec>;
export type Control = z.infer<typeof Control>;
export type LadderStep = Site["ladder"][number];
