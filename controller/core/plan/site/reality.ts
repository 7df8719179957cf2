// Whether reality has left the plan: charge, sun or loads outside what the plan has for the hour by more than a margin, for
// longer than a passing cloud or a kettle lasts. Pure. Sun that is throttled and loads that were switched off tell nothing of
// what there would have been.

import type { Reason } from "@gridwright/contract/decision.ts";
import type { Band } from "@gridwright/contract/forecast.ts";
import type { SitePlan, SitePlanStep } from "@gridwright/contract/plan/site-plan.ts";
import { type Epoch, minutes } from "@gridwright/contract/units.ts";
import { reason } from "../../tick.ts";

/** What is measured now; undefined: not known. */
export interface Measured {
  /** Mean charge of the batteries. */
  readonly soc: number | undefined;
  /** W of all arrays, and whether something holds them below what the sun would give. */
  readonly sunW: number | undefined;
  readonly throttled: boolean;
  /** W of all consumers that follow habits, and whether one of them has no supply. */
  readonly loadW: number | undefined;
  readonly withheld: boolean;
}

/** Charge may be so far from the plan; sun and loads so far outside their bounds, as a share of the plan's highest. */
export const MARGIN = { charge: 0.06, power: 0.1 } as const;
/** So long on end, in plant time. */
export const LEFT_AFTER = { charge: minutes(2), sun: minutes(5), load: minutes(5) } as const;
export type Leaving = keyof typeof LEFT_AFTER;

/** Sun and loads are looked at as means of about so long. */
const SMOOTH_MS = minutes(5);

interface Smooth {
  readonly at: Epoch;
  readonly watts: number;
}

/** What is remembered from look to look. */
export interface Watch {
  readonly sun?: Smooth;
  readonly load?: Smooth;
  readonly since: Readonly<Partial<Record<Leaving, Epoch>>>;
}

export const unwatched: Watch = { since: {} };

function smoothed(before: Smooth | undefined, watts: number | undefined, now: Epoch): Smooth | undefined {
  if (watts === undefined) return undefined;
  if (before === undefined || now < before.at) return { at: now, watts };
  const weight = 1 - Math.exp(-(now - before.at) / SMOOTH_MS);
  return { at: now, watts: before.watts + weight * (watts - before.watts) };
}

type Course = Pick<SitePlan, "steps" | "stepMs">;

const stepAt = ({ steps, stepMs }: Course, now: Epoch): number =>
  steps.findIndex(({ at }) => now >= at && now < at + stepMs);

/** Where the plan has the charge now: between the ends of its hours. */
export function plannedCharge({ steps, stepMs }: Course, now: Epoch): number | undefined {
  const at = stepAt({ steps, stepMs }, now);
  const [before, step] = [steps[at - 1], steps[at]];
  if (step?.soc == null || before?.soc == null) return undefined;
  return before.soc + ((step.soc - before.soc) * (now - step.at)) / stepMs;
}

interface Bounds {
  readonly low: number;
  readonly high: number;
}

const highest = ({ steps }: SitePlan, of: (step: SitePlanStep) => Band): number =>
  Math.max(...steps.map((step) => of(step).high));
const isOutside = (value: number | undefined, bounds: Bounds): boolean =>
  value !== undefined && (value < bounds.low || value > bounds.high);

/** Between which values each may be now. */
function boundsOf(
  plan: SitePlan,
  measured: Measured,
  now: Epoch,
): Readonly<Record<Leaving, Bounds>> | undefined {
  const step = plan.steps[stepAt(plan, now)];
  if (step === undefined) return undefined;
  const planned = plannedCharge(plan, now);
  const off = Object.values(step.unservedW).reduce((sum, watts) => sum + watts, 0);
  const [sunMargin, loadMargin] = [
    MARGIN.power * highest(plan, ({ sun }) => sun),
    MARGIN.power * highest(plan, ({ load }) => load),
  ];
  const anything = Number.NEGATIVE_INFINITY;
  return {
    charge:
      planned === undefined
        ? { low: anything, high: Number.POSITIVE_INFINITY }
        : { low: planned - MARGIN.charge, high: planned + MARGIN.charge },
    sun: {
      low: measured.throttled ? anything : step.sun.low - step.spareW - sunMargin,
      high: step.sun.high + sunMargin,
    },
    load: {
      low: measured.withheld ? anything : step.load.low - off - loadMargin,
      high: step.load.high + loadMargin,
    },
  };
}

const lookedAt = (watch: Watch, measured: Measured): Readonly<Record<Leaving, number | undefined>> => ({
  charge: measured.soc,
  sun: watch.sun?.watts,
  load: watch.load?.watts,
});

/** The watch after one look. Without a plan it only goes on with its means. */
export function watchAfter(
  before: Watch,
  measured: Measured,
  at: { plan: SitePlan | undefined; now: Epoch },
): Watch {
  const { plan, now } = at;
  const sun = smoothed(before.sun, measured.sunW, now);
  const load = smoothed(before.load, measured.loadW, now);
  const means: Watch = { ...(sun && { sun }), ...(load && { load }), since: {} };
  const bounds = plan && boundsOf(plan, measured, now);
  if (bounds === undefined) return means;
  const values = lookedAt(means, measured);
  const outside = (Object.keys(LEFT_AFTER) as Leaving[]).filter((what) =>
    isOutside(values[what], bounds[what]),
  );
  return { ...means, since: Object.fromEntries(outside.map((what) => [what, before.since[what] ?? now])) };
}

/** What has left the plan for long enough, in the order of LEFT_AFTER; what was so before a plan counts from its making. */
function left({ since }: Watch, plan: SitePlan, now: Epoch): Leaving[] {
  return (Object.keys(LEFT_AFTER) as Leaving[]).filter((what) => {
    const from = since[what];
    return from !== undefined && now - Math.max(from, plan.madeAt) >= LEFT_AFTER[what];
  });
}

/** Why the plan no longer holds; undefined: it does. */
export function leftWhy(
  watch: Watch,
  measured: Measured,
  at: { plan: SitePlan; now: Epoch },
): Reason | undefined {
  const { plan, now } = at;
  const [what] = left(watch, plan, now);
  const step = plan.steps[stepAt(plan, now)];
  if (what === undefined || step === undefined) return undefined;
  if (what === "charge")
    return reason("plan-left-charge", {
      nowRatio: measured.soc ?? 0,
      plannedRatio: plannedCharge(plan, now) ?? 0,
    });
  const forMs = now - (watch.since[what] ?? now);
  const { low, high } = what === "sun" ? step.sun : step.load;
  const nowW = (what === "sun" ? watch.sun?.watts : watch.load?.watts) ?? 0;
  return reason(what === "sun" ? "plan-left-sun" : "plan-left-load", { nowW, lowW: low, highW: high, forMs });
}

/** W of sun and loads that are outside the plan now: the next one must begin from them. */
export const outsideNow = ({
  sun,
  load,
  since,
}: Watch): { readonly sunW?: number; readonly loadW?: number } => ({
  ...(since.sun !== undefined && sun && { sunW: sun.watts }),
  ...(since.load !== undefined && load && { loadW: load.watts }),
});
