// What kind of act a decision is, as people ask for it: was something taken, given, wished by somebody, or a source steered.
import type { Decision } from "./decision.ts";

export const ACTS = ["taken", "given", "asked", "steered"] as const;
export type Act = (typeof ACTS)[number];

/** Rules that carry out what a person wants. */
const ASKED: ReadonlySet<string> = new Set(["requests", "manual-hold", "permits", "limits"]);
const STEERED: ReadonlySet<string> = new Set(["generator", "batteries", "input-limit"]);

/** Pure; a limit of all there is counts as given. */
export function actOf({ set, rule }: Pick<Decision, "set" | "rule">): Act {
  if (ASKED.has(rule)) return "asked";
  if (set.kind === "setpoint" || STEERED.has(rule)) return "steered";
  const whole = set.kind === "switch" ? set.on : set.share >= 1;
  return whole ? "given" : "taken";
}
