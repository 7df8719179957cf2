// Lamps and buzzers for alerts: lit while services ask for it, since an alarm may be one that only they know. The wish is weighed
// like any other, ends by its own ttl, and moves nothing but the signal.
import type { Answer, Request } from "@gridwright/contract/request.ts";
import { later, millis } from "@gridwright/contract/units.ts";
import { answer } from "./intake.ts";
import type { Memory, Wish } from "./memory.ts";
import { isOff, reason, type Tick } from "./tick.ts";

type Switch = Extract<Request["body"], { kind: "switch" }>;
type Asked = Request & { readonly body: Switch };

const isFor = (tick: Tick, request: Request): request is Asked =>
  request.body.kind === "switch" && tick.model.assets[request.body.asset]?.spec.kind === "signal";

function weigh(tick: Tick, request: Asked): Answer {
  const claim = tick.claims.get(request.body.asset);
  if (claim === undefined || !request.body.on || !isOff(claim.set))
    return answer(request, "accepted", reason("answer-accepted"));
  return answer(request, claim.soft ? "clipped" : "refused", claim.reason);
}

export interface Lights {
  readonly wishes: Memory["wishes"];
  readonly answers: readonly Answer[];
}

/** What is wished of signals from now on; `off` ends a wish at once. */
export function lightsNow(tick: Tick): Lights {
  const asked = tick.requests.filter((request) => isFor(tick, request));
  let { wishes } = tick.memory;
  const answers = asked.map((request) => {
    const { id, issuer, role, ttlMs, body } = request;
    const said = weigh(tick, request);
    const { [body.asset]: _before, ...others } = wishes;
    if (said.outcome === "refused") return said;
    const expiresAt = later(tick.state.now, millis(ttlMs));
    const wish: Wish = { id, issuer, role, on: true, why: body.why, expiresAt };
    wishes = body.on ? { ...others, [body.asset]: wish } : others;
    return said;
  });
  return { wishes, answers };
}
