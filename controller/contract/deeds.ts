// What a device did or met by itself, with the time at which it did: told when it can be, perhaps an hour later. Control
// writes it down like its own decisions, and decides nothing by it.
import type { Severity } from "./alarms.ts";
import type { Reason, Setting } from "./decision.ts";
import type { Epoch } from "./units.ts";

/** Alarms that a device itself raises and clears. */
const OWN_ALARMS = ["box-shed", "box-blind"] as const;
export type OwnAlarm = `${(typeof OWN_ALARMS)[number]}/${string}`;
export const isOwnAlarm = (id: string): boolean => OWN_ALARMS.some((kind) => id.startsWith(`${kind}/`));

export type Deed =
  /** It switched one of its points; `set` is the coil. */
  | {
      readonly kind: "switched";
      readonly point: string;
      readonly set: Setting;
      readonly reason: Reason;
      readonly until: Reason;
      readonly at: Epoch;
    }
  /** A condition of the device itself began or ended; one per `id` at a time. */
  | {
      readonly kind: "met";
      readonly event: "raised" | "cleared";
      readonly id: OwnAlarm;
      readonly severity: Severity;
      readonly reason: Reason;
      readonly at: Epoch;
    };
