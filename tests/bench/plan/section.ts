// The planner measured: how long it takes and whom it disturbs, and what it is worth.
import { seasons } from "./seasons.ts";
import { solving } from "./solving.ts";

export const benchPlan = async (quick: boolean): Promise<string> =>
  `${await solving(quick)}\n\n### Four seasons\n\n${await seasons(quick)}`;
