// What the brain says: the whole desired state each tick, and for each change the rule, the inputs with their
// ages, what else was considered and what would change it. Data, so that it can be replayed and put into words.
import type { ReasonCode } from "./reasons.ts";
import type { Epoch, Millis, Mono } from "./units.ts";

/** The rules in order of authority; the first is the highest. */
export const RULE_NAMES = [
  "manual-hold",
  "emergency-stop",
  "start-up",
  "black-start",
  "device-limits",
  "battery-limits",
  "overload",
  "source-limits",
  "load-rejection",
  "export-limit",
  "import-limit",
  "input-limit",
  "ladder",
  "generator",
  "allowance",
  "requests",
  "batteries",
  "surplus",
  "permits",
  "restoration",
  "signals",
  "default",
  "limits",
] as const;
export type RuleName = (typeof RULE_NAMES)[number];
/** Who decided: a rule, or the box at the load by itself (deeds.ts), which told it afterwards. */
export type Decider = RuleName | "box";

/** What an actuator is told. A switch is the load's supply (true: it has power), whatever the contact's wiring. */
export type Setting =
  | { readonly kind: "switch"; readonly on: boolean }
  /** A limit of output, or of what a load may take, as a share of the rating, 0..1. */
  | { readonly kind: "limit"; readonly share: number }
  /** The power that a battery is told to give, as a share of its greatest, -1..1; discharge positive. */
  | { readonly kind: "setpoint"; readonly share: number };

/** A value that a rule used: asset point, its value in `unit`, its age; null where it was not fresh. */
export interface Input {
  readonly point: string;
  readonly value: number | boolean | null;
  readonly unit: string;
  readonly ageMs: Millis;
  readonly quality: "fresh" | "stale" | "bad" | "absent";
}

/** A sentence as data: a code of the catalogue and its parameters, whose names end in their unit. */
export interface Reason {
  readonly code: ReasonCode;
  readonly params: Readonly<Record<string, number | string>>;
}

/** A rule's wish for this asset that lost against a higher one. */
export interface Considered {
  readonly rule: RuleName;
  readonly set: Setting;
  readonly reason: Reason;
}

/** A load that could have been chosen in its stead and why it was passed over. */
export interface Skip {
  readonly asset: string;
  readonly reason: Reason;
}

/** A change of what is wanted of one asset. */
export interface Decision {
  readonly asset: string;
  readonly set: Setting;
  readonly rule: Decider;
  readonly reason: Reason;
  /** What would change it («it comes back when 2.4 kVA are free»). */
  readonly until: Reason;
  readonly inputs: readonly Input[];
  readonly considered: readonly Considered[];
  /** Loads of the same or less need that were passed over. */
  readonly skipped?: readonly Skip[];
  readonly at: Epoch;
}

/** What is wanted of one actuator now, kept by a lease when it deviates from the load's `onSilence` state. */
export interface Desired {
  readonly asset: string;
  readonly set: Setting;
  readonly rule: RuleName;
  readonly reason: Reason;
  readonly until: Reason;
  /** Plant time at which this was first wanted. */
  readonly since: Mono;
  /** Length of the lease that act gives each command; renewed at a third of it. */
  readonly leaseMs: Millis;
}
