// Conditions come and go with each tick; an alarm is one of them from its first tick to its last, with its times.
// Debouncing is the condition's own matter (core): what comes here already counts. What a device met by itself it raises and
// clears itself, with its own times.
import type { Alarm } from "@gridwright/contract/alarms.ts";
import { type Deed, isOwnAlarm } from "@gridwright/contract/deeds.ts";
import type { AlarmMessage } from "@gridwright/contract/messages.ts";
import type { Epoch } from "@gridwright/contract/units.ts";
import type { Condition } from "@gridwright/core/step.ts";

type Met = Extract<Deed, { kind: "met" }>;

export interface AlarmTable {
  readonly open: readonly Alarm[];
  /** Takes all conditions that hold now; returns what changed. */
  update(conditions: readonly Condition[], now: Epoch, met?: readonly Met[]): readonly AlarmMessage[];
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
    update(conditions, now, met = []) {
      const own = met.flatMap((deed) => ownAlarm(table, deed) ?? []);
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
      return [...own, ...cleared, ...raised];
    },
  };
}
