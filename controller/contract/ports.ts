// The ports between the rooms: small, named for the need. Adapters are named for their technology and live in
// runtime; fakes pass the same conformance suites (tests/conformance).
import type { Setting } from "./decision.ts";
import type { Deed } from "./deeds.ts";
import type { IntervalEnergy } from "./interval-energy.ts";
import type { AbsentReason, BadReason } from "./reading.ts";
import type { JournalRecord } from "./records.ts";
import type { Epoch, Millis, Mono } from "./units.ts";

/** A raw value as a device gave it, already in the point's unit and sign, before quality rules. */
export type Sample =
  | { readonly point: string; readonly value: number | boolean }
  | { readonly point: string; readonly bad: BadReason; readonly raw: number | string }
  | { readonly point: string; readonly absent: AbsentReason };

/** Samples that belong together: read from one device in one go. */
export interface Sampling {
  readonly device: string;
  readonly at: Mono;
  readonly samples: readonly Sample[];
  /** false: said of the device, not by it (its last will, a lost link); its readings grow no younger. */
  readonly answered?: false;
  /** What the device did by itself meanwhile, oldest first. */
  readonly deeds?: readonly Deed[];
}

export interface Command {
  /** Point of the device: `relay_3`, `power_limit`. */
  readonly point: string;
  /** For a relay: the coil, after the contact's wiring was applied. */
  readonly set: Setting;
  /** The device goes back by itself after this long; null releases the deviation for good. */
  readonly leaseMs: Millis | null;
  /** The share that the device keeps to after that; none: the limit ends. */
  readonly revertTo?: number;
  /** Value of the point at which a share is 1; none: the point is a share itself. */
  readonly full?: number;
}

/** How a device does, as its adapter sees it. */
export interface DeviceTrouble {
  readonly errors: number;
  readonly lastError?: string;
  /** Modbus: open while the device is left alone because it does not answer, half-open while it is tried again. */
  readonly breaker?: "closed" | "open" | "half-open";
  /** Points that are not written any more today, because their registers wear out. */
  readonly spentWrites?: readonly string[];
}

/** One device, whatever its technology. */
export interface Device {
  readonly id: string;
  /** Calls `listener` with each reading; returns an unsubscribe. */
  onSampling(listener: (sampling: Sampling) => void): () => void;
  /** Sends a command. Resolves when the device confirmed it; rejects with a GridwrightError. */
  command(command: Command, signal: AbortSignal): Promise<void>;
  status(): DeviceTrouble;
  close(): Promise<void>;
}

/** Where control leaves its records. Never waits for the card. */
export interface Journal {
  /** Takes records for writing; refuses (false) when its queue is full. */
  append(records: readonly JournalRecord[]): boolean;
  /** Resolves when everything appended so far is synced. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** A place in the journal: the next record to read. */
export interface Cursor {
  readonly segment: number;
  readonly offset: number;
}

/** The live bus as control and services see it. */
export interface Bus {
  publish(
    topic: string,
    payload: string,
    options?: { readonly retain?: boolean; readonly qos?: 0 | 1 },
  ): void;
  subscribe(filter: string, listener: (topic: string, payload: string, retained: boolean) => void): void;
  readonly connected: boolean;
  close(): Promise<void>;
}

export interface HistoryQuery {
  /** `asset/point`. */
  readonly channel: string;
  readonly from: Epoch;
  readonly to: Epoch;
  /** Width of one bucket; 0: raw points. */
  readonly bucketMs: Millis;
}
/** Local days, months or years that touch a time. */
export interface HistoryPeriods {
  readonly channel: string;
  readonly from: Epoch;
  readonly to: Epoch;
  readonly unit: "day" | "month" | "year";
}
export interface HistoryRow {
  readonly t: Epoch;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  readonly count: number;
  /** Of an energy counter in buckets of whole minutes: what surely flowed, and whether no part is missing. */
  readonly energy?: IntervalEnergy;
}
export interface History {
  query(query: HistoryQuery): Promise<readonly HistoryRow[]>;
  /** Each begins at local midnight; `energy` of one that is not over is what flowed so far. */
  periods(query: HistoryPeriods): Promise<readonly HistoryRow[]>;
  /** Channel → number of points kept. */
  counts(): Promise<Readonly<Record<string, number>>>;
  close(): Promise<void>;
}
