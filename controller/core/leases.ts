// Turns what is wanted into commands: compares with what devices report, renews leases at a third, notices what
// does not follow and what was changed by hand. Pure; the runtime only sends what comes out and reports back.
import type { Desired, Setting } from "@gridwright/contract/decision.ts";
import type { Command } from "@gridwright/contract/ports.ts";
import { ageOf } from "@gridwright/contract/reading.ts";
import type { LeaseRecord } from "@gridwright/contract/records.ts";
import type { Actuator, SiteModel } from "@gridwright/contract/site/model.ts";
import { elapsed, later, type Millis, type Mono, millis, minutes } from "@gridwright/contract/units.ts";
import { type Layout, layoutOf } from "./layout.ts";
import { reportedSetting } from "./reported.ts";
import type { PlantState } from "./state.ts";
import { isOff, sameSetting, silentSetting } from "./tick.ts";

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

/** What the runtime must send. */
export interface Order extends Command {
  readonly asset: string;
  readonly device: string;
}

export interface LeaseEvent {
  readonly asset: string;
  readonly event: LeaseRecord["event"];
  readonly desired?: Desired;
  readonly deadline?: Mono;
}

export interface ReconcileInput {
  readonly model: SiteModel;
  readonly desired: readonly Desired[];
  readonly leases: Leases;
  readonly state: PlantState;
  readonly now: Mono;
}

export interface Reconciled {
  readonly orders: readonly Order[];
  readonly leases: Leases;
  /** For the journal, in order. */
  readonly events: readonly LeaseEvent[];
  /** Assets whose switch does not follow after a retry. */
  readonly failed: readonly string[];
  /** Assets that somebody switched by hand; decide has found it too and respects it. */
  readonly overrides: readonly string[];
}

/** Attempts before a switch counts as failed. */
const ATTEMPTS_MAX = 2;
/** A failed switch is tried again this often. */
const RETRY_EVERY = minutes(1);
const FOLLOW_MIN = millis(3_000);
/** Renewed when this share of the lease is left. */
const RENEW_AT = 2 / 3;

/** Supply as the coil that gives it. */
const coilOf = ({ inverted }: Actuator, set: Setting): Setting =>
  set.kind === "switch" ? { kind: "switch", on: set.on !== inverted } : set;

interface Case {
  readonly actuator: Actuator;
  readonly desired: Desired;
  readonly lease: Lease | undefined;
  readonly reported: Setting | undefined;
  /** The reading is younger than the last order. */
  readonly answered: boolean;
  readonly patience: Millis;
  readonly now: Mono;
}

interface Verdict {
  readonly lease?: Lease;
  readonly order?: true;
  readonly event?: LeaseEvent["event"];
}

const send = (
  { actuator, desired, now, lease }: Case,
  event: LeaseEvent["event"],
  attempts: number,
): Verdict => ({
  order: true,
  event,
  lease: {
    asset: actuator.asset,
    set: desired.set,
    desired,
    deadline: later(now, desired.leaseMs),
    sentAt: now,
    state: event === "renewed" && lease !== undefined ? lease.state : "sent",
    attempts,
  },
});

/** The case of an order that is out: does the device follow? */
function watch(at: Case, lease: Lease): Verdict {
  const { reported, answered, now, patience } = at;
  const follows = reported !== undefined && sameSetting(reported, lease.set);
  if (follows && answered && lease.state !== "verified")
    return { lease: { ...lease, state: "verified", attempts: 0 }, event: "verified" };
  const waited = elapsed(lease.sentAt, now);
  if (reported === undefined && lease.state === "sent" && waited > RETRY_EVERY) return send(at, "granted", 0);
  // What it was told it perhaps never heard: once it can be read again it is told at once.
  if (reported === undefined) return { lease: { ...lease, attempts: 0 } };
  if (lease.state === "failed")
    return waited > RETRY_EVERY || lease.attempts === 0 ? send(at, "granted", 0) : { lease };
  if (!follows && waited > patience) {
    if (lease.attempts < ATTEMPTS_MAX) return send(at, "granted", lease.attempts + 1);
    return { lease: { ...lease, state: "failed", sentAt: now }, event: "failed" };
  }
  return { lease };
}

const due = ({ deadline, desired }: Lease, now: Mono): boolean =>
  elapsed(now, deadline) <= desired.leaseMs * RENEW_AT;

/** A person took the supply at the device: nothing is commanded on its report alone, which may be nonsense. */
const leftToHand = ({ desired: { set, reason }, lease }: Case): boolean =>
  reason.code === "override-by-hand" && isOff(set) && !(lease && isOff(lease.set));

/** A deviation from what the device does by itself: it needs a lease, renewed in time. */
function deviating(at: Case): Verdict {
  const { lease, desired, reported, actuator } = at;
  const settled = reported !== undefined && sameSetting(reported, desired.set);
  if (lease === undefined && actuator.silent === "hold" && (settled || reported === undefined)) return {};
  if (lease === undefined || !sameSetting(lease.set, desired.set)) return send(at, "granted", 1);
  const seen = watch(at, lease);
  if (seen.order || seen.event === "failed") return seen;
  // A device that is asked once a minute answers no order before its lease is nearly over.
  const rested = elapsed(lease.sentAt, at.now) > Math.min(at.patience, desired.leaseMs * (1 - RENEW_AT) - 1);
  return due(lease, at.now) && rested && lease.state !== "failed"
    ? send({ ...at, lease: seen.lease }, "renewed", seen.lease?.attempts ?? 1)
    : seen;
}

/** What is wanted is what the device does by itself: a lease that is out is released, and then forgotten. */
function resting(at: Case): Verdict {
  const { lease, desired, reported } = at;
  if (lease !== undefined && !sameSetting(lease.set, desired.set)) return send(at, "released", 1);
  const settled = reported === undefined || sameSetting(reported, desired.set);
  if (lease === undefined) return settled ? {} : send(at, "released", 1);
  const seen = watch(at, lease);
  return seen.event === "verified" ? { event: "verified" } : seen;
}

function caseOf(input: ReconcileInput, { actuator: known }: Layout, desired: Desired): Case | undefined {
  const { model, state, leases, now } = input;
  const actuator = known.get(desired.asset);
  if (actuator === undefined || actuator.locked) return undefined;
  const reading = state.points.get(actuator.source);
  const lease = leases[desired.asset];
  const period = model.sources.get(actuator.source)?.periodMs ?? 1_000;
  return {
    actuator,
    desired,
    lease,
    reported: reportedSetting(actuator, { reading, told: lease?.set }),
    answered:
      reading !== undefined && lease !== undefined && ageOf(reading, now) < elapsed(lease.sentAt, now),
    patience: millis(Math.max(FOLLOW_MIN, 2 * period + 1_000)),
    now,
  };
}

function verdictOf(at: Case, silent: Setting | undefined): Verdict {
  if (leftToHand(at)) return {};
  return silent !== undefined && sameSetting(silent, at.desired.set) ? resting(at) : deviating(at);
}

const orderOf = (at: Case, silent: Setting | undefined): Order => {
  const { actuator, desired } = at;
  const releases = silent !== undefined && sameSetting(silent, desired.set);
  return {
    asset: actuator.asset,
    device: actuator.device,
    point: actuator.point,
    set: coilOf(actuator, desired.set),
    leaseMs: releases ? null : desired.leaseMs,
    ...(actuator.silentShare !== undefined && { revertTo: actuator.silentShare }),
    ...(actuator.full !== undefined && { full: actuator.full }),
  };
};

function eventOf({ desired }: Case, verdict: Verdict, event: LeaseEvent["event"]): LeaseEvent {
  const deadline = verdict.lease?.deadline;
  return {
    asset: desired.asset,
    event,
    desired,
    ...(deadline !== undefined && event !== "released" && { deadline }),
  };
}

/** Somebody moved the switch while our lease was verified; decide took what they chose as wanted. */
const byHand = ({ lease, desired }: Case): boolean =>
  lease?.state === "verified" &&
  desired.reason.code === "override-by-hand" &&
  !sameSetting(lease.set, desired.set);

/** The orders of this tick, and the leases as they stand when they have been sent. */
export function reconcile(input: ReconcileInput): Reconciled {
  const layout = layoutOf(input.model);
  const [orders, events, overrides]: [Order[], LeaseEvent[], string[]] = [[], [], []];
  const next: Record<string, Lease> = {};
  for (const desired of input.desired) {
    const at = caseOf(input, layout, desired);
    if (at === undefined) continue;
    const silent = silentSetting(at.actuator);
    if (byHand(at)) {
      overrides.push(desired.asset);
      events.push(eventOf(at, {}, "override"));
    }
    const verdict = verdictOf(at, silent);
    if (verdict.order) orders.push(orderOf(at, silent));
    if (verdict.lease) next[desired.asset] = verdict.lease;
    if (verdict.event) events.push(eventOf(at, verdict, verdict.event));
  }
  const failed = Object.values(next).flatMap(({ asset, state }) => (state === "failed" ? [asset] : []));
  return { orders, leases: next, events, failed, overrides };
}

/** The leases after a command failed to reach its device: it is tried again as soon as patience allows. */
export function commandFailed(leases: Leases, asset: string, now: Mono): Leases {
  const lease = leases[asset];
  return lease === undefined ? leases : { ...leases, [asset]: { ...lease, deadline: now } };
}
