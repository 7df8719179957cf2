// A brain with a planted bug, for tests of what is made of a broken day: it lets go of what a person holds.
import { decide } from "@gridwright/core/decide.ts";
import type { DecideInput, Step } from "@gridwright/core/step.ts";

/** Decides rightly, and says of every held load that it has supply. */
export function forgetful(input: DecideInput): Step {
  const step = decide(input);
  const wanted = Object.fromEntries(
    Object.entries(step.memory.wanted).map(([id, kept]) => [
      id,
      step.memory.holds[id] === undefined ? kept : { ...kept, set: { kind: "switch", on: true } as const },
    ]),
  );
  return { ...step, memory: { ...step.memory, wanted } };
}
