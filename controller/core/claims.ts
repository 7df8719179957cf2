// The fold of all rules' words: the highest rule that spoke of an asset is kept, what lower ones wanted instead is
// remembered beside it. Only a rule that protects may switch off or limit what a soft word above it would keep. Another
// limit leaves room below itself: a lower rule may tighten it, never widen it.
import type { Setting } from "@gridwright/contract/decision.ts";
import type { Bound, Claim, Rule } from "./tick.ts";
import { isOff, sameSetting } from "./tick.ts";

const beaten = ({ rule, set, reason }: Claim) => ({ rule, set, reason });

function joined(standing: Claim | undefined, bound: Bound, rule: Rule): Claim {
  const next: Claim = { ...bound, rule: rule.name, considered: [] };
  if (standing === undefined) return next;
  if (sameSetting(standing.set, bound.set))
    return rule.protects && standing.soft && isOff(bound.set) ? next : standing;
  if (standing.soft && rule.protects && (isOff(bound.set) || bound.set.kind === "limit"))
    return { ...next, considered: [...standing.considered, beaten(standing)] };
  if (!standing.soft && isTighter(bound.set, standing.set))
    return { ...next, considered: [...standing.considered, beaten(standing)] };
  return { ...standing, considered: [...standing.considered, beaten(next)] };
}

const isTighter = (set: Setting, than: Setting): boolean =>
  set.kind === "limit" && than.kind === "limit" && set.share < than.share;

/** Folds what `rule` said into the claims. */
export function fold(claims: Map<string, Claim>, rule: Rule, bounds: readonly Bound[]): void {
  for (const bound of bounds) claims.set(bound.asset, joined(claims.get(bound.asset), bound, rule));
}
