// Messages with QoS 1 that the broker has not acknowledged yet, in order. Ours and not mqtt.js's, which can lose
// them on a second drop while it sends again (mqtt.js issue 2015). Bounded in number and age: what is too old to be
// true is dropped, so that a command never arrives long after it was given up.
import { elapsed, type Millis, type Mono } from "@gridwright/contract/units.ts";

export interface Outgoing {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
}

interface Entry {
  readonly message: Outgoing;
  readonly since: Mono;
  sent: boolean;
}

export interface OutboxLimits {
  readonly messagesMax: number;
  readonly ageMax: Millis;
  /** Messages sent and not yet acknowledged. */
  readonly windowMax: number;
}

export interface Outbox {
  /** Takes a message; the oldest goes when it is full. */
  add(message: Outgoing, now: Mono): void;
  /** What may be sent now; each comes once until `reset`. The second of a pair is called on its acknowledgement. */
  due(now: Mono): readonly (readonly [Outgoing, () => void])[];
  /** The connection is gone: everything unacknowledged is due again. */
  reset(): void;
  readonly size: number;
  readonly dropped: number;
}

export function createOutbox({ messagesMax, ageMax, windowMax }: OutboxLimits): Outbox {
  const entries = new Set<Entry>();
  let inFlight = 0;
  let dropped = 0;
  const forget = (entry: Entry): boolean => {
    const had = entries.delete(entry);
    if (had && entry.sent) inFlight -= 1;
    return had;
  };
  const drop = (entry: Entry): void => {
    if (forget(entry)) dropped += 1;
  };
  return {
    add(message, now) {
      const [oldest] = entries;
      if (entries.size >= messagesMax && oldest !== undefined) drop(oldest);
      entries.add({ message, since: now, sent: false });
    },
    due(now) {
      for (const entry of entries) {
        if (elapsed(entry.since, now) <= ageMax) break;
        drop(entry);
      }
      const ready: (readonly [Outgoing, () => void])[] = [];
      for (const entry of entries) {
        if (inFlight >= windowMax) break;
        if (entry.sent) continue;
        entry.sent = true;
        inFlight += 1;
        ready.push([entry.message, () => forget(entry)]);
      }
      return ready;
    },
    reset() {
      for (const entry of entries) entry.sent = false;
      inFlight = 0;
    },
    get size() {
      return entries.size;
    },
    get dropped() {
      return dropped;
    },
  };
}
