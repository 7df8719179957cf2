// What the brain remembers between two ticks: plain JSON, the same after a trip through text, so that the journal's
// snapshots carry it and replay starts anywhere. It holds no readings and nothing that the site file says.
import type { Reason, RuleName, Setting } from "@gridwright/contract/decision.ts";
import type { FlowsFailed, Role } from "@gridwright/contract/request.ts";
import { type Epoch, epoch, type Mono, mono } from "@gridwright/contract/units.ts";
import type { Agreed } from "./agreements/agreed.ts";
import { type FairMemory, initialFairness } from "./fairness/fair-memory.ts";
import { type FlowMemory, initialFlows } from "./flow-memory.ts";
import type { SetRecord } from "./generator/record.ts";
import { initialMode, type ModeMemory } from "./mode.ts";
import type { Sure } from "./outlook/sure-hours.ts";
import { initialReturns, type ReturnMemory } from "./return-memory.ts";
import { shiftTimes } from "./shift-times.ts";
import type { Usual } from "./usual.ts";

/** What was wanted of an actuator at the last tick; while it is off, why it went off. */
export interface Wanted {
  readonly set: Setting;
  readonly rule: RuleName;
  readonly reason: Reason;
  readonly until: Reason;
  readonly since: Mono;
  readonly sinceWall: Epoch;
}

/** The switching history of one actuator, as far as our own decisions made it. */
export interface Switched {
  readonly at: Mono;
  /** Plant times of its closings within the last 24 hours, oldest first. */
  readonly closings: readonly Mono[];
  /** All closings that were ever commanded: what its life is counted by. */
  readonly life?: number;
  /** VA per phase that its last switching off was to relieve. */
  readonly relief: readonly number[];
}

export interface Hold {
  readonly issuer: string;
  readonly why: string;
  readonly at: Mono;
}

/** A wish that was accepted; it ends by itself. */
export interface Wish {
  readonly id: string;
  readonly issuer: string;
  readonly role: Role;
  readonly on: boolean;
  readonly why: string;
  readonly expiresAt: Mono;
}

/** What was asked to be less: at most this share of its rating. */
export interface Cap extends Omit<Wish, "on"> {
  readonly share: number;
}

/** What a battery was asked to give (positive) or take, as a share of its greatest power. */
export type Steer = Cap;

/** What was asked to be needed less: its tier for a time, never a lower one than it has. */
export interface Yielding extends Omit<Wish, "on"> {
  readonly tier: number;
}

export interface Override {
  readonly on: boolean;
  readonly until: Mono;
  /** When the switch was turned last. */
  readonly at: Mono;
  /** How often it was turned in a row: more than a person does, and its reports are not believed. */
  readonly turns: number;
}

/** How much of an overload curve is used, 0..1, and the load that is using it up. */
export interface Budget {
  readonly used: number;
  /** Load as a share of the rating since `at`. */
  readonly load: number;
  readonly at: Mono;
  /** Since when the load is above the rating; null while it is not. */
  readonly overSince: Mono | null;
  /** The highest load since this budget was last unused. */
  readonly peak?: number;
  /** How long the load was above the rating in that time, ms. */
  readonly overMs?: number;
}

type ByAsset<T> = Readonly<Record<string, T>>;

export interface Memory extends FlowMemory, ReturnMemory {
  readonly version: 1;
  readonly startedAt: Mono;
  /** Wall time of the first tick; 0 before it. */
  readonly startedWall: Epoch;
  /** Plant time of the last decide. */
  readonly at: Mono;
  readonly mode: ModeMemory;
  /** How late the controller itself was lately: what devices could not tell it in that time is not their fault. */
  readonly lag: { readonly ms: number; readonly at: Mono };
  readonly wanted: ByAsset<Wanted>;
  readonly switched: ByAsset<Switched>;
  /** Since when the reported state follows the wanted one. */
  readonly follows: ByAsset<Mono>;
  /** Since when a readable switch does not follow, before it is judged. */
  readonly strays: ByAsset<Mono>;
  /** Switches that did not follow, and since when that is known. */
  readonly ineffective: ByAsset<Mono>;
  readonly overrides: ByAsset<Override>;
  readonly holds: ByAsset<Hold>;
  readonly wishes: ByAsset<Wish>;
  readonly caps: ByAsset<Cap>;
  readonly tiers: ByAsset<Yielding>;
  readonly steers: ByAsset<Steer>;
  /** Since when the process of the technicians' flows is lost; null: it is not, as far as was told. */
  readonly flowsLost: { readonly since: Mono } | null;
  /** The version of them that was taken back; null: what runs is not known to be wrong. */
  readonly flowsFailed: FlowsFailed | null;
  /** By `asset/phase`: inverters and breakers. */
  readonly budgets: ByAsset<Budget>;
  /** Steps of the ladder that are in force, by their place, and since when. */
  readonly ladder: ByAsset<Mono>;
  /** Steps whose threshold is crossed but that are not in force yet, by their place, and since when. */
  readonly crossed: ByAsset<Mono>;
  /** Hours for which what is needed more is sure in an outage, by the first tier that waits for it; null: unknown. */
  readonly sure: Sure | null;
  /** Limits on solar output that are in force. */
  readonly curtailed: ByAsset<{ readonly share: number; readonly until: Mono }>;
  /** Emergency stops that were last seen pressed. */
  readonly stops: ByAsset<Mono>;
  /** Loads that a stop switched off and no person has started since. */
  readonly stopped: ByAsset<Mono>;
  /** Since when the last of the charge is kept for one restart; null while there is more. */
  readonly reserveSince: Mono | null;
  /** Generating sets, by asset. */
  readonly generators: ByAsset<SetRecord>;
  /** Rows of the sources' tables that are passed, by `asset/what/phase/row`: since when, and the last stage shed. */
  readonly sags: ByAsset<{ readonly since: Mono; readonly shedAt: Mono | null }>;
  /** VA that each phase carries at most at each hour of the day, by `inverter/phase`. */
  readonly usual: ByAsset<Usual>;
  /** Since when no power meter could be read, by inverter. */
  readonly blind: ByAsset<Mono>;
  /** When a battery's word was last fresh, by `asset/point`: only what once spoke can fall silent. */
  readonly heard: ByAsset<Mono>;
  /** Devices that say what is not believed, by `device why`: since when, and one of the points. */
  readonly doubted: ByAsset<{ readonly since: Mono; readonly point: string }>;
  /** Meters that their branches contradict, by how much, and the branch that may be turned round. */
  readonly unbalanced: ByAsset<{
    readonly since: Mono;
    readonly watts: number;
    readonly swapped?: string;
    readonly crossed?: true;
  }>;
  readonly fair: FairMemory;
  /** What people agreed beside the site file, in the order in which it was taken. */
  readonly agreements: readonly Agreed[];
  /** When comfort and energy rules switched loads off within the last hour, oldest first. */
  readonly cuts: readonly Mono[];
  /** Loads of tier 0 that the last resort took, since when. */
  readonly resorted: ByAsset<Mono>;
  /** Weighted VAh of entitlement not served by owner, halved each day. */
  readonly deprived: ByAsset<{ readonly vah: number; readonly at: Mono }>;
  /** Ids of the last requests, so that none acts twice. */
  readonly requests: readonly { readonly id: string; readonly at: Mono }[];
}

const NOTHING_ASKED = { wishes: {}, caps: {}, tiers: {}, steers: {} } as const;

/** The memory of a controller that has never run here. */
export const initialMemory = (now: Mono, wall: Epoch = epoch(0)): Memory => ({
  version: 1,
  startedAt: now,
  startedWall: wall,
  at: now,
  mode: initialMode(now),
  lag: { ms: 0, at: now },
  wanted: {},
  switched: {},
  follows: {},
  strays: {},
  ineffective: {},
  overrides: {},
  holds: {},
  ...NOTHING_ASKED,
  ...{ flowsLost: null, flowsFailed: null },
  budgets: {},
  ladder: {},
  crossed: {},
  sure: null,
  curtailed: {},
  ...initialFlows,
  stops: {},
  stopped: {},
  reserveSince: null,
  generators: {},
  sags: {},
  ...initialReturns,
  usual: {},
  blind: {},
  heard: {},
  doubted: {},
  unbalanced: {},
  fair: initialFairness(now),
  agreements: [],
  cuts: [],
  resorted: {},
  deprived: {},
  requests: [],
});

/**
 * Memory as a snapshot holds it. What an earlier version of the brain did not know yet begins empty; undefined when
 * it is no memory at all.
 */
export function memoryFrom(value: unknown, now: Mono): Memory | undefined {
  const known = value as Partial<Memory> | null;
  if (typeof known !== "object" || known?.version !== 1) return undefined;
  const empty = initialMemory(now);
  return {
    ...empty,
    ...known,
    mode: { ...empty.mode, ...known.mode },
    fair: { ...empty.fair, ...known.fair },
  };
}

export interface Resume {
  readonly now: Mono;
  /** Plant time went on since the memory was written (the same boot or run); else its origin is another. */
  readonly continuous: boolean;
}

/**
 * The memory after a restart. Start-up begins anew; holds, wishes, budgets and what is off stay. Where plant time
 * has another origin, all stamps move as if no time had passed. Switches must be seen again before they are judged.
 */
export function resumeMemory(memory: Memory, { now, continuous }: Resume): Memory {
  const by = now - memory.at;
  const moved = continuous ? memory : shiftTimes(memory, by);
  // How much of the day is left only the wall clock can say again.
  const day = moved.fair.day && { ...moved.fair.day, endsAt: null };
  const fair = { ...moved.fair, day, trend: null };
  const again = mono(now);
  return { ...moved, fair, startedAt: again, at: again, follows: {}, strays: {}, ineffective: {} };
}
