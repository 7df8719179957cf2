// A clock that goes only when it is told to: whoever sleeps by it wakes with the step that reaches them.
import type { Clock } from "@gridwright/contract/clock.ts";
import { type Epoch, epoch, type Millis, type Mono, mono } from "@gridwright/contract/units.ts";

const STARTED = epoch(1_798_761_600_000);

export function createVirtualClock(startedAt: Epoch = STARTED) {
  let now = 0;
  let sleepers: { at: number; wake: () => void }[] = [];
  const clock: Clock = {
    now: () => mono(now),
    wall: () => epoch(startedAt + now),
    sleep: (time: Millis, signal?: AbortSignal) =>
      new Promise((resolve, reject) => {
        const sleeper = { at: now + time, wake: resolve };
        sleepers.push(sleeper);
        const end = (): void => {
          sleepers = sleepers.filter((one) => one !== sleeper);
          reject(signal?.reason);
        };
        if (signal?.aborted) end();
        else signal?.addEventListener("abort", end, { once: true });
      }),
  };
  return {
    ...clock,
    to(ms: Mono): void {
      now = ms;
      for (const { wake } of sleepers.filter(({ at }) => at <= now)) wake();
      sleepers = sleepers.filter(({ at }) => at > now);
    },
  };
}
