// Agreements at the door of the brain: taken or refused before any rule speaks, so that the same tick already goes by them.
// They are part of memory: the journal keeps them over a restart, and replay decides by them as control did.
import type { Answer, Request } from "@gridwright/contract/request.ts";
import { answer } from "../intake.ts";
import type { Condition, DecideInput } from "../step.ts";
import { coarse, reason } from "../tick.ts";
import { type Agreed, agreedAt, holds, isOver } from "./agreed.ts";
import { unfit } from "./unfit.ts";

export interface Heard {
  readonly agreements: readonly Agreed[];
  /** For the rules. */
  readonly requests: readonly Request[];
  readonly answers: readonly Answer[];
}

/** What is over by plant time is gone; by the wall clock alone it stays while there is room, for the clock may be wrong. */
const kept = (agreements: readonly Agreed[], { state }: Pick<DecideInput, "state">): readonly Agreed[] =>
  agreements.some(({ endsAt }) => endsAt !== null && state.now >= endsAt)
    ? agreements.filter(({ endsAt }) => endsAt === null || state.now < endsAt)
    : agreements;

function take(
  { model, state }: DecideInput,
  agreements: readonly Agreed[],
  request: Request,
): Pick<Heard, "agreements"> & { readonly why?: string } {
  const { body } = request;
  if (body.kind === "end-agreement") {
    const left = agreements.filter(({ id }) => id !== body.agreement);
    return left.length === agreements.length
      ? { agreements, why: "there is no such agreement" }
      : { agreements: left };
  }
  if (body.kind !== "agree") return { agreements };
  const room = agreements.filter((one) => !isOver(one, state));
  const why = unfit(model, body.agreement, { agreements: room, wall: state.wall });
  return why === undefined ? { agreements: [...room, agreedAt(body.agreement, state)] } : { agreements, why };
}

const isOurs = ({ body }: Request): boolean => body.kind === "agree" || body.kind === "end-agreement";

/** What is agreed from now on, and the requests that are left for the rules. */
export function hearAgreements(input: DecideInput): Heard {
  const { memory, requests } = input;
  let agreements = kept(memory.agreements, input);
  const answers = requests.filter(isOurs).map((request): Answer => {
    const taken = take(input, agreements, request);
    agreements = taken.agreements;
    return taken.why === undefined
      ? answer(request, "accepted", reason("answer-accepted"))
      : answer(request, "refused", reason("answer-agreement", { why: taken.why }));
  });
  return {
    agreements,
    requests: answers.length === 0 ? requests : requests.filter((one) => !isOurs(one)),
    answers,
  };
}

/** What holds now, for everybody to see; alarms give it its times. */
export const agreementConditions = (
  agreements: readonly Agreed[],
  state: DecideInput["state"],
): readonly Condition[] =>
  agreements
    .filter((one) => holds(one, state))
    .map(({ id, emergency, title, ends }) => ({
      id: `agreement/${id}`,
      severity: emergency ? "warning" : "info",
      reason: emergency
        ? reason("alarm-emergency-rule", { title, forMs: coarse((ends ?? state.wall) - state.wall) })
        : reason("alarm-agreement", { title }),
    }));
