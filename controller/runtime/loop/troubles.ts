// What control itself suffers from, as conditions beside those of the plant: a loop that is late, a journal that is
// not written, a broker that is away.
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Reason } from "@gridwright/contract/decision.ts";
import type { Bus } from "@gridwright/contract/ports.ts";
import { type Millis, type Mono, millis, minutes, seconds } from "@gridwright/contract/units.ts";
import type { Condition } from "@gridwright/core/step.ts";

/** More than this behind its own timer and the loop is late. */
const LATE = millis(100);
/** Late by this much, once is enough to tell; else so many times within `LATE_TOLD`. */
const VERY_LATE = seconds(1);
const LATE_TIMES = 5;
/** How long lateness is remembered. */
const LATE_TOLD = minutes(1);
/** A broker may be away this long before it is told. */
const BROKER_PATIENCE = seconds(10);
const PROBE_EVERY = millis(50);

export interface Troubles {
  readonly conditions: () => readonly Condition[];
  /** Told by the journal when the card refuses (a reason) and takes records again (null). */
  readonly journal: (reason: Reason | null) => void;
  close(): void;
}

export function createTroubles(bus: Bus, io: Clock): Troubles {
  let card: Reason | null = null;
  let late: readonly { readonly ms: Millis; readonly at: Mono }[] = [];
  let connectedAt = io.now();
  let due = io.now() + PROBE_EVERY;
  const probe = setInterval(() => {
    const now = io.now();
    const by = millis(now - due);
    due = now + PROBE_EVERY;
    if (by > LATE) late = [...late, { ms: by, at: now }].slice(-LATE_TIMES);
    if (bus.connected) connectedAt = now;
  }, PROBE_EVERY);
  return {
    conditions() {
      const now = io.now();
      const found: Condition[] = [];
      if (card !== null) found.push({ id: "journal/write", severity: "critical", reason: card });
      const recent = late.filter(({ at }) => now - at < LATE_TOLD);
      const lateMs = Math.max(0, ...recent.map(({ ms }) => ms));
      if (recent.length >= LATE_TIMES || lateMs > VERY_LATE)
        found.push({
          id: "control/lateness",
          severity: "warning",
          reason: { code: "alarm-lateness", params: { lateMs } },
        });
      if (now - connectedAt > BROKER_PATIENCE)
        found.push({ id: "broker/away", severity: "warning", reason: { code: "alarm-broker", params: {} } });
      return found;
    },
    journal(reason) {
      card = reason;
    },
    close: () => clearInterval(probe),
  };
}
