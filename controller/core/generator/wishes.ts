// What people and the plan ask of sets: each request is weighed and answered; what is refused leaves no mark. A person's
// start also clears a failure; the plan's word obeys quiet hours, so that a forecast wakes nobody.
import type { Answer, Request } from "@gridwright/contract/request.ts";
import { later, millis } from "@gridwright/contract/units.ts";
import { answer } from "../intake.ts";
import type { Memory, Wish } from "../memory.ts";
import { reason, type Tick } from "../tick.ts";
import { barOf, causeOf, type Generator, mostNeededAtRisk } from "./causes.ts";
import { isCalled, restLeft, runLeft } from "./machine.ts";
import { firstRecord, type SetRecord } from "./record.ts";

type Asked = Request & { readonly body: Extract<Request["body"], { kind: "switch" }> };
type Asks = Pick<Memory, "wishes" | "generators">;

const isAsked = (request: Request): request is Asked => request.body.kind === "switch";

/** The request as if it were granted. */
function granted(tick: Tick, { body, id, issuer, role, ttlMs }: Asked): Tick {
  const { memory, state } = tick;
  const wish: Wish = {
    ...{ id, issuer, role, on: body.on, why: body.why },
    expiresAt: later(state.now, millis(ttlMs)),
  };
  const record = memory.generators[body.asset];
  const clears = record?.state.phase === "failed" && !record.state.faulted && body.on && role !== "planner";
  const again = record && { ...record, state: { ...record.state, phase: "standing" as const, tries: 0 } };
  return {
    ...tick,
    memory: {
      ...memory,
      wishes: { ...memory.wishes, [body.asset]: wish },
      generators: clears && again ? { ...memory.generators, [body.asset]: again } : memory.generators,
    },
  };
}

type Verdict = Pick<Answer, "outcome" | "reason">;
const taken: Verdict = { outcome: "accepted", reason: reason("answer-accepted") };

function weighOff(tick: Tick, node: Generator, record: SetRecord): Verdict {
  const cause = causeOf(tick, node, record);
  if (cause !== undefined && mostNeededAtRisk(tick)) return { outcome: "refused", reason: cause.why };
  const left = runLeft(record.state, node.spec, tick.state.now);
  return isCalled(record.state) && left > 0
    ? { outcome: "clipped", reason: reason("generator-min-run", { leftMs: left }) }
    : taken;
}

function weighOn(tick: Tick, node: Generator, record: SetRecord): Verdict {
  const cause = causeOf(tick, node, record);
  const bar = cause && barOf(tick, node, { cause, record });
  if (bar !== undefined) return { outcome: "refused", reason: bar.why };
  const rest = restLeft(record.state, node.spec, tick.state.now);
  return !isCalled(record.state) && rest > 0
    ? { outcome: "clipped", reason: reason("generator-min-stop", { leftMs: rest }) }
    : taken;
}

function weigh(tick: Tick, node: Generator, { body }: Asked): Verdict {
  const claim = tick.claims.get(node.id);
  if (claim !== undefined) return { outcome: claim.soft ? "clipped" : "refused", reason: claim.reason };
  const { now, wall } = tick.state;
  const record = tick.memory.generators[node.id] ?? firstRecord(now, wall);
  return body.on ? weighOn(tick, node, record) : weighOff(tick, node, record);
}

/** Wishes and sets after the requests of this tick, and one answer to each. */
export function takeAsks(tick: Tick): { readonly memory: Asks; readonly answers: readonly Answer[] } {
  const answers: Answer[] = [];
  let after = tick;
  for (const request of tick.requests.filter(isAsked)) {
    const node = tick.layout.generators.find(({ id }) => id === request.body.asset);
    if (node === undefined) continue;
    const trial = granted(after, request);
    const { outcome, reason: why } = weigh(trial, node, request);
    answers.push(answer(request, outcome, why));
    if (outcome !== "refused") after = trial;
  }
  const { wishes, generators } = after.memory;
  return { memory: { wishes, generators }, answers };
}
