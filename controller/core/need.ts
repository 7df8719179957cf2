// What a load needs before it may come back: its cold load with the site's margin, and its starting power.
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import type { LoadPlan } from "./layout.ts";

/** A start factor above this is a motor's inrush: it must fit under the surge limit, but is not lasting load. */
const COLD_FACTOR_MAX = 1.5;

/** VA of all phases that must be free, with the margin. */
export const needVa = ({ site }: SiteModel, load: LoadPlan): number =>
  Math.round(coldVa(load) * site.control.restoreMargin);

/** Loads of this tier and later are off when the inverter tries again, and wait until a returned source has held. */
export const BLACK_START_TIER = 2;

/** VA of all phases that it takes after a long time without supply. */
export const coldVa = ({ spec }: LoadPlan): number =>
  spec.rating * Math.min(spec.startFactor, COLD_FACTOR_MAX);

/** VA of all phases that it takes for the first second. */
export const startVa = ({ spec }: LoadPlan): number => spec.rating * spec.startFactor;
