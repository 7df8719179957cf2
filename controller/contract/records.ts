// The journal's records: what was seen, what was decided, why. Written by control alone, read by services and CLI.
// A record is one line of JSON inside a deflated block; numbers are SI units; `t` is plant wall time, `m` plant
// monotonic time, both in ms. Replay needs nothing but these records, the site file and the profiles.
import type { Alarm } from "./alarms.ts";
import type { Decision, Desired } from "./decision.ts";
import type { AbsentReason, BadReason } from "./reading.ts";
import type { Answer, Request } from "./request.ts";
import type { Epoch, Mono } from "./units.ts";

/** A point's news: a plain value is fresh; otherwise its quality in one letter with what belongs to it. In a tick a
 * stale point keeps the last value that was told; a snapshot says it. */
export type Seen =
  | number
  | boolean
  | readonly ["s", last?: number | boolean]
  | readonly ["b", number | string, BadReason]
  | readonly ["a", AbsentReason];

interface Stamp {
  readonly t: Epoch;
  readonly m: Mono;
}

/**
 * One tick of the loop: which poll groups answered since the last tick, and which points changed. Every decide() has
 * one, even when nothing is new: its requests stand before it, its decisions after it. Replay depends on that.
 */
export interface TickRecord extends Stamp {
  readonly k: "tick";
  /** Poll group index (of the last snapshot's `groups`) → age in ms of its newest answer at this tick. */
  readonly d?: Readonly<Record<string, number>>;
  /** Point index (of the last snapshot's `points`) → news. Points not named kept value and quality. */
  readonly c?: Readonly<Record<string, Seen>>;
  /** So many ticks were merged into this one because the card was full: what was decided between is not repeatable. */
  readonly n?: number;
}

/** Opens each segment and follows each restart: replay can start here. */
export interface SnapshotRecord extends Stamp {
  readonly k: "snapshot";
  /** Why it stands here. */
  readonly cause: "start" | "segment" | "config" | "minute";
  readonly bootId: string;
  readonly siteHash: string;
  /** Poll groups as `device:class`; their place is their index in tick records. */
  readonly groups: readonly string[];
  /** Device points as `device/point`; their place is their index in tick records. */
  readonly points: readonly string[];
  /** Age in ms of each group's newest answer, in the order of `groups`; null: never answered. */
  readonly ages: readonly (number | null)[];
  /** News of every point, in the order of `points`. */
  readonly seen: readonly Seen[];
  /** The brain's memory, opaque here (core/memory.ts). */
  readonly memory: unknown;
  /** Commands that are out, opaque here (core/leases.ts). */
  readonly leases: unknown;
  readonly alarms: readonly Alarm[];
}

export interface DecisionRecord extends Stamp {
  readonly k: "decision";
  readonly decision: Decision;
}
export interface RequestRecord extends Stamp {
  readonly k: "request";
  readonly request: Request;
}
export interface AnswerRecord extends Stamp {
  readonly k: "answer";
  readonly answer: Answer;
}
/** A command that went to a device with its expiry, or its end. */
export interface LeaseRecord extends Stamp {
  readonly k: "lease";
  readonly asset: string;
  readonly event: "granted" | "renewed" | "released" | "expired" | "verified" | "failed" | "override";
  readonly desired?: Desired;
  /** Plant monotonic time at which the device falls back by itself. */
  readonly deadline?: Mono;
  readonly detail?: string;
}
export interface ConfigRecord extends Stamp {
  readonly k: "config";
  readonly siteHash: string;
  readonly outcome: "accepted" | "refused";
  readonly detail?: string;
}
export interface AlarmRecord extends Stamp {
  readonly k: "alarm";
  readonly event: "raised" | "cleared" | "acknowledged";
  readonly alarm: Alarm;
}

export type JournalRecord =
  | TickRecord
  | SnapshotRecord
  | DecisionRecord
  | RequestRecord
  | AnswerRecord
  | LeaseRecord
  | ConfigRecord
  | AlarmRecord;

/** Records that are synced to the card at once; the others wait for the next block. */
export const SAFETY_KINDS: ReadonlySet<JournalRecord["k"]> = new Set([
  "decision",
  "lease",
  "request",
  "answer",
  "alarm",
  "config",
]);
