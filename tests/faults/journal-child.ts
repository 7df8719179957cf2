// The process that journal-kill.test.ts kills: appends records and says, by a number on its output, which of them the
// journal acknowledged. Arguments: folder, first number.
import { writeSync } from "node:fs";
import type { AlarmRecord, SnapshotRecord, TickRecord } from "@gridwright/contract/records.ts";
import { epoch, mono } from "@gridwright/contract/units.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { openJournal } from "@gridwright/runtime/journal/journal.ts";

const [, , dir = "", first = ""] = process.argv;
const stamp = (n: number) => ({ t: epoch(n), m: mono(n) });
const tick = (n: number): TickRecord => ({ k: "tick", ...stamp(n), c: { 3: n / 8, 7: n % 3 === 0 } });
const alarm = (n: number): AlarmRecord => ({
  k: "alarm",
  ...stamp(n),
  event: "raised",
  alarm: {
    id: `device-lost/meter-${n}`,
    severity: "warning",
    reason: { code: "normal", params: {} },
    raisedAt: epoch(n),
  },
});
const snapshot = (cause: SnapshotRecord["cause"]): SnapshotRecord => ({
  k: "snapshot",
  ...stamp(3),
  cause,
  bootId: "boot-7",
  siteHash: "5eed",
  groups: [],
  points: [],
  ages: [],
  seen: [],
  memory: {},
  leases: {},
  alarms: [],
});
const silent = () => undefined;

const idle = new Int32Array(new SharedArrayBuffer(4));
/** Whoever counts may be slow to read. */
function acknowledge(n: number): void {
  for (;;)
    try {
      writeSync(1, `${n}\n`);
      return;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
      Atomics.wait(idle, 0, 0, 1);
    }
}

const journal = await openJournal({
  dir,
  clock: hostClock(),
  log: { info: silent, warn: silent, error: silent },
  snapshot,
  onProblem: silent,
  retention: { bytes: 100_000_000, days: 30 },
  segmentBytesMax: 4_000,
});
for (let n = Number(first); ; n += 3) {
  journal.append([tick(n), tick(n + 1)]);
  journal.append([alarm(n + 2)]);
  await journal.flush();
  acknowledge(n + 2);
}
