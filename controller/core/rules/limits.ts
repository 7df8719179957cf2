// What flows and technicians ask to be less: the power of a load that can be limited, the output of the sun. The last word of
// all, since it may only tighten what the others gave; a lost flow, a taken-back wish or its own time ends it. Less sun is
// not asked for while supply is short.
import type { Answer, Request } from "@gridwright/contract/request.ts";
import { later, millis } from "@gridwright/contract/units.ts";
import { askedReason, personFirst, standingBefore, unexpired } from "../asked-by.ts";
import { answer } from "../intake.ts";
import type { Cap, Memory } from "../memory.ts";
import { type Bound, coarse, isOff, NOTHING, type Rule, reason, type Tick } from "../tick.ts";

/** What is asked of a load is a share that it can keep to: below this it would stop. */
const LEAST_SHARE = 0.05;

const isSun = ({ model }: Tick, asset: string): boolean => model.assets[asset]?.spec.kind === "pv";

/** A load is off that would be on if there were enough. */
const isShort = ({ layout, claims }: Tick): boolean =>
  layout.loads.some(({ id }) => {
    const claim = claims.get(id);
    return claim !== undefined && isOff(claim.set) && (claim.rule === "ladder" || claim.rule === "overload");
  });

function leastOf({ layout }: Tick, asset: string): number {
  const load = layout.loads[layout.load.get(asset)?.index ?? -1];
  return load === undefined ? 0 : Math.max(load.spec.limitMin, LEAST_SHARE);
}

type Asked = Extract<Request["body"], { kind: "limit" }>;

function weigh(
  tick: Tick,
  request: Request,
  body: Asked,
): { readonly answer: Answer; readonly share?: number } {
  const { memory, state } = tick;
  const person =
    standingBefore(request, memory.wishes[body.asset], state.now) ??
    standingBefore(request, memory.caps[body.asset], state.now);
  if (person !== undefined) return { answer: answer(request, "refused", personFirst(person)) };
  if (!stands(tick, body.asset)) return { answer: answer(request, "refused", reason("answer-sun-needed")) };
  const least = leastOf(tick, body.asset);
  if (body.share >= least)
    return { answer: answer(request, "accepted", reason("answer-accepted")), share: body.share };
  const why = reason("answer-least", { asset: body.asset, leastRatio: least });
  return { answer: answer(request, "clipped", why), share: least };
}

/** Less sun ends when supply becomes short. */
const stands = (tick: Tick, asset: string): boolean => !(isSun(tick, asset) && isShort(tick));

function boundOf(tick: Tick, [asset, cap]: readonly [string, Cap]): Bound[] {
  const claim = tick.claims.get(asset);
  if (claim?.set.kind !== "limit" || claim.set.share <= cap.share) return [];
  return [
    {
      asset,
      set: { kind: "limit", share: cap.share },
      reason: askedReason(cap, { flow: "flow-limit", others: "requested-limit" }),
      until: reason("until-request-ends", { leftMs: coarse(cap.expiresAt - tick.state.now) }),
      inputs: [],
      by: cap.role,
    },
  ];
}

export const limits: Rule = {
  name: "limits",
  apply(tick) {
    const isAsked = tick.requests.some(({ body }) => body.kind === "limit");
    if (!isAsked && Object.keys(tick.memory.caps).length === 0) return NOTHING;
    const caps: Record<string, Cap> = Object.fromEntries(
      Object.entries(unexpired(tick.memory.caps, tick.state.now)).filter(([asset]) => stands(tick, asset)),
    );
    const answers: Answer[] = [];
    for (const request of tick.requests) {
      const { body, id, issuer, role, ttlMs } = request;
      if (body.kind !== "limit") continue;
      const weighed = weigh(tick, request, body);
      answers.push(weighed.answer);
      if (weighed.share === undefined) continue;
      const expiresAt = later(tick.state.now, millis(ttlMs));
      caps[body.asset] = { id, issuer, role, share: weighed.share, why: body.why, expiresAt };
    }
    const memory: Partial<Memory> = { caps };
    return { bounds: Object.entries(caps).flatMap((entry) => boundOf(tick, entry)), memory, answers };
  },
};
