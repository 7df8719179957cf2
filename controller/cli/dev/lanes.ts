// How many test files run at once: two, and more while processors have nothing to do, for many a test waits for a plant's time.
import { cpus } from "node:os";

export const LANES_MIN = 2;
const LANES_MAX = 4;
/** Idle share of all processors over the last look from which one more is begun: half of a core of two. */
const IDLE_ENOUGH = 0.25;
const LOOK_MS = 3_000;

export type Lanes = <T>(run: () => Promise<T>) => Promise<T>;

export interface LanesOptions {
  readonly most?: number;
  /** Share of the processors that had nothing to do since it was asked last, 0..1. */
  readonly idle?: () => number;
  /** Calls `look` again and again; gives what ends it. */
  readonly every?: (look: () => void) => () => void;
}

/** Idle share since the call before, with what runs beside the others as idle; the first tells of the time since the machine started. */
export function idleMeter(read: typeof cpus = cpus): () => number {
  let [idleBefore, allBefore] = [0, 0];
  return () => {
    let [idle, all] = [0, 0];
    for (const { times } of read()) {
      idle += times.idle + times.nice;
      all += times.user + times.nice + times.sys + times.irq + times.idle;
    }
    const share = all > allBefore ? (idle - idleBefore) / (all - allBefore) : 0;
    [idleBefore, allBefore] = [idle, all];
    return share;
  };
}

function onTimer(look: () => void): () => void {
  const timer = setInterval(look, LOOK_MS);
  return () => clearInterval(timer);
}

/** Runs what it is given in the order in which it was asked: two at once, up to `most` while processors are idle. */
export function lanes({ most = LANES_MAX, idle = idleMeter(), every = onTimer }: LanesOptions = {}): Lanes {
  const waiting: (() => void)[] = [];
  let running = 0;
  let end: (() => void) | undefined;
  const begin = (): void => {
    const next = waiting.shift();
    if (next === undefined) return;
    running += 1;
    next();
  };
  const look = (): void => {
    const isIdle = idle() >= IDLE_ENOUGH;
    if (isIdle && running < most) begin();
  };
  const ended = (): void => {
    running -= 1;
    if (running < LANES_MIN) begin();
    if (running > 0) return;
    end?.();
    end = undefined;
  };
  return async (run) => {
    end ??= every(look);
    await new Promise<void>((go) => {
      waiting.push(go);
      if (running < LANES_MIN) begin();
    });
    try {
      return await run();
    } finally {
      ended();
    }
  };
}
