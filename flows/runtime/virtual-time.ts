// The time of flows on trial: Date, timers and hrtime of this process stand still until the trial says how far its plant is,
// and then go there, timer by timer, each at its own moment. So flows and plant never part, however slow the machine is.
// Until `begin`, while Node-RED itself starts, timers are real. What talks to the controller keeps real time, under
// REAL_TIME. Must be done before Node-RED loads: its function nodes are given this very Date. What Node keeps inside
// (deadlines of sockets and of functions) is real as ever.
import { promisify } from "node:util";
import { REAL_TIME, type RealTime } from "../src/site/real-time.ts";

export interface Timed {
  Date: DateConstructor;
  setTimeout: typeof setTimeout;
  clearTimeout: typeof clearTimeout;
  setInterval: typeof setInterval;
  clearInterval: typeof clearInterval;
}

export interface VirtualOptions {
  /** Plant time at the begin, ms since 1970. */
  readonly origin: number;
  /** How many times faster than the host's clock it goes at most. */
  readonly pace: number;
  /** Runs it soon, with nothing else on the stack. */
  readonly soon: (work: () => void) => void;
}

export interface VirtualTime {
  readonly now: number;
  /** From now on timers are those of the plant. */
  begin(): void;
  /** Resolves when all that fell due until `to` has run. One at a time. */
  advance(to: number): Promise<void>;
}

/** Sooner than that no timer is due, as in Node. */
const LEAST_MS = 1;

type Work = () => void;
type Callback = (...args: unknown[]) => void;

class Timer {
  due: number;
  readonly work: Work;
  readonly every: number | undefined;
  isOver = false;

  constructor(work: Work, due: number, every: number | undefined) {
    this.work = work;
    this.due = due;
    this.every = every;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return !this.isOver;
  }
}

/** Timers by when they are due; those of one moment in the order in which they were set. */
class Agenda {
  #timers: Timer[] = [];

  add(timer: Timer): void {
    const place = this.#timers.findLastIndex(({ due }) => due <= timer.due);
    this.#timers.splice(place + 1, 0, timer);
  }

  /** The next that is due until `to`, if any. */
  next(to: number): Timer | undefined {
    while (this.#timers[0]?.isOver) this.#timers.shift();
    const [first] = this.#timers;
    return first !== undefined && first.due <= to ? this.#timers.shift() : undefined;
  }
}

function virtualDate(real: DateConstructor, now: () => number): DateConstructor {
  return new Proxy(real, {
    construct: (target, args, shape) => Reflect.construct(target, args.length === 0 ? [now()] : args, shape),
    apply: () => new real(now()).toString(),
    get: (target, key) => (key === "now" ? now : Reflect.get(target, key)),
  });
}

/** `set` makes a timer of the plant; undefined: it is not its time yet. */
function timersOf(real: Timed, set: (work: Work, ms: number, repeats: boolean) => Timer | undefined) {
  const after = (work: Callback, ms = 0, ...args: unknown[]): unknown =>
    set(() => work(...args), Number(ms), false) ?? real.setTimeout(() => work(...args), ms);
  const again = (work: Callback, ms = 0, ...args: unknown[]): unknown =>
    set(() => work(...args), Number(ms), true) ?? real.setInterval(() => work(...args), ms);
  const end = (handle: unknown): void => {
    if (handle instanceof Timer) handle.isOver = true;
    else real.clearTimeout(handle as ReturnType<typeof setTimeout> | undefined);
  };
  Object.defineProperty(after, promisify.custom, {
    value: (ms: number, value: unknown) => new Promise((resolve) => after(() => resolve(value), ms)),
  });
  return { setTimeout: after, setInterval: again, clearTimeout: end, clearInterval: end };
}

/** What is to be replaced, as it is. */
const timedOf = (of: Timed): Timed => ({
  ...{ Date: of.Date, setTimeout: of.setTimeout, clearTimeout: of.clearTimeout },
  ...{ setInterval: of.setInterval, clearInterval: of.clearInterval },
});

/** Replaces what `of` has of time. */
export function virtualTime(of: Timed, { origin, pace, soon }: VirtualOptions): VirtualTime {
  const { Date: realDate, ...timers } = timedOf(of);
  const real: Timed = { Date: realDate, ...timers };
  const agenda = new Agenda();
  let [now, begun] = [origin, false];
  const set = (work: Work, ms: number, repeats: boolean): Timer | undefined => {
    if (!begun) return undefined;
    const wait = Math.max(ms || LEAST_MS, LEAST_MS);
    const timer = new Timer(work, now + wait, repeats ? wait : undefined);
    agenda.add(timer);
    return timer;
  };
  Object.assign(of, timersOf(real, set), {
    Date: virtualDate(realDate, () => Math.floor(now)),
    [REAL_TIME]: { ...timers, pace } satisfies RealTime,
  });
  const run = (timer: Timer): void => {
    if (timer.isOver) return;
    if (timer.every === undefined) timer.isOver = true;
    else {
      timer.due += timer.every;
      agenda.add(timer);
    }
    timer.work();
  };
  return {
    get now() {
      return now;
    },
    begin() {
      begun = true;
    },
    async advance(to) {
      for (let timer = agenda.next(to); timer !== undefined; timer = agenda.next(to)) {
        const due = timer;
        now = Math.max(now, due.due);
        await new Promise<void>((resolve) =>
          soon(() => {
            resolve();
            run(due);
          }),
        );
      }
      now = Math.max(now, to);
    },
  };
}

/** Node-RED's delay nodes count by it. */
export function virtualHrtime(of: Pick<NodeJS.Process, "hrtime">, time: Pick<VirtualTime, "now">): void {
  const origin = of.hrtime.bigint();
  const start = time.now;
  const now = (): bigint => origin + BigInt(Math.round((time.now - start) * 1e6));
  const hrtime = (since?: [number, number]): [number, number] => {
    const told = now() - (since === undefined ? 0n : BigInt(since[0]) * 1_000_000_000n + BigInt(since[1]));
    return [Number(told / 1_000_000_000n), Number(told % 1_000_000_000n)];
  };
  of.hrtime = Object.assign(hrtime, { bigint: now });
}
