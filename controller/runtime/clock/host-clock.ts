// The host's own time as a Clock: monotonic from process.hrtime (shared by all processes of the machine), wall from
// the system. It is the io clock always, and the plant clock of a live site.
import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "@gridwright/contract/clock.ts";
import { epoch, mono } from "@gridwright/contract/units.ts";

export const hostClock = (): Clock => ({
  now: () => mono(Math.floor(Number(process.hrtime.bigint()) / 1e6)),
  wall: () => epoch(Date.now()),
  sleep: (duration, signal) => wait(duration, undefined, signal === undefined ? {} : { signal }),
});
