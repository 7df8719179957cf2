// A run of the village with every invariant checked at every tick; the first that breaks ends it.
import { watchAll } from "@gridwright/twin/simulate/checks/all-checks.ts";
import { type LiveOptions, live } from "./live-village.ts";

/** Throws Broken with the invariant's name, the plant time and what was seen. Returns the plant as it stands at the end. */
export const checked = (options: Omit<LiveOptions, "watch">): ReturnType<typeof live> =>
  live({ ...options, watch: watchAll() });
