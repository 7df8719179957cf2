// The shares of its rating to which a load that can be limited is told to keep: whole steps, and none on which it would stop.
import type { LoadPlan } from "./layout.ts";

export const SHARE_STEP = 0.05;

/** The share in whole steps, rounded down. */
export const inSteps = (share: number): number =>
  Number((Math.floor(share * (1 / SHARE_STEP) + 1e-9) * SHARE_STEP).toFixed(2));

/** The share in whole steps, rounded up; at most 1. */
export const upInSteps = (share: number): number =>
  Math.min(1, Number((Math.ceil(share * (1 / SHARE_STEP) - 1e-9) * SHARE_STEP).toFixed(2)));

/** The least share on which a load runs. */
export const leastShare = ({ spec }: Pick<LoadPlan, "spec">): number =>
  Math.max(SHARE_STEP, upInSteps(spec.limitMin));

/** The share with which a load takes no more than `va`, 0..1; 0: it cannot run on that. */
export function shareFor(plan: Pick<LoadPlan, "spec">, va: number): number {
  const share = inSteps(Math.max(0, va) / plan.spec.rating);
  return share < leastShare(plan) ? 0 : Math.min(1, share);
}
