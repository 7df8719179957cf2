// Wishes of members, technicians, flows, planner and neighbours: weighed inside what the rules above leave, answered
// at once, ended by their own ttl. A wish is never stronger than supply.
import type { Reason } from "@gridwright/contract/decision.ts";
import type { Answer, Request } from "@gridwright/contract/request.ts";
import { later, millis } from "@gridwright/contract/units.ts";
import { askedReason, countsAsPerson, personFirst, standingBefore, unexpired } from "../asked-by.ts";
import { cutsSoFar, openingRefusal } from "../envelope.ts";
import { type Passage, passage, shareOf } from "../gate.ts";
import { answer } from "../intake.ts";
import type { Memory, Wish } from "../memory.ts";
import { type Bound, type Claim, coarse, isOff, OFF, ON, type Rule, reason, type Tick } from "../tick.ts";
import type { LoadView } from "../view.ts";

interface Work {
  readonly wishes: Record<string, Wish>;
  readonly answers: Answer[];
  /** Loads that come on in this tick, with why. */
  readonly granted: Map<string, Passage>;
  restored: Memory["restored"];
}

const NOBODY = [0, 0, 0] as const;

/** The answer of a wish that a higher rule's word stands against. */
function against(request: Request, { rule, soft, reason: why }: Claim): Answer {
  if (rule === "manual-hold" && why.code === "held")
    return answer(request, "refused", reason("answer-held", { why: String(why.params.why ?? "") }));
  return answer(request, soft && rule === "start-up" ? "clipped" : "refused", why);
}

function weighOn(tick: Tick, work: Work, at: { request: Request; load: LoadView }): Answer {
  const { request, load } = at;
  const { id } = load.plan;
  const claim = tick.claims.get(id);
  if (claim !== undefined && isOff(claim.set)) return against(request, claim);
  if (claim !== undefined || load.wanted) return answer(request, "accepted", reason("answer-accepted"));
  const way = passage(
    { ...tick, memory: { ...tick.memory, restored: work.restored } },
    {
      load,
      promised: NOBODY,
      byPerson: countsAsPerson(request, load.plan.spec),
    },
  );
  if (way.goes) {
    work.granted.set(id, way);
    work.restored = { at: tick.state.now, share: shareOf(tick, load) };
    return answer(request, "accepted", reason("answer-accepted"));
  }
  const waits = way.why.code === "waiting-turn" || way.why.code === "waiting-min-off";
  return answer(request, waits ? "clipped" : "refused", way.why);
}

function weighOff(tick: Tick, request: Request): Answer {
  const { body, role } = request;
  if (body.kind !== "switch")
    return answer(request, "refused", reason("answer-malformed", { why: body.kind }));
  const claim = tick.claims.get(body.asset);
  if (claim !== undefined && !claim.soft && !isOff(claim.set)) return against(request, claim);
  const bound = { asset: body.asset, set: OFF, reason: reason("requested-off"), by: role };
  const refused = openingRefusal(tick, { rule: requests, bound }, cutsSoFar(tick));
  if (refused !== undefined) return answer(request, "refused", refused);
  return answer(
    request,
    claim?.soft ? "clipped" : "accepted",
    claim?.soft ? claim.reason : reason("answer-accepted"),
  );
}

/** A program waits for a person's wish to end; only what it wishes as well may pass. */
function yielding({ role, body }: Request, person: Wish | undefined): Reason | undefined {
  if (person === undefined || body.kind !== "switch") return undefined;
  if (role === "flow") return personFirst(person);
  return body.on === person.on ? undefined : reason("answer-person");
}

function take(tick: Tick, work: Work, request: Request): void {
  const { body, id, issuer, role, ttlMs } = request;
  if (body.kind !== "switch") return;
  const kind = tick.model.assets[body.asset]?.spec.kind;
  if (kind === "generator" || kind === "signal") return;
  const load = tick.view.loads[tick.layout.load.get(body.asset)?.index ?? -1];
  if (load === undefined) {
    work.answers.push(answer(request, "refused", reason("answer-no-switch", { asset: body.asset })));
    return;
  }
  const person = standingBefore(request, work.wishes[body.asset], tick.state.now);
  const yields = yielding(request, person);
  if (yields !== undefined) {
    work.answers.push(answer(request, "refused", yields));
    return;
  }
  const verdict = body.on ? weighOn(tick, work, { request, load }) : weighOff(tick, request);
  work.answers.push(verdict);
  // What a person wished stays the person's.
  if (verdict.outcome === "refused" || person !== undefined) return;
  const expiresAt = later(tick.state.now, millis(ttlMs));
  work.wishes[body.asset] = { id, issuer, role, on: body.on, why: body.why, expiresAt };
}

/** Who asked and why, as the reason of what is switched. */
export const wishReason = (wish: Wish): Reason =>
  askedReason(
    wish,
    wish.on ? { flow: "flow-on", others: "requested-on" } : { flow: "flow-off", others: "requested-off" },
  );

function boundOf(tick: Tick, work: Work, [asset, wish]: readonly [string, Wish]): Bound[] {
  const load = tick.view.loads[tick.layout.load.get(asset)?.index ?? -1];
  if (load === undefined) return [];
  const until = reason("until-request-ends", { leftMs: coarse(wish.expiresAt - tick.state.now) });
  const bound = { asset, reason: wishReason(wish), until, inputs: [], by: wish.role };
  if (!wish.on) return [{ ...bound, set: OFF }];
  return load.wanted || work.granted.has(asset) ? [{ ...bound, set: ON }] : [];
}

export const requests: Rule = {
  name: "requests",
  apply(tick) {
    const { memory, state } = tick;
    const work: Work = {
      wishes: Object.fromEntries(
        Object.entries(unexpired(memory.wishes, state.now)).filter(
          ([asset]) => memory.holds[asset] === undefined,
        ),
      ),
      answers: [],
      granted: new Map(),
      restored: memory.restored,
    };
    for (const request of tick.requests) take(tick, work, request);
    return {
      bounds: Object.entries(work.wishes).flatMap((entry) => boundOf(tick, work, entry)),
      memory: { wishes: work.wishes, restored: work.restored },
      answers: work.answers,
    };
  },
};
