// Whether what runs proves itself: control acts, devices are read, the page answers, for a while on end. What starts slowly is
// waited for; what comes up and falls down again is not well.
import type { Clock } from "@gridwright/contract/clock.ts";
import { type Millis, seconds } from "@gridwright/contract/units.ts";

/** One look at what runs. */
export interface Looked {
  /** Control is heard and ticks. */
  readonly acts: boolean;
  /** How many devices answer. */
  readonly devices: number;
  readonly page: boolean;
}

export interface Proving {
  readonly io: Pick<Clock, "now" | "sleep">;
  readonly look: () => Promise<Looked>;
  /** How many devices answered before; fewer are not well. */
  readonly devices: number;
  /** How long it is waited for. */
  readonly patience: Millis;
}

const LOOK = seconds(2);
/** So many good looks on end. */
const GOOD_LOOKS = 6;

function complaint({ acts, devices, page }: Looked, before: number): string | undefined {
  if (!acts) return "control does not act";
  if (devices < before) return `${devices} devices answer; before it were ${before}`;
  return page ? undefined : "the page does not answer";
}

/** What is not well at the end of all patience; undefined: it proved itself. */
export async function prove({ io, look, devices, patience }: Proving): Promise<string | undefined> {
  const until = io.now() + patience;
  let good = 0;
  let last = "nothing was heard";
  while (io.now() < until) {
    const wrong = complaint(await look(), devices);
    good = wrong === undefined ? good + 1 : 0;
    last = wrong ?? last;
    if (good >= GOOD_LOOKS) return undefined;
    await io.sleep(LOOK);
  }
  return last;
}
