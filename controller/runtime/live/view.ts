// What services know now: snapshot and ticks of the live bus merged into one view, and what of it changed since the
// event stream last asked. When control falls silent every fresh reading is shown as stale from then on.
import type {
  ApiAlarm,
  ApiControl,
  ApiDecision,
  ApiDevice,
  ApiReading,
  ApiState,
  ControlState,
} from "@gridwright/contract/api.ts";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Decision } from "@gridwright/contract/decision.ts";
import type { FairnessReport } from "@gridwright/contract/fairness.ts";
import type {
  AlarmMessage,
  AssetStatus,
  BusesMessage,
  GridMode,
  ProcessMessage,
  SnapshotMessage,
  TickMessage,
} from "@gridwright/contract/messages.ts";
import type { Seen } from "@gridwright/contract/records.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { type Epoch, elapsed, epoch, type Mono } from "@gridwright/contract/units.ts";

/** Real time without a word from control after which nothing counts as live. */
export const SILENT_AFTER_MS = 5_000;
export const DECISIONS_KEPT = 200;
export const CLEARED_ALARMS_KEPT = 50;
export const OPEN_ALARMS_MAX = 500;

/** What changed since it was last taken. */
export interface Dirty {
  readonly channels: Set<string>;
  readonly assets: Set<string>;
  readonly devices: Set<string>;
  readonly decisions: ApiDecision[];
  alarms: boolean;
  fairness: boolean;
  head: boolean;
}

export interface View {
  readonly io: Clock;
  /** `device/point` → `asset/point`s that show it. */
  readonly channelsOf: ReadonlyMap<string, readonly string[]>;
  readonly sourceOf: ReadonlyMap<string, string>;
  /** Switches whose energised coil takes the supply away: they show the supply, not the coil. */
  readonly inverted: ReadonlySet<string>;
  /** `device/point` → reading. */
  readonly readings: Map<string, ApiReading>;
  readonly assets: Map<string, AssetStatus>;
  readonly devices: Map<string, ApiDevice>;
  /** Newest first. */
  decisions: readonly ApiDecision[];
  readonly alarms: Map<string, ApiAlarm>;
  /** Newest first. */
  cleared: readonly ApiAlarm[];
  fairness: FairnessReport | undefined;
  /** undefined: not told yet. */
  buses: BusesMessage | undefined;
  process: ProcessMessage | undefined;
  head: { readonly t: Epoch | null; readonly speed: number; readonly mode: GridMode };
  /** Real time of control's last word; undefined: none since services started. */
  heardAt: Mono | undefined;
  /** What control's own topic last said; undefined: nothing yet. */
  online: boolean | undefined;
  readonly dirty: Dirty;
}

export const cleanDirty = (): Dirty => ({
  channels: new Set(),
  assets: new Set(),
  devices: new Set(),
  decisions: [],
  alarms: false,
  fairness: false,
  head: false,
});

/** For those who do not follow the news: what nobody takes must not pile up. */
export function forgetNews({ dirty }: View): void {
  dirty.channels.clear();
  dirty.assets.clear();
  dirty.devices.clear();
  dirty.decisions.length = 0;
}

export function createView(model: SiteModel, io: Clock): View {
  const channelsOf = Map.groupBy(model.channels, ({ source }) => source);
  const name = ({ asset, point }: { asset: string; point: string }) => `${asset}/${point}`;
  return {
    io,
    channelsOf: new Map([...channelsOf].map(([source, channels]) => [source, channels.map(name)])),
    sourceOf: new Map(model.channels.map((channel) => [name(channel), channel.source])),
    inverted: new Set(
      Object.values(model.assets).flatMap(({ id, actuator }) =>
        actuator?.kind === "switch" && actuator.inverted ? [`${id}/switch`] : [],
      ),
    ),
    readings: new Map(),
    assets: new Map(),
    devices: new Map(),
    ...{ decisions: [], cleared: [] },
    alarms: new Map(),
    fairness: undefined,
    ...{ buses: undefined, process: undefined, heardAt: undefined, online: undefined },
    head: { t: null, speed: 1, mode: "unknown" },
    dirty: cleanDirty(),
  };
}

/** A reading from its news; a stale one keeps the value it had. `t`: plant time at which its device last answered. */
export function readingOf(seen: Seen, before: ApiReading | undefined, t: Epoch): ApiReading {
  if (typeof seen === "number" || typeof seen === "boolean") return { q: "fresh", v: seen };
  const lastGood = before?.t ?? t;
  if (!Array.isArray(seen)) return { q: "absent", v: null, t: lastGood, why: "not-understood" };
  switch (seen[0]) {
    case "s":
      return { q: "stale", v: seen[1] ?? before?.v ?? null, t: lastGood };
    case "b":
      return { q: "bad", v: null, t: lastGood, why: String(seen[2]) };
    case "a":
      return { q: "absent", v: null, t: lastGood, why: String(seen[1]) };
    default:
      return { q: "absent", v: null, t: lastGood, why: "not-understood" };
  }
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Plant time of the newest answer of a source's device, as far as it told. */
const lastWordOf = (view: View, source: string, t: Epoch): Epoch =>
  view.devices.get(source.slice(0, source.indexOf("/")))?.at ?? t;

function applyPoints(view: View, { points, t }: TickMessage): void {
  for (const [source, seen] of Object.entries(points)) {
    const channels = view.channelsOf.get(source);
    if (channels === undefined) continue;
    const before = view.readings.get(source);
    const after = readingOf(seen, before, lastWordOf(view, source, t));
    if (before !== undefined && before.q === after.q && before.v === after.v) continue;
    view.readings.set(source, after);
    for (const channel of channels) view.dirty.channels.add(channel);
  }
}

function applyStatus(view: View, { assets, devices, t }: TickMessage): void {
  for (const [id, status] of Object.entries(assets)) {
    if (same(view.assets.get(id), status)) continue;
    view.assets.set(id, status);
    view.dirty.assets.add(id);
  }
  for (const [id, status] of Object.entries(devices)) {
    view.devices.set(id, { ...status, at: status.ageMs === null ? null : epoch(t - status.ageMs) });
    view.dirty.devices.add(id);
  }
}

/** `retained` words are from an unknown time: they fill the view but prove no life. */
export function applyTick(view: View, message: TickMessage, retained: boolean): void {
  if (!retained) {
    view.heardAt = view.io.now();
    view.online = true;
  }
  view.head = { t: message.t, speed: message.speed, mode: message.mode };
  view.dirty.head = true;
  applyStatus(view, message);
  applyPoints(view, message);
}

/** Names a decision for those who hear of it twice. */
export const idOf = ({ at, asset, rule, set }: Decision): string =>
  `${at}-${asset}-${rule}-${set.kind === "switch" ? set.on : set.share}`;

export function applyDecisions(view: View, decisions: readonly Decision[]): void {
  const known = new Set(view.decisions.map(({ id }) => id));
  const news = decisions
    .map((decision): ApiDecision => ({ ...decision, id: idOf(decision) }))
    .filter(({ id }) => !known.has(id));
  if (news.length === 0) return;
  view.dirty.decisions.push(...news);
  view.decisions = [...news, ...view.decisions].sort((a, b) => b.at - a.at).slice(0, DECISIONS_KEPT);
}

/** Somebody has said to have seen it: control tells it, and what was heard before stays. */
const isSeen = ({ alarms }: View, { id, acknowledgedAt }: AlarmMessage["alarm"]): boolean =>
  acknowledgedAt !== undefined || (alarms.get(id)?.acknowledged ?? false);

export function applySnapshot(view: View, message: SnapshotMessage, retained: boolean): void {
  applyTick(view, message, retained);
  applyDecisions(view, message.decisions);
  if (message.fairness !== undefined && !same(view.fairness, message.fairness)) {
    view.fairness = message.fairness;
    view.dirty.fairness = true;
  }
  const told = message.alarms.map((alarm): ApiAlarm => ({ ...alarm, acknowledged: isSeen(view, alarm) }));
  const open = new Map(told.map((alarm) => [alarm.id, alarm]));
  if (same([...open], [...view.alarms])) return;
  view.alarms.clear();
  for (const [id, alarm] of [...open].slice(0, OPEN_ALARMS_MAX)) view.alarms.set(id, alarm);
  view.dirty.alarms = true;
}

export function applyAlarm(view: View, { event, alarm }: AlarmMessage): void {
  const acknowledged = event === "acknowledged" || isSeen(view, alarm);
  view.dirty.alarms = true;
  if (event !== "cleared") {
    if (view.alarms.size < OPEN_ALARMS_MAX) view.alarms.set(alarm.id, { ...alarm, acknowledged });
    return;
  }
  view.alarms.delete(alarm.id);
  view.cleared = [{ ...alarm, acknowledged }, ...view.cleared].slice(0, CLEARED_ALARMS_KEPT);
}

export function controlOf(view: View): ApiControl {
  const silentMs = view.heardAt === undefined ? null : elapsed(view.heardAt, view.io.now());
  const state = (): ControlState => {
    if (view.online === false) return "offline";
    if (silentMs === null) return "never";
    return silentMs > SILENT_AFTER_MS ? "silent" : "live";
  };
  return { state: state(), silentMs };
}

/** The reading of a channel as it may be shown while control is `state`. */
export function shown(view: View, channel: string, state: ControlState): ApiReading {
  const told = view.readings.get(view.sourceOf.get(channel) ?? "");
  if (told === undefined) return { q: "absent", v: null, why: "never-read" };
  const reading = view.inverted.has(channel) && told.v !== null ? { ...told, v: !told.v } : told;
  if (state === "live" || reading.q !== "fresh") return reading;
  return { q: "stale", v: reading.v, ...(view.head.t !== null && { t: view.head.t }) };
}

/** The whole view; `channels` narrows what of the readings is in it. */
export function stateOf(view: View, channels: Iterable<string> = view.sourceOf.keys()): ApiState {
  const control = controlOf(view);
  return {
    ...view.head,
    control,
    channels: Object.fromEntries([...channels].map((name) => [name, shown(view, name, control.state)])),
    assets: Object.fromEntries(view.assets),
    devices: Object.fromEntries(view.devices),
    decisions: view.decisions,
    alarms: [...view.alarms.values()],
    ...(view.fairness !== undefined && { fairness: view.fairness }),
  };
}
