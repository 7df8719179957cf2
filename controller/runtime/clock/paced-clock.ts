// Plant time as the twin gives it out: one frame per step of the world (contract/pace.ts). Between frames time moves
// on at the frame's speed, never past the next one; it never goes back. Sleepers wake with the frame that reaches
// them, so that at 60× a whole poll round fits between two steps of the world.
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import type { Clock } from "@gridwright/contract/clock.ts";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { PaceDone, PaceFrame } from "@gridwright/contract/pace.ts";
import { epoch, type Millis, type Mono, mono, seconds } from "@gridwright/contract/units.ts";

export interface PacedClock extends Clock {
  /** Plant seconds per real second. */
  speed(): number;
  /** Names the twin's run; used in place of the machine's boot id. */
  readonly run: string;
  /** Tells the twin that everything up to `at` is decided. */
  done(at: Mono): void;
  close(): void;
}

interface Sleeper {
  readonly until: Mono;
  readonly wake: () => void;
}

/** Without a frame for this long (real), time runs on by itself: the twin is gone or stuck. */
const SILENCE_MAX = seconds(1);
const CONNECT_MAX = seconds(10);

export interface PaceOptions {
  readonly host: string;
  readonly port: number;
  readonly io: Clock;
  /** Called when the twin went away for good or came back as another run. */
  readonly onLost: (why: string) => void;
}

/** Connects and waits for the first frame; rejects with `link-down` when the twin does not answer. */
export async function connectPace({ host, port, io, onLost }: PaceOptions): Promise<PacedClock> {
  const socket = connect({ host, port, noDelay: true });
  const lines = createInterface({ input: socket });
  const pace = createPace(socket, io);
  const first = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(lost(host, port, "no answer")), CONNECT_MAX);
    lines.on("line", (line) => {
      clearTimeout(timer);
      const message: unknown = JSON.parse(line);
      if (isFrame(message)) pace.take(message);
      resolve();
    });
    // The reader repeats its socket's error: both are taken here.
    for (const source of [socket, lines])
      source.on("error", (cause: Error) => reject(lost(host, port, cause.message)));
  });
  socket.on("close", () => onLost("the twin closed the pace line"));
  await first;
  return pace.clock();
}

const lost = (host: string, port: number, why: string) =>
  new GridwrightError("link-down", `The twin's pace line at ${host}:${port} is not there: ${why}.`);

const isFrame = (message: unknown): message is PaceFrame =>
  typeof message === "object" && message !== null && "stepMs" in message && "m" in message;

/** Sleepers of a clock that somebody else moves on; `wakeDue` is to be called when it moved. */
function createSleepers(now: () => Mono) {
  const sleepers = new Set<Sleeper>();
  const wakeDue = (): void => {
    const at = now();
    for (const sleeper of sleepers) if (sleeper.until <= at) sleeper.wake();
  };
  const sleep = (duration: Millis, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const end = (finish: () => void) => (): void => {
        sleepers.delete(sleeper);
        clearInterval(timer);
        signal?.removeEventListener("abort", abort);
        finish();
      };
      const abort = end(() => reject(signal?.reason));
      const sleeper: Sleeper = { until: mono(now() + duration), wake: end(resolve) };
      const timer = setInterval(wakeDue, SILENCE_MAX);
      signal?.addEventListener("abort", abort);
      sleepers.add(sleeper);
    });
  return { wakeDue, sleep };
}

function createPace(socket: Socket, io: Clock) {
  let frame: PaceFrame | undefined;
  let frameAt = io.now();
  let last = mono(0);
  const now = (): Mono => {
    if (frame === undefined) return last;
    const real = io.now() - frameAt;
    const passed = real * frame.speed;
    const within = real > SILENCE_MAX ? passed : Math.min(passed, frame.stepMs - 1);
    last = mono(Math.max(last, Math.floor(frame.m + within)));
    return last;
  };
  const { wakeDue, sleep } = createSleepers(now);
  const done = (at: Mono): void => {
    const message: PaceDone = { done: at };
    if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
  };
  return {
    take(next: PaceFrame): void {
      frame = next;
      frameAt = io.now();
      wakeDue();
    },
    clock: (): PacedClock => ({
      now,
      wall: () => epoch(frame === undefined ? 0 : frame.t + (now() - frame.m)),
      sleep,
      speed: () => frame?.speed ?? 1,
      run: frame?.run ?? "",
      done,
      close: () => socket.destroy(),
    }),
  };
}
