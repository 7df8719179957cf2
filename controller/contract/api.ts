// What the HTTP API under /api/v1 says, shared by the services process and the community's page. Units as on the
// bus: SI, times in ms. A reading that is not fresh says so here too: old values never pass for live ones.
import type { Alarm } from "./alarms.ts";
import type { Decision } from "./decision.ts";
import type { FairnessReport } from "./fairness.ts";
import type { AssetStatus, DeviceStatus, GridMode } from "./messages.ts";
import type { PhaseName } from "./points.ts";
import type { Quality } from "./reading.ts";
import type { AssetKind } from "./site/assets.ts";
import type { Epoch } from "./units.ts";

export interface ApiAsset {
  readonly id: string;
  readonly name: string;
  readonly kind: AssetKind;
  readonly parent?: string;
  readonly member?: string;
  /** Need, of consumers only: 0 is never shed, 4 goes first. */
  readonly tier?: number;
  readonly phases: readonly PhaseName[];
  /** W for pv, VA for the others. */
  readonly rating?: number;
  /** gridwright can switch (or limit) it. */
  readonly switched: boolean;
  /** How: on and off, less, or what a battery gives; missing: not at all. */
  readonly control?: "switch" | "limit" | "setpoint";
  /** Names of its points; its channels are `asset/point`. */
  readonly points: readonly string[];
}

/** A step of the community's ladder: `below` and `restore` are a share (soc), V (voltage) or h (hours). */
export interface ApiLadderStep {
  readonly name: string;
  readonly shed?: number;
  readonly start?: string;
  readonly pause?: "charging";
  readonly by: "soc" | "voltage" | "hours";
  readonly below: number;
  readonly restore: number;
}

/** What a device is for people: it measures this asset, or it only switches it. */
export interface ApiDeviceRole {
  readonly asset: string;
  readonly does: "measures" | "switches";
}

/** GET /api/v1/site: what does not change while services run. Holds no secret. */
export interface ApiSite {
  readonly id: string;
  readonly name: string;
  /** IANA name. */
  readonly timezone: string;
  readonly members: Readonly<Record<string, { readonly name: string }>>;
  readonly assets: readonly ApiAsset[];
  readonly ladder: readonly ApiLadderStep[];
  /** Device → the one asset that it serves; devices that serve several or none are not named. */
  readonly devices?: Readonly<Record<string, ApiDeviceRole>>;
  /** Channels that the event stream renews most often. */
  readonly flow: readonly string[];
}

export interface ApiReading {
  readonly q: Quality;
  /** The value when fresh, the last one when stale, else null. */
  readonly v: number | boolean | null;
  /** When not fresh: plant time at which it was last good, as far as services know. */
  readonly t?: Epoch;
  /** When bad or absent: the reason (reading.ts). */
  readonly why?: string;
}

/** live: heard within 5 s; silent: online, but no word; offline: it said goodbye; never: not heard since start. */
export type ControlState = "live" | "silent" | "offline" | "never";
export interface ApiControl {
  readonly state: ControlState;
  /** Real ms since its last word; null when there was none. */
  readonly silentMs: number | null;
}

export interface ApiDevice extends DeviceStatus {
  /** Plant time of its newest answer. */
  readonly at: Epoch | null;
}
export interface ApiDecision extends Decision {
  readonly id: string;
}
export interface ApiAlarm extends Alarm {
  readonly acknowledged: boolean;
}

/** GET /api/v1/state, and the `snapshot` event (there with the channels that the page shows only). */
export interface ApiState {
  /** Plant time of the newest word; null before the first. */
  readonly t: Epoch | null;
  /** Plant seconds per real second. */
  readonly speed: number;
  readonly mode: GridMode;
  readonly control: ApiControl;
  /** `asset/point` → reading. */
  readonly channels: Readonly<Record<string, ApiReading>>;
  readonly assets: Readonly<Record<string, AssetStatus>>;
  readonly devices: Readonly<Record<string, ApiDevice>>;
  /** Newest first. */
  readonly decisions: readonly ApiDecision[];
  /** Open ones. */
  readonly alarms: readonly ApiAlarm[];
  /** Those that are over, newest first, at most 50. */
  readonly cleared?: readonly ApiAlarm[];
  /** Who was served how much; not before the first word of control. */
  readonly fairness?: FairnessReport;
}

/** The `delta` event: records hold what changed, `decisions` what is new; what is given replaces. */
export type ApiDelta = Partial<ApiState>;

/** RFC 9457. */
export interface ApiProblem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
}
