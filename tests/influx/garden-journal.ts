// A journal of the recorder's small test site, written as control writes it, and what must come out of it.
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { Seen, SnapshotRecord, TickRecord } from "@gridwright/contract/records.ts";
import { epoch, millis, mono } from "@gridwright/contract/units.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { openJournal } from "@gridwright/runtime/journal/journal.ts";
import type { RunningJournal } from "@gridwright/runtime/journal/threaded-journal.ts";

const T0 = 1_700_000_000_000;
export const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Real time whose waits are `times` shorter. */
export const hasty = (times: number): Clock => ({
  ...hostClock(),
  sleep: (duration, signal) => hostClock().sleep(millis(duration / times), signal),
});

const stamp = (n: number) => ({ t: epoch(T0 + n * 1_000), m: mono(9_000 + n * 1_000) });
const seenAt = (n: number): Seen[] => [200 + (n % 331), n % 7 < 3, 229 + (n % 13) / 8];
const tick = (n: number): TickRecord => {
  const [power = 0, relay = 0, voltage = 0] = seenAt(n);
  const lost = n % 50 === 49;
  return {
    k: "tick",
    ...stamp(n),
    c: { 0: lost ? ["s"] : power, ...(n % 7 === 0 && { 1: relay }), 2: voltage },
  };
};

/** Opens it; ticks must then be appended in order, `n` of the next one in `state`. */
export function gardenJournal(dir: string, state: { n: number }): Promise<RunningJournal> {
  const snapshot = (cause: SnapshotRecord["cause"]): SnapshotRecord => ({
    k: "snapshot",
    ...stamp(state.n),
    cause,
    bootId: "boot-7",
    siteHash: "5eed",
    groups: ["meter:normal"],
    points: ["meter/power", "relays/relay_2", "meter/voltage_l2"],
    ages: [120],
    seen: seenAt(state.n),
    memory: {},
    leases: {},
    alarms: [],
  });
  return openJournal({
    dir,
    clock: hostClock(),
    log: silent,
    snapshot,
    onProblem: () => undefined,
    retention: { bytes: 100_000_000, days: 30 },
    flushMs: 100,
    segmentBytesMax: 20_000,
  });
}

/** Appends `count` ticks. */
export function append(journal: RunningJournal, state: { n: number }, count: number): void {
  for (const end = state.n + count; state.n < end; ) {
    state.n += 1;
    if (!journal.append([tick(state.n)])) throw new Error("the journal refused");
  }
}
