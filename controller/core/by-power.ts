// Who may ask how much: that a load or the sun be less, that a load count as less needed, what a battery gives or takes. Never
// for more need than its people said, and never of what is needed most.
import type { Reason } from "@gridwright/contract/decision.ts";
import type { Request, RequestBody, Role } from "@gridwright/contract/request.ts";
import { isConsumer } from "@gridwright/contract/site/assets.ts";
import type { AssetModel } from "@gridwright/contract/site/model.ts";
import { reason } from "./tick.ts";

export type ByPower = Extract<RequestBody, { kind: "limit" | "tier" | "setpoint" }>;
const KINDS: ReadonlySet<RequestBody["kind"]> = new Set(["limit", "tier", "setpoint"]);

const ASKS: ReadonlySet<Role> = new Set(["technician", "admin", "flow"]);

export const isByPower = (body: RequestBody): body is ByPower => KINDS.has(body.kind);

/** How much an AC input takes is what its sources bear: nobody's wish. */
const told = ({ id, actuator, spec }: AssetModel, kind: "limit" | "setpoint"): Reason | undefined => {
  if (actuator?.kind !== kind || spec.kind === "inverter")
    return reason(kind === "limit" ? "answer-no-limit" : "answer-no-setpoint", { asset: id });
  return actuator.locked ? reason("skipped-floor") : undefined;
};

function yielding({ id, spec }: AssetModel, tier: number): Reason | undefined {
  if (!isConsumer(spec)) return reason("answer-no-switch", { asset: id });
  return tier < spec.tier ? reason("answer-more-needed", { asset: id, tier: spec.tier }) : undefined;
}

/** Why it may not be asked; undefined: the rules weigh it. */
export function byPowerRefusal({ role }: Request, body: ByPower, asset: AssetModel): Reason | undefined {
  const wrong = body.kind === "tier" ? yielding(asset, body.tier) : told(asset, body.kind);
  if (wrong !== undefined) return wrong;
  if (isConsumer(asset.spec) && asset.spec.tier === 0) return reason("skipped-tier-zero");
  return ASKS.has(role) ? undefined : reason("answer-role", { role });
}
