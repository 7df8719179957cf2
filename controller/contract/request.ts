// Requests are the only way back in: from a member, a technician's flow, the planner, a neighbour. Control weighs
// them and answers accepted, clipped or refused, with the reason. Only a hold in the safe direction is always taken.
import { z } from "zod";
import { Agreement } from "./agreement.ts";
import type { Reason } from "./decision.ts";
import { FLOWS_TROUBLES } from "./flows-place.ts";
import { MachineUse } from "./workshop-use.ts";

export const ROLES = ["viewer", "member", "technician", "admin", "planner", "flow", "neighbour"] as const;
export type Role = (typeof ROLES)[number];

/** ttl of a wish: at most 15 minutes; a hold has none (it never expires). */
export const REQUEST_TTL_MAX_MS = 900_000;
export const REQUEST_BYTES_MAX = 4_096;

/** The reason, for everybody to read. */
const why = z.string().min(1).max(200);
const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);

const Switch = z.strictObject({
  kind: z.literal("switch"),
  asset: slug,
  on: z.boolean(),
  why,
});
/** Wish that an asset which can be limited takes, or gives, at most this share of its rating for the request's ttl. */
const Limit = z.strictObject({
  kind: z.literal("limit"),
  asset: slug,
  share: z.number().min(0).max(1),
  why,
});
/** Wish that a battery gives (positive) or takes (negative) this share of its greatest power for the request's ttl. */
const Setpoint = z.strictObject({
  kind: z.literal("setpoint"),
  asset: slug,
  share: z.number().min(-1).max(1),
  why,
});
/** Wish that a load counts as less needed than it is for the request's ttl; never as more. */
const Tier = z.strictObject({
  kind: z.literal("tier"),
  asset: slug,
  tier: z.int().min(1).max(4),
  why,
});
/** End what the same role asked of this asset, at once. */
const Withdraw = z.strictObject({
  kind: z.literal("withdraw"),
  asset: slug,
  why,
});

/** What a technician's flow may ask. */
export const FlowBody = z.discriminatedUnion("kind", [Switch, Limit, Tier, Setpoint, Withdraw]);
export type FlowBody = z.infer<typeof FlowBody>;

/** A version of the technicians' flows that was taken back by itself. */
export const FlowsFailed = z.strictObject({
  version: z.int().min(1),
  back: z.int().min(1).nullable().describe("what runs again in its stead; null: no flow runs"),
  why: z.enum(FLOWS_TROUBLES),
});
export type FlowsFailed = z.infer<typeof FlowsFailed>;

/** What anybody may send by themselves. */
export const PlainBody = z.discriminatedUnion("kind", [
  /** Wish a load on or off for the request's ttl. */
  Switch,
  /** Hold a load off until it is cleared. */
  z.strictObject({ kind: z.literal("hold"), asset: slug, why }),
  /** End a hold; needs a technician. */
  z.strictObject({ kind: z.literal("clear-hold"), asset: slug, why }),
  /** Let a load wait for sun that nobody needs; it starts then, or when the ttl is over. */
  z.strictObject({ kind: z.literal("await-surplus"), asset: slug, why }),
  /** A person has seen this alarm. */
  z.strictObject({ kind: z.literal("acknowledge"), alarm: z.string().min(1).max(128) }),
]);
export type PlainBody = z.infer<typeof PlainBody>;
/** What one count of a box's converter is, as it was calibrated. */
export const BoxGains = z.strictObject({
  voltsPerCount: z.number().positive(),
  ampsPerCount: z.number().positive(),
});
export type BoxGains = z.infer<typeof BoxGains>;
/** A clamp or a divider that is farther off what the site file says, as a factor, is another one. */
export const GAIN_FACTOR = { least: 0.5, most: 2 } as const;

/** What is told control about a box with a microcontroller; an operator's terminal alone asks so. */
export const BoxBody = z.discriminatedUnion("kind", [
  /** Its serial line is wanted for the request's ttl, or given back: control lets go of it meanwhile. */
  z.strictObject({ kind: z.literal("box-line"), device: slug, lend: z.boolean(), why }),
  /** Null: as the site file says. */
  z.strictObject({
    kind: z.literal("box-gains"),
    device: slug,
    gains: BoxGains.nullable(),
    why,
  }),
]);
export type BoxBody = z.infer<typeof BoxBody>;

export const RequestBody = z.discriminatedUnion("kind", [
  ...PlainBody.options,
  Limit,
  Tier,
  Setpoint,
  Withdraw,
  /** The process of the technicians' flows is lost (everything they asked for ends) or there again. */
  z.strictObject({ kind: z.literal("flows"), alive: z.boolean(), why }),
  /** A version of them failed while it was watched (everything they asked for ends); null: that is mended or proved wrong. */
  z.strictObject({ kind: z.literal("flows-watch"), failed: FlowsFailed.nullable() }),
  /** Written down for the record, from the planner's side alone; nothing is switched by it. */
  MachineUse,
  /** Other tiers, allowances or thresholds for a time; services vouch for the people behind it. */
  z.strictObject({ kind: z.literal("agree"), agreement: Agreement }),
  z.strictObject({ kind: z.literal("end-agreement"), agreement: slug, why }),
  ...BoxBody.options,
]);
export type RequestBody = z.infer<typeof RequestBody>;

/** What travels: `mac` is HMAC-SHA-256, hex, by the issuer's key over the JSON of all other fields in this order. */
export const RequestEnvelope = z.strictObject({
  id: z.string().min(8).max(64),
  issuer: slug,
  role: z.enum(ROLES),
  /** Rises with each request of this issuer. */
  seq: z.int().nonnegative(),
  /** Counted from receipt, on control's clock. */
  ttlMs: z.int().positive().max(REQUEST_TTL_MAX_MS),
  body: RequestBody,
  /** The house for which a member asks; services vouch for it. */
  member: slug.optional(),
  mac: z.string().regex(/^[0-9a-f]{64}$/),
});
export type RequestEnvelope = z.infer<typeof RequestEnvelope>;

/** A request whose origin was proven. */
export type Request = Omit<RequestEnvelope, "mac">;

/** The text that `mac` signs. */
export const signedText = ({ id, issuer, role, seq, ttlMs, body, member }: Request): string =>
  JSON.stringify([id, issuer, role, seq, ttlMs, body, ...(member === undefined ? [] : [member])]);

export interface Answer {
  readonly id: string;
  readonly issuer: string;
  readonly outcome: "accepted" | "clipped" | "refused";
  readonly reason: Reason;
}
