// Turns what is wanted into commands: compares with what devices report, renews leases at a third, notices what
// does not follow and what was changed by hand. Pure; the runtime only sends what comes out and reports back.
import type { Desired, Setting } from "@gridwright/contract/decision.ts";
import type { Millis, Mono } from "@gridwright/contract/units.ts";

/** A command that is out at a device. */
export interface Lease {
  readonly asset: string;
  readonly set: Setting;
  readonly desired: Desired;
  /** Plant time at which the device falls back by itself. */
  readonly deadline: Mono;
  readonly sentAt: Mono;
  readonly state: "sent" | "verified" | "failed";
  readonly attempts: number;
}

/** All leases by asset; plain JSON, part of the journal's snapshots. */
export type Leases = Readonly<Record<string, Lease>>;

/** What the runtime must send. `leaseMs` null: release, no deviation is wanted any more. */
export interface Order {
  readonly asset: string;
  readonly device: string;
  readonly point: string;
  /** For a relay: the coil, after the contact's wiring was applied. */
  readonly set: Setting;
  readonly leaseMs: Millis | null;
}
