// The live bus: what control publishes and what comes back. JSON over MQTT, units as in records.ts.
// Per tick one QoS 0 message of what changed; a retained snapshot every 10 s; decisions and alarms as they happen.
import type { Alarm } from "./alarms.ts";
import type { Decision, Reason, RuleName } from "./decision.ts";
import type { FairnessReport } from "./fairness.ts";
import type { Seen } from "./records.ts";
import type { Epoch, Mono } from "./units.ts";

/** How an asset stands, for people: what it is told, by which rule, and when that changes. */
export interface AssetStatus {
  /** Has supply: true, false, or null when its switch cannot be read (or it has none). */
  readonly on: boolean | null;
  /** What is wanted; null for an asset without switch. */
  readonly wanted: boolean | null;
  /** Off (or limited) by an automatic rule. */
  readonly shed: boolean;
  /** Somebody changed it by hand at the device. */
  readonly override: boolean;
  readonly rule: RuleName;
  readonly reason: Reason;
  readonly until: Reason;
  /** Since when it is wanted so. */
  readonly since: Epoch;
  /** Need as it holds now, by the site file or by what is agreed; of consumers only. */
  readonly tier?: number;
}

/** Which source carries the bus, as it is seen; never what is commanded. */
export const GRID_MODES = [
  "unknown",
  "on-grid",
  "island-inverter",
  "island-generator",
  "dead-bus",
  /** The public grid is there again and must hold for a while before it counts. */
  "returning",
  /** The inverter gives power again after a dead bus and must hold for a while. */
  "retry",
] as const;
export type GridMode = (typeof GRID_MODES)[number];

/** State of one device's connection, for technicians. */
export interface DeviceStatus {
  readonly quality: "ok" | "late" | "lost" | "never";
  /** Age of the newest answer, in ms; null before the first. */
  readonly ageMs: number | null;
  readonly errors: number;
  readonly lastError?: string;
  /** Modbus, unless closed: the device does not answer and is left alone (open) or just tried again (half-open). */
  readonly breaker?: "open" | "half-open";
  /** Points that are not written any more today, because their registers wear out. */
  readonly spentWrites?: readonly string[];
}

export interface TickMessage {
  readonly seq: number;
  readonly t: Epoch;
  readonly m: Mono;
  /** Plant seconds per real second: 1 when live, 60 while the demo catches up. */
  readonly speed: number;
  readonly mode: GridMode;
  /** `device/point` → news. */
  readonly points: Readonly<Record<string, Seen>>;
  /** Assets whose status changed. */
  readonly assets: Readonly<Record<string, AssetStatus>>;
  /** Devices whose status changed. */
  readonly devices: Readonly<Record<string, DeviceStatus>>;
}

/** Retained; the same shape with everything in it, the last decisions and the open alarms. */
export interface SnapshotMessage extends TickMessage {
  readonly decisions: readonly Decision[];
  readonly alarms: readonly Alarm[];
  /** Who was served how much. */
  readonly fairness?: FairnessReport;
}

export interface AlarmMessage {
  readonly event: "raised" | "cleared" | "acknowledged";
  readonly alarm: Alarm;
}

/** How one Modbus link does, for technicians. */
export interface BusStatus {
  readonly up: boolean;
  /** Why it is down. */
  readonly why?: string;
  readonly requests: number;
  readonly timeouts: number;
  /** Frames that answered nothing: late answers, other masters, noise. */
  readonly strays: number;
  readonly connections: number;
  /** Share of the time since the last report in which a request was under way; null in the first. */
  readonly utilisation: number | null;
  /** How long its last requests took, in ms. */
  readonly latency?: { readonly p50: number; readonly p95: number; readonly p99: number };
  /** By device. */
  readonly units: Readonly<Record<string, BusUnit>>;
}
export interface BusUnit {
  readonly breaker: "closed" | "open" | "half-open";
  readonly errors: number;
  readonly lastError?: string;
}

/** Every Modbus link, retained, every 5 s. */
export interface BusesMessage {
  readonly t: Epoch;
  readonly buses: Readonly<Record<string, BusStatus>>;
}

/** How measurements of the last while spread. */
export interface Spread {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** How control itself does, retained, every 5 s. */
export interface ProcessMessage {
  readonly t: Epoch;
  readonly ticks: number;
  /** Plant ms by which ticks came late. */
  readonly latenessMs: Spread;
  /** Real ms that a tick took. */
  readonly tickMs: Spread;
  readonly memoryBytes: number;
  readonly diskWrittenBytes: number;
  readonly journal: {
    readonly writtenBytes: number;
    readonly queuedBytes: number;
    readonly merged: number;
    readonly refused: number;
    readonly failing: boolean;
  };
}

/** Topics of a site's live bus. */
export const topics = (site: string) => ({
  tick: `gridwright/${site}/tick`,
  snapshot: `gridwright/${site}/snapshot`,
  decision: `gridwright/${site}/decision`,
  alarm: `gridwright/${site}/alarm`,
  /** How the Modbus links do. */
  buses: `gridwright/${site}/buses`,
  /** How control itself does. */
  process: `gridwright/${site}/process`,
  /** `online` / `offline` (last will), retained. */
  control: `gridwright/${site}/control`,
  /** Messages that the broker refused, as they happen: {user, topic, why}. For technicians. */
  refused: `gridwright/${site}/refused`,
  request: (issuer: string) => `gridwright/${site}/request/${issuer}`,
  answer: (issuer: string) => `gridwright/${site}/answer/${issuer}`,
  /** What is asked of the workshop's queue by this issuer, and what it answers. */
  jobCall: (issuer: string) => `gridwright/${site}/job/${issuer}`,
  jobWord: (issuer: string) => `gridwright/${site}/job-answer/${issuer}`,
});
