// What the ladder does when a set that it counts on does not start: the step of saving that follows the start begins at
// the start's own threshold, since the energy that it was to bring does not come.
import type { LadderStep } from "@gridwright/contract/site/site.ts";
import type { Memory } from "../memory.ts";

/** Sets that stand with a failure. */
export const failedSets = ({ generators }: Pick<Memory, "generators">): ReadonlySet<string> =>
  new Set(Object.entries(generators).flatMap(([id, { state }]) => (state.phase === "failed" ? [id] : [])));

/** The steps as they count while `failed` sets give nothing; places stay the same. */
export function standIn(steps: readonly LadderStep[], failed: ReadonlySet<string>): readonly LadderStep[] {
  if (failed.size === 0) return steps;
  return steps.map((step, place) => {
    const start = steps[place - 1];
    if (start === undefined || !("start" in start) || !failed.has(start.start) || !("shed" in step))
      return step;
    const raise = start.below.value - step.below.value;
    if (start.below.by !== step.below.by || raise <= 0) return step;
    return {
      ...step,
      below: start.below,
      restore: { ...step.restore, value: step.restore.value + raise },
    };
  });
}
