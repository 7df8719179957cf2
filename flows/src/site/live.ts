// The plant as the controller's stream tells it: what a snapshot says, then what each delta changes. Pure. A reading that is
// not fresh stays what it is: a flow must never take an old number for a live one.
import type { ApiAlarm, ApiDecision, ApiDelta, ApiReading, ApiState } from "@gridwright/contract/api.ts";
import { POINTS, parsePointName } from "@gridwright/contract/points.ts";

/** Decisions that a node may look back on. */
const DECISIONS_MAX = 100;

export type Live = ApiState;

export const merge = (live: Live, delta: ApiDelta): Live => ({
  ...live,
  ...delta,
  channels: { ...live.channels, ...delta.channels },
  assets: { ...live.assets, ...delta.assets },
  devices: { ...live.devices, ...delta.devices },
  decisions: [...(delta.decisions ?? []), ...live.decisions].slice(0, DECISIONS_MAX),
});

export interface SeenReading {
  /** Null where it is not fresh. */
  readonly value: number | boolean | null;
  readonly quality: ApiReading["q"];
  readonly unit: string;
  /** Age in ms where it is not fresh and was good once. */
  readonly ageMs?: number;
  readonly why?: string;
}

/** `asset/point` as it is now; undefined: nobody measures it. */
export function readingOf(live: Live, channel: string): SeenReading | undefined {
  const reading = live.channels[channel];
  if (reading === undefined) return undefined;
  const fresh = reading.q === "fresh";
  const base = parsePointName(channel.split("/")[1] ?? "")?.base;
  const aged = reading.t !== undefined && live.t !== null && { ageMs: live.t - reading.t };
  return {
    value: fresh ? reading.v : null,
    quality: reading.q,
    unit: base === undefined ? "" : POINTS[base].unit,
    ...aged,
    ...(reading.why !== undefined && { why: reading.why }),
  };
}

/** Decisions that `before` did not have, oldest first. */
export function newDecisions(before: Live | undefined, live: Live): readonly ApiDecision[] {
  if (before === undefined) return [];
  const known = new Set(before.decisions.map(({ id }) => id));
  return live.decisions.filter(({ id }) => !known.has(id)).toReversed();
}

export interface AlarmNews {
  readonly event: "raised" | "cleared";
  readonly alarm: ApiAlarm;
}

/** Alarms that came and went since `before`. */
export function alarmNews(before: Live | undefined, live: Live): readonly AlarmNews[] {
  const open = (of: Live | undefined) => new Map((of?.alarms ?? []).map((alarm) => [alarm.id, alarm]));
  const [then, now] = [open(before), open(live)];
  return [
    ...[...now.values()]
      .filter(({ id }) => !then.has(id))
      .map((alarm) => ({ event: "raised" as const, alarm })),
    ...[...then.values()]
      .filter(({ id }) => !now.has(id))
      .map((alarm) => ({ event: "cleared" as const, alarm })),
  ];
}
