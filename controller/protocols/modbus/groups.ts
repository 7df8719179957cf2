// The poll groups of a device: registers that are read together, so that their values share one age. Pure.
import type { Sample } from "@gridwright/contract/ports.ts";
import { POLL_CLASSES, POLL_PERIOD_MS, type PollClass } from "@gridwright/contract/profile.ts";
import { type Block, planReads } from "./plan.ts";
import { type Register, type Sums, samplesOf, spansOf, type WordsAt } from "./registers.ts";

export interface Group {
  readonly poll: PollClass;
  readonly periodMs: number;
  readonly blocks: readonly Block[];
  /** What the words of all blocks mean. */
  samples(wordsAt: WordsAt): readonly Sample[];
}

export interface DevicePoints {
  readonly registers: readonly Register[];
  readonly sums: Sums;
  /** Points that the profile names and this device does not have. */
  readonly missing: readonly { readonly point: string; readonly poll: PollClass }[];
  readonly registersMax: number;
  /** Period of the fast class, in ms. */
  readonly fastMs: number;
}

/** How often a class is read on a device whose fast points are read every `fastMs`. */
export const periodOf = (poll: PollClass, fastMs: number): number =>
  poll === "fast" ? fastMs : POLL_PERIOD_MS[poll];

/** One group per poll class that has points. */
export function groupsOf({ registers, sums, missing, registersMax, fastMs }: DevicePoints): readonly Group[] {
  return POLL_CLASSES.flatMap((poll): Group[] => {
    const here = registers.filter((register) => register.poll === poll);
    const lacking = missing.filter((each) => each.poll === poll);
    if (here.length === 0 && lacking.length === 0) return [];
    const unfitted = lacking.map(({ point }): Sample => ({ point, absent: "not-fitted" }));
    return [
      {
        poll,
        periodMs: periodOf(poll, fastMs),
        blocks: planReads(spansOf(here, registersMax), registersMax),
        samples: (wordsAt) => [...samplesOf(here, sums, wordsAt), ...unfitted],
      },
    ];
  });
}
