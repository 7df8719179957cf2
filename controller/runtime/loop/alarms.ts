// Conditions come and go with each tick; an alarm is one of them from its first tick to its last, with its times.
// Debouncing is the condition's own matter (core): what comes here already counts. What a device met by itself it raises and
// clears itself, with its own times.
import type { Alarm } from "@gridwright/contract/alarms.ts";
import { type Deed, isOwnAlarm } from "@gridwright/contract/deeds.ts";
import type { AlarmMessage } from "@gridwright/contract/messages.ts";
import type { Answer, Request } from "@gridwright/contract/request.ts";
import type { Epoch } from "@gridwright/contract/units.ts";
import type { Condition } from "@gridwright/core/step.ts";

type Met = Extract<Deed, { kind: "met" }>;

/** What this tick heard beside the conditions. */
export interface HeardOfAlarms {
  readonly met?: readonly Met[];
  /** Ids that somebody says to have seen. */
  readonly seen?: readonly string[];
}

export interface AlarmTable {
  readonly open: readonly Alarm[];
  /** Takes all conditions that hold now; returns what changed. */
  update(conditions: readonly Condition[], now: Epoch, heard?: HeardOfAlarms): readonly AlarmMessage[];
}

/** Ids that people said to have seen, as far as they may. */
export function seenIn(requests: readonly Request[], answers: readonly Answer[]): readonly string[] {
  const taken = new Set(answers.flatMap(({ id, outcome }) => (outcome === "accepted" ? [id] : [])));
  return requests.flatMap(({ id, body }) =>
    body.kind === "acknowledge" && taken.has(id) ? [body.alarm] : [],
  );
}

function seenAlarm(table: Map<string, Alarm>, id: string, acknowledgedAt: Epoch): AlarmMessage | undefined {
  const before = table.get(id);
  if (before === undefined || before.acknowledgedAt !== undefined) return undefined;
  const alarm: Alarm = { ...before, acknowledgedAt };
  table.set(id, alarm);
  return { event: "acknowledged", alarm };
}

/** Takes what a device says of its own condition; undefined: that is known. */
function ownAlarm(
  table: Map<string, Alarm>,
  { id, event, severity, reason, at }: Met,
): AlarmMessage | undefined {
  const before = table.get(id);
  if ((event === "raised") === (before !== undefined)) return undefined;
  if (before !== undefined) {
    table.delete(id);
    return { event, alarm: { ...before, clearedAt: at } };
  }
  const alarm: Alarm = { id, severity, reason, raisedAt: at };
  table.set(id, alarm);
  return { event, alarm };
}

/** `open`: alarms that were open before a restart. */
export function createAlarms(open: readonly Alarm[] = []): AlarmTable {
  const table = new Map(open.map((alarm) => [alarm.id, alarm]));
  return {
    get open() {
      return [...table.values()];
    },
    update(conditions, now, { met = [], seen = [] } = {}) {
      const own = met.flatMap((deed) => ownAlarm(table, deed) ?? []);
      const acknowledged = seen.flatMap((id) => seenAlarm(table, id, now) ?? []);
      const holding = new Set(conditions.map(({ id }) => id));
      const raised = conditions
        .filter(({ id }) => !table.has(id))
        .map(
          ({ id, severity, reason }): AlarmMessage => ({
            event: "raised",
            alarm: { id, severity, reason, raisedAt: now },
          }),
        );
      const cleared = [...table.values()]
        .filter(({ id }) => !holding.has(id) && !isOwnAlarm(id))
        .map((alarm): AlarmMessage => ({ event: "cleared", alarm: { ...alarm, clearedAt: now } }));
      for (const { alarm } of raised) table.set(alarm.id, alarm);
      for (const { alarm } of cleared) table.delete(alarm.id);
      return [...own, ...acknowledged, ...cleared, ...raised];
    },
  };
}
