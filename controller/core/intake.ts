// Requests at the door: each id once, and only from those who may ask. What passes is weighed by the rules; what does
// not is answered here with the reason. A hold is in the safe direction: everybody with a role may place one.
import type { Reason } from "@gridwright/contract/decision.ts";
import {
  type Answer,
  type Request,
  type RequestBody,
  ROLES,
  type Role,
} from "@gridwright/contract/request.ts";
import { isConsumer } from "@gridwright/contract/site/assets.ts";
import type { AssetModel, SiteModel } from "@gridwright/contract/site/model.ts";
import { elapsed, hours } from "@gridwright/contract/units.ts";
import { boxRefusal, isOfBox } from "./boxes.ts";
import { type ByPower, byPowerRefusal, isByPower } from "./by-power.ts";
import type { Memory } from "./memory.ts";
import type { PlantState } from "./state.ts";
import { reason } from "./tick.ts";

/** Ids remembered, at most and for how long; a ttl is 15 minutes at most. */
const IDS_MAX = 512;
const IDS_FOR = hours(1);

export const answer = ({ id, issuer }: Request, outcome: Answer["outcome"], why: Reason): Answer => ({
  id,
  issuer,
  outcome,
  reason: why,
});

type Target = Exclude<Extract<RequestBody, { asset: string }>, { kind: "withdraw" }>;

function roleRefusal(
  { role, issuer, member }: Request,
  body: Target,
  owner: string | undefined,
): Reason | undefined {
  const refused = reason("answer-role", { role });
  if (role === "viewer" || role === "neighbour") return refused;
  if (body.kind === "clear-hold") return role === "technician" || role === "admin" ? undefined : refused;
  return role === "member" && owner !== undefined && owner !== (member ?? issuer) ? refused : undefined;
}

/** Who may ask for a set to run or to stand: it costs everybody's fuel. */
const ASKS_SETS: ReadonlySet<Role> = new Set(["technician", "admin", "planner", "flow"]);
/** Who may light a signal for alerts: services while an alarm stands, and who looks after the site, to try it. */
const LIGHTS: ReadonlySet<Role> = new Set(["technician", "admin", "planner"]);

/** Of what is no load but may be switched by a wish: who may; undefined: it is none of these. */
function askersOf(spec: AssetModel["spec"]): ReadonlySet<Role> | undefined {
  if (spec.kind === "generator") return ASKS_SETS;
  return spec.kind === "signal" && spec.shows === "alert" ? LIGHTS : undefined;
}

/** Past the queue, a machine whose users must be trained or not alone is started by none but these. */
const STARTS_RULED: ReadonlySet<Role> = new Set(["technician", "admin", "planner"]);
const isRuled = (spec: AssetModel["spec"]): boolean =>
  spec.kind === "machine" && (spec.training !== undefined || spec.present.length > 0);

/** People may ask of what has supply, not of what gives it. */
const isAskable = ({ actuator, spec }: AssetModel): boolean =>
  actuator?.kind === "switch" ||
  (actuator?.kind === "limit" && spec.kind !== "pv" && spec.kind !== "inverter");

/** Who may send what acts on no asset anew: that an alarm was seen, what the queue counted, what two people agreed (services
 * saw them sign in). */
const MAY_SEND: Readonly<Record<Exclude<RequestBody, Target>["kind"], ReadonlySet<Role>>> = {
  acknowledge: new Set(ROLES.filter((role) => role !== "viewer")),
  use: new Set(["planner"]),
  withdraw: new Set(["flow"]),
  flows: new Set(["flow"]),
  "flows-watch": new Set(["flow"]),
  agree: new Set(["technician", "admin"]),
  "end-agreement": new Set(["technician", "admin"]),
  "box-line": new Set(["technician", "admin"]),
  "box-gains": new Set(["technician", "admin"]),
};

/** The last word on a switch of what has rules of its own; `why` undefined: it passes. */
function switchRule(
  { role }: Request,
  { asset, on }: Extract<Target, { kind: "switch" }>,
  spec: AssetModel["spec"],
): { readonly why: Reason | undefined } | undefined {
  const askers = askersOf(spec);
  if (askers !== undefined) return { why: askers.has(role) ? undefined : reason("answer-role", { role }) };
  return on && isRuled(spec) && !STARTS_RULED.has(role)
    ? { why: reason("answer-queue", { asset }) }
    : undefined;
}

function refusal({ model, state }: Arrivals, request: Request): Reason | undefined {
  const { body, role } = request;
  if (!("asset" in body) || body.kind === "withdraw") {
    if (!MAY_SEND[body.kind].has(role)) return reason("answer-role", { role });
    return isOfBox(body) ? boxRefusal(model, state, body) : undefined;
  }
  const asset = model.assets[body.asset];
  if (asset === undefined) return reason("answer-unknown-asset", { asset: body.asset });
  return isByPower(body) ? byPowerRefusal(request, body, asset) : targetRefusal(request, body, asset);
}

function targetRefusal(
  request: Request,
  body: Exclude<Target, ByPower>,
  asset: AssetModel,
): Reason | undefined {
  const { spec, actuator } = asset;
  if (!isAskable(asset)) return reason("answer-no-switch", { asset: body.asset });
  if (actuator?.locked) return reason("skipped-floor");
  const off = body.kind !== "clear-hold" && !(body.kind === "switch" && body.on);
  if (isConsumer(spec) && spec.tier === 0 && off) return reason("skipped-tier-zero");
  const ruled = body.kind === "switch" ? switchRule(request, body, spec) : undefined;
  if (ruled !== undefined) return ruled.why;
  if (body.kind !== "hold" && body.kind !== "clear-hold" && !isConsumer(spec))
    return reason("answer-no-switch", { asset: body.asset });
  return roleRefusal(request, body, isConsumer(spec) ? spec.member : undefined);
}

export interface Intake {
  /** For the rules to weigh; each still needs its answer. */
  readonly requests: readonly Request[];
  readonly answers: readonly Answer[];
  readonly remembered: Memory["requests"];
}

interface Arrivals {
  readonly model: SiteModel;
  readonly memory: Memory;
  readonly requests: readonly Request[];
  readonly state: PlantState;
}

/** What is acknowledged, told for the record or asked of a box: it is answered here. */
const ANSWERED: ReadonlySet<RequestBody["kind"]> = new Set(["acknowledge", "use", "box-line", "box-gains"]);

export function intake(arrivals: Arrivals): Intake {
  const { memory, requests, state } = arrivals;
  const { now } = state;
  if (requests.length === 0) return { requests, answers: [], remembered: memory.requests };
  const known = new Set(memory.requests.map(({ id }) => id));
  const passed: Request[] = [];
  const answers: Answer[] = [];
  for (const request of requests) {
    const why = known.has(request.id) ? reason("answer-replayed") : refusal(arrivals, request);
    known.add(request.id);
    if (why !== undefined) answers.push(answer(request, "refused", why));
    else {
      // Rules that keep an account of what is answered here see it too.
      passed.push(request);
      if (ANSWERED.has(request.body.kind))
        answers.push(answer(request, "accepted", reason("answer-accepted")));
    }
  }
  const old = memory.requests.filter(({ at }) => elapsed(at, now) < IDS_FOR);
  const fresh = requests.map(({ id }) => ({ id, at: now }));
  return { requests: passed, answers, remembered: [...old, ...fresh].slice(-IDS_MAX) };
}
