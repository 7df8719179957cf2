// Technicians' flows at the door of the brain: what they take back ends at once, and when their process is lost, or what was
// deployed is taken back, everything they had asked for ends, without waiting for its ttl. It grants nothing but that a load
// counts as needed less: what they ask is weighed by the rules like any other wish.
import type { ReasonCode } from "@gridwright/contract/reasons.ts";
import type { Answer, FlowsFailed, Request } from "@gridwright/contract/request.ts";
import { later, millis } from "@gridwright/contract/units.ts";
import { personFirst, standingBefore, unexpired } from "./asked-by.ts";
import { answer } from "./intake.ts";
import type { Memory, Wish } from "./memory.ts";
import type { Condition, DecideInput } from "./step.ts";
import { reason } from "./tick.ts";

type Kept = Pick<Memory, "wishes" | "caps" | "tiers" | "steers" | "flowsLost" | "flowsFailed">;

export interface HeardFlows {
  readonly kept: Kept;
  /** For the rules. */
  readonly requests: readonly Request[];
  readonly answers: readonly Answer[];
}

type Ends = (wish: Pick<Wish, "role">, asset: string) => boolean;
type Asked = Omit<Kept, "flowsLost" | "flowsFailed">;
const without = ({ wishes, caps, tiers, steers }: Kept, ends: Ends): Asked => {
  const kept = <W extends Pick<Wish, "role">>(all: Readonly<Record<string, W>>): Record<string, W> =>
    Object.fromEntries(Object.entries(all).filter(([asset, wish]) => !ends(wish, asset)));
  return { wishes: kept(wishes), caps: kept(caps), tiers: kept(tiers), steers: kept(steers) };
};

const isFlows = ({ role }: Pick<Wish, "role">): boolean => role === "flow";

/** What is kept after `request`; undefined: it is none of ours. */
function taken(kept: Kept, request: Request, { now }: DecideInput["state"]): Kept | undefined {
  const { body, role, id, issuer, ttlMs } = request;
  if (body.kind === "tier") {
    const { tier, why, asset } = body;
    const yielding = { id, issuer, role, tier, why, expiresAt: later(now, millis(ttlMs)) };
    return { ...kept, tiers: { ...kept.tiers, [asset]: yielding } };
  }
  if (body.kind === "withdraw")
    return { ...kept, ...without(kept, (wish, asset) => asset === body.asset && wish.role === role) };
  if (body.kind === "flows-watch" && body.failed === null) return { ...kept, flowsFailed: null };
  if (body.kind === "flows" && body.alive) return { ...kept, flowsLost: null };
  const ended = { ...kept, ...without(kept, isFlows) };
  if (body.kind === "flows-watch") return { ...ended, flowsFailed: body.failed };
  return body.kind === "flows" ? { ...ended, flowsLost: { since: now } } : undefined;
}

/** The load whose tier is asked for; "": none. */
const tierOf = ({ body }: Request): string => (body.kind === "tier" ? body.asset : "");

/** What flows' wishes are from now on, and the requests that are left for the rules. */
export function hearFlows({ memory, requests, state }: Omit<DecideInput, "model">): HeardFlows {
  const { wishes, caps, steers, flowsLost, flowsFailed } = memory;
  const tiers = unexpired(memory.tiers, state.now);
  let kept: Kept = { wishes, caps, tiers, steers, flowsLost, flowsFailed };
  const left: Request[] = [];
  const answers: Answer[] = [];
  for (const request of requests) {
    const person = standingBefore(request, kept.tiers[tierOf(request)], state.now);
    if (person !== undefined) {
      answers.push(answer(request, "refused", personFirst(person)));
      continue;
    }
    const after = taken(kept, request, state);
    if (after === undefined) left.push(request);
    else answers.push(answer(request, "accepted", reason("answer-accepted")));
    kept = after ?? kept;
  }
  return { kept, requests: answers.length === 0 ? requests : left, answers };
}

const WHY_TAKEN_BACK = {
  "crash-loop": "alarm-flows-crash-loop",
  silent: "alarm-flows-silent",
  refused: "alarm-flows-refused",
  protection: "alarm-flows-protection",
} as const satisfies Readonly<Record<FlowsFailed["why"], ReasonCode>>;

function failedConditions({ version, back, why }: FlowsFailed): readonly Condition[] {
  const taken = {
    id: "flows-taken-back",
    severity: "warning",
    reason: reason(WHY_TAKEN_BACK[why], { version }),
  } as const;
  const stopped = {
    id: "flows-stopped",
    severity: "warning",
    reason: reason("alarm-flows-stopped", { version }),
  } as const;
  return back === null ? [taken, stopped] : [taken];
}

const LOST: Condition = { id: "flows-lost", severity: "warning", reason: reason("alarm-flows-lost") };

/** Told from the loss of their process until it is back, and from a version's failure until another one is proved. */
export const flowsConditions = ({
  flowsLost,
  flowsFailed,
}: Pick<Memory, "flowsLost" | "flowsFailed">): readonly Condition[] => [
  ...(flowsLost === null ? [] : [LOST]),
  ...(flowsFailed === null ? [] : failedConditions(flowsFailed)),
];
