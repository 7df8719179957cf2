// What control tells the others: per tick the news, now and then everything. Built from what the brain saw and said;
// published with QoS 0 and never waited for.

import type { Alarm } from "@gridwright/contract/alarms.ts";
import type { Decision } from "@gridwright/contract/decision.ts";
import {
  type AlarmMessage,
  type AssetStatus,
  type DeviceStatus,
  type SnapshotMessage,
  type TickMessage,
  topics,
} from "@gridwright/contract/messages.ts";
import type { Bus, Device, DeviceTrouble } from "@gridwright/contract/ports.ts";
import type { Seen } from "@gridwright/contract/records.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { type Mono, seconds } from "@gridwright/contract/units.ts";
import { fairnessReport } from "@gridwright/core/fairness/report.ts";
import type { PlantState } from "@gridwright/core/state.ts";
import type { Step } from "@gridwright/core/step.ts";

const SNAPSHOT_EVERY = seconds(5);
/** Decisions that a snapshot repeats. */
const DECISIONS_KEPT = 50;
/** Ages from which a device counts as late, and as lost; for people, no rule uses them. */
const LATE_MS = 15_000;
const LOST_MS = 45_000;

export interface Told {
  readonly state: PlantState;
  readonly step: Step;
  readonly news: Readonly<Record<string, Seen>>;
  /** `device/point` → news, for everything: only asked for when a snapshot is due. */
  readonly all: () => Readonly<Record<string, Seen>>;
  readonly alarms: readonly AlarmMessage[];
  readonly open: readonly Alarm[];
}

interface OutletOptions {
  readonly model: SiteModel;
  readonly bus: Bus;
  readonly devices: ReadonlyMap<string, Device>;
  readonly speed: () => number;
  /** Real time in ms, monotonic. */
  readonly real: () => Mono;
}

export function createOutlet({ model, bus, devices, speed, real }: OutletOptions) {
  const topic = topics(model.site.site.id);
  const groups = groupsByDevice(model);
  const assets = changesOnly<AssetStatus>();
  const links = changesOnly<DeviceStatus>(({ quality, lastError, breaker, spentWrites }) =>
    JSON.stringify([quality, lastError, breaker, spentWrites]),
  );
  let decisions: readonly Decision[] = [];
  let seq = 0;
  let snapshotAt: number | undefined;

  const deviceStatus = (id: string, state: PlantState): DeviceStatus => {
    const answers = (groups.get(id) ?? []).map((group) => state.answeredAt.get(group) ?? -1);
    const newest = Math.max(-1, ...answers);
    const ageMs = newest < 0 ? null : state.now - newest;
    return statusOf(devices.get(id)?.status() ?? { errors: 0 }, ageMs);
  };

  return (told: Told): void => {
    const { state, step } = told;
    const all = Object.fromEntries(Object.keys(model.devices).map((id) => [id, deviceStatus(id, state)]));
    seq += 1;
    const head = { seq, t: state.wall, m: state.now, speed: speed(), mode: step.mode };
    const tick: TickMessage = {
      ...head,
      points: told.news,
      assets: assets(step.status),
      devices: links(all),
    };
    bus.publish(topic.tick, JSON.stringify(tick));
    for (const decision of step.decisions) bus.publish(topic.decision, JSON.stringify(decision), { qos: 1 });
    for (const alarm of told.alarms) bus.publish(topic.alarm, JSON.stringify(alarm), { qos: 1 });
    decisions = [...decisions, ...step.decisions].slice(-DECISIONS_KEPT);
    if (snapshotAt !== undefined && real() - snapshotAt < SNAPSHOT_EVERY) return;
    snapshotAt = real();
    const snapshot: SnapshotMessage = {
      ...head,
      points: told.all(),
      assets: step.status,
      devices: all,
      decisions,
      alarms: told.open,
      fairness: fairnessReport(model, step.memory),
    };
    bus.publish(topic.snapshot, JSON.stringify(snapshot), { retain: true });
  };
}

function statusOf(trouble: DeviceTrouble, ageMs: number | null): DeviceStatus {
  const { errors, lastError, breaker, spentWrites } = trouble;
  const quality = qualityOf(ageMs);
  return {
    ...{ quality, ageMs, errors },
    ...(lastError !== undefined && quality !== "ok" && { lastError }),
    ...(breaker !== undefined && breaker !== "closed" && { breaker }),
    ...(spentWrites !== undefined && { spentWrites }),
  };
}

function qualityOf(ageMs: number | null): DeviceStatus["quality"] {
  if (ageMs === null) return "never";
  if (ageMs > LOST_MS) return "lost";
  return ageMs > LATE_MS ? "late" : "ok";
}

function groupsByDevice(model: SiteModel): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, Set<string>>();
  for (const { device, group } of model.sources.values())
    if (model.devices[device] !== undefined) groups.set(device, (groups.get(device) ?? new Set()).add(group));
  return new Map([...groups].map(([device, names]) => [device, [...names]]));
}

/** Passes on only those entries whose `mark` differs from the last time. */
function changesOnly<T>(mark: (value: T) => string = JSON.stringify) {
  const last = new Map<string, string>();
  return (now: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
    Object.fromEntries(
      Object.entries(now).filter(([id, value]) => {
        const text = mark(value);
        const changed = last.get(id) !== text;
        last.set(id, text);
        return changed;
      }),
    );
}
