// What /api/v1 answers, as schemas: the description in docs/openapi.json. They have the shapes of api.ts and what it
// uses, and tests hold real answers against them; nothing is checked with them while the controller runs.
import { z } from "zod";
import { GRID_MODES } from "./messages.ts";

const time = z.number().describe("ms since 1970 UTC, plant time");
const record = <S extends z.ZodType>(value: S) => z.record(z.string(), value);

export const Reason = z
  .strictObject({ code: z.string(), params: record(z.union([z.number(), z.string()])) })
  .meta({ id: "Reason", description: "A sentence of docs/reasons.md and its parameters." });

const Setting = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("switch"), on: z.boolean() }),
    z.strictObject({ kind: z.literal("limit"), share: z.number() }),
    z.strictObject({ kind: z.literal("setpoint"), share: z.number() }),
  ])
  .meta({ id: "Setting" });

export const Decision = z
  .strictObject({
    id: z.string(),
    asset: z.string(),
    set: Setting,
    rule: z.string(),
    reason: Reason,
    until: Reason,
    inputs: z.array(
      z.strictObject({
        point: z.string(),
        value: z.union([z.number(), z.boolean(), z.null()]),
        unit: z.string(),
        ageMs: z.number(),
        quality: z.enum(["fresh", "stale", "bad", "absent"]),
      }),
    ),
    considered: z.array(z.strictObject({ rule: z.string(), set: Setting, reason: Reason })),
    skipped: z.array(z.strictObject({ asset: z.string(), reason: Reason })).optional(),
    at: time,
  })
  .meta({ id: "Decision" });
export const DecisionsAnswer = z.array(Decision);

const Alarm = z
  .strictObject({
    id: z.string(),
    severity: z.enum(["info", "warning", "critical"]),
    reason: Reason,
    raisedAt: time,
    clearedAt: time.optional(),
    acknowledgedAt: time.optional(),
    acknowledged: z.boolean(),
  })
  .meta({ id: "Alarm" });
export const AlarmsAnswer = z.strictObject({ open: z.array(Alarm), cleared: z.array(Alarm) });

const Device = z
  .strictObject({
    quality: z.enum(["ok", "late", "lost", "never"]),
    ageMs: z.number().nullable(),
    errors: z.number(),
    lastError: z.string().optional(),
    breaker: z.enum(["open", "half-open"]).optional(),
    spentWrites: z.array(z.string()).optional(),
    at: time.nullable(),
  })
  .meta({ id: "Device" });
export const DevicesAnswer = record(Device);

const Asset = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    kind: z.string(),
    parent: z.string().optional(),
    member: z.string().optional(),
    tier: z.number().optional().describe("need: 0 is never shed, 4 goes first"),
    phases: z.array(z.string()),
    rating: z.number().optional().describe("W of a solar array, VA of anything else"),
    switched: z.boolean(),
    control: z
      .enum(["switch", "limit", "setpoint"])
      .optional()
      .describe("how gridwright acts on it: on and off, less, or what a battery gives"),
    points: z.array(z.string()),
  })
  .meta({ id: "Asset" });

export const SiteAnswer = z.strictObject({
  id: z.string(),
  name: z.string(),
  timezone: z.string(),
  members: record(z.looseObject({ name: z.string() })),
  assets: z.array(Asset),
  ladder: z.array(
    z.strictObject({
      name: z.string(),
      shed: z.number().optional(),
      start: z.string().optional(),
      pause: z.literal("charging").optional(),
      by: z.enum(["soc", "voltage", "hours"]),
      below: z.number(),
      restore: z.number(),
    }),
  ),
  devices: record(z.strictObject({ asset: z.string(), does: z.enum(["measures", "switches"]) })).optional(),
  flow: z.array(z.string()),
});

const Control = z.strictObject({
  state: z.enum(["live", "silent", "offline", "never"]),
  silentMs: z.number().nullable(),
});

const MemberFairness = z
  .strictObject({
    servedRatio: z.number().nullable(),
    estimated: z.boolean(),
    servedWh: z.number(),
    notServedWh: z.array(z.number()),
    offMs: z.number(),
    usedTodayWh: z.number(),
    countedTodayWh: z.number(),
    allowanceWh: z.number().nullable(),
    powerLimitVa: z.number().nullable(),
    stage: z.enum(["ok", "near", "spent", "over"]),
  })
  .meta({ id: "MemberFairness" });

export const StateAnswer = z.strictObject({
  t: time.nullable(),
  speed: z.number().describe("plant seconds per real second"),
  mode: z.enum(GRID_MODES),
  control: Control,
  channels: record(
    z.strictObject({
      q: z.enum(["fresh", "stale", "bad", "absent"]),
      v: z.union([z.number(), z.boolean(), z.null()]),
      t: time.optional(),
      why: z.string().optional(),
    }),
  ),
  assets: record(
    z.strictObject({
      on: z.boolean().nullable(),
      wanted: z.boolean().nullable(),
      shed: z.boolean(),
      override: z.boolean(),
      rule: z.string(),
      reason: Reason,
      until: Reason,
      since: time,
      tier: z.number().optional().describe("need as it holds now, by the site file or agreed"),
    }),
  ),
  devices: DevicesAnswer,
  decisions: DecisionsAnswer,
  alarms: z.array(Alarm),
  cleared: z.array(Alarm).optional(),
  fairness: z
    .strictObject({
      supply: z.enum(["scarcity", "normal", "surplus"]),
      members: record(MemberFairness),
      worst: z.number().nullable(),
      jain: z.number().nullable(),
    })
    .optional(),
});

const HistoryRows = z.array(
  z.looseObject({
    t: z.number().describe("begin, ms since 1970 UTC"),
    mean: z.number(),
    min: z.number(),
    max: z.number(),
    count: z.number().describe("values that came in"),
    energy: z
      .strictObject({ wh: z.number(), whole: z.boolean() })
      .optional()
      .describe("of an energy counter: what surely flowed, and whether no part is missing"),
  }),
);

export const HistoryAnswer = z.strictObject({
  channel: z.string(),
  from: z.number(),
  to: z.number(),
  bucketMs: z.number(),
  rows: HistoryRows,
});

export const PeriodsAnswer = z.strictObject({
  channel: z.string(),
  from: z.number(),
  to: z.number(),
  unit: z.enum(["day", "month", "year"]),
  rows: HistoryRows,
});

export const HealthAnswer = z.strictObject({
  ok: z.boolean(),
  bus: z.enum(["connected", "not-connected"]),
  control: Control,
  recorder: record(z.unknown()).nullable(),
  streams: z.number(),
});

export const BusesAnswer = z
  .strictObject({
    t: time.nullable().describe("when control last told; null: not yet"),
    buses: record(
      z.strictObject({
        up: z.boolean(),
        why: z.string().optional(),
        requests: z.number(),
        timeouts: z.number(),
        strays: z.number(),
        connections: z.number(),
        utilisation: z.number().nullable(),
        latency: z.strictObject({ p50: z.number(), p95: z.number(), p99: z.number() }).optional(),
        units: record(
          z.strictObject({
            breaker: z.enum(["closed", "open", "half-open"]),
            errors: z.number(),
            lastError: z.string().optional(),
          }),
        ),
      }),
    ),
  })
  .describe("How each Modbus link does, for technicians.");

/** Control's answer to a request. */
export const RequestAnswer = z.strictObject({
  id: z.string(),
  issuer: z.string(),
  outcome: z.enum(["accepted", "clipped", "refused"]),
  reason: Reason,
});

export const Problem = z
  .strictObject({ type: z.string(), title: z.string(), status: z.number(), detail: z.string() })
  .meta({ id: "Problem", description: "RFC 9457: what went wrong and what to do." });
