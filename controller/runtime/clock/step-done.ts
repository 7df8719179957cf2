// When control has done its part of a step of a paced plant: everything due is read, every command is out. A slow
// machine makes the plant slower, not wrong, so it is waited for as long as answers keep coming; a device that is
// dead brings none and does not hold the village up.
import type { Clock } from "@gridwright/contract/clock.ts";
import { elapsed, millis } from "@gridwright/contract/units.ts";

export interface StepWork {
  /** Resolves when nothing is due or under way any more. */
  idle(): Promise<unknown>;
  /** Grows with each answer. */
  answers(): number;
}

/** How often answers are counted, in real time. */
const LOOK = millis(30);
/** So many looks in a row without an answer: who is still awaited is dead or slow itself. */
const LOOKS_MAX = 2;
/** Real time that a step may take at most: below the twin's patience, or hardly any where the plant is not hurried. */
const STEP_MAX = { hurried: millis(900), real: millis(60) } as const;
/** Plant seconds per real second from which on a slow machine could fall behind. */
const HURRIED_FROM = 5;

/** Resolves when the step is done or nobody answers any more; never rejects. `speed`: plant seconds per real one. */
export async function stepDone(work: StepWork, io: Clock, speed: number): Promise<void> {
  const most = speed >= HURRIED_FROM ? STEP_MAX.hurried : STEP_MAX.real;
  const from = io.now();
  let done = false;
  const idle = work.idle().then(() => {
    done = true;
  });
  let answers = work.answers();
  let still = 0;
  while (!done && still < LOOKS_MAX && elapsed(from, io.now()) < most) {
    await Promise.race([idle, io.sleep(LOOK)]);
    const now = work.answers();
    still = now === answers ? still + 1 : 0;
    answers = now;
  }
}
