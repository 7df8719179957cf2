// Technicians' flows at the door of the brain: what they take back ends at once, and when their process is lost everything
// they had asked for ends, without waiting for its ttl. It grants nothing: what they ask is weighed by the rules like any
// other wish.
import type { Answer, Request } from "@gridwright/contract/request.ts";
import { answer } from "./intake.ts";
import type { Memory, Wish } from "./memory.ts";
import type { Condition, DecideInput } from "./step.ts";
import { reason } from "./tick.ts";

type Kept = Pick<Memory, "wishes" | "flowsLost">;

export interface HeardFlows extends Kept {
  /** For the rules. */
  readonly requests: readonly Request[];
  readonly answers: readonly Answer[];
}

const without = (wishes: Kept["wishes"], ends: (wish: Wish, asset: string) => boolean): Kept["wishes"] =>
  Object.fromEntries(Object.entries(wishes).filter(([asset, wish]) => !ends(wish, asset)));

const isFlows = ({ role }: Wish): boolean => role === "flow";

/** What is kept after `request`; undefined: it is none of ours. */
function taken(kept: Kept, { body, role }: Request, { now }: DecideInput["state"]): Kept | undefined {
  if (body.kind === "withdraw")
    return {
      ...kept,
      wishes: without(kept.wishes, (wish, asset) => asset === body.asset && wish.role === role),
    };
  if (body.kind !== "flows") return undefined;
  if (body.alive) return { ...kept, flowsLost: null };
  return { wishes: without(kept.wishes, isFlows), flowsLost: { since: now } };
}

/** What flows' wishes are from now on, and the requests that are left for the rules. */
export function hearFlows({ memory, requests, state }: Omit<DecideInput, "model">): HeardFlows {
  let kept: Kept = { wishes: memory.wishes, flowsLost: memory.flowsLost };
  const left: Request[] = [];
  const answers: Answer[] = [];
  for (const request of requests) {
    const after = taken(kept, request, state);
    if (after === undefined) left.push(request);
    else answers.push(answer(request, "accepted", reason("answer-accepted")));
    kept = after ?? kept;
  }
  return { ...kept, requests: answers.length === 0 ? requests : left, answers };
}

/** Told from the loss of their process until it is back. */
export const flowsConditions = (lost: Memory["flowsLost"]): readonly Condition[] =>
  lost === null ? [] : [{ id: "flows-lost", severity: "warning", reason: reason("alarm-flows-lost") }];
