// What a load needs before it may come back: its cold load with the site's margin, and its starting power.
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import type { LoadPlan } from "./layout.ts";

/** A start factor above this is a motor's inrush: it must fit under the surge limit, but is not lasting load. */
const COLD_FACTOR_MAX = 1.5;

/** VA of all phases that must be free, with the margin. */
export const needVa = ({ site }: SiteModel, { spec }: LoadPlan): number =>
  Math.round(spec.rating * Math.min(spec.startFactor, COLD_FACTOR_MAX) * site.control.restoreMargin);

/** VA of all phases that it takes for the first second. */
export const startVa = ({ spec }: LoadPlan): number => spec.rating * spec.startFactor;
