// Who asks: a person, or a program that asks by itself. What a person wished is not undone by a program while it stands, and
// what only a person may end (a stop, `rearm: local`) no program ends.
import type { Reason } from "@gridwright/contract/decision.ts";
import type { ReasonCode } from "@gridwright/contract/reasons.ts";
import type { Request, Role } from "@gridwright/contract/request.ts";
import type { Consumer } from "@gridwright/contract/site/assets.ts";
import type { Mono } from "@gridwright/contract/units.ts";
import type { Wish } from "./memory.ts";
import { reason } from "./tick.ts";

/** What is remembered of anything that was asked. */
type Asked = Omit<Wish, "on">;
type ByAsset<W> = Readonly<Record<string, W>>;

const PROGRAMS: ReadonlySet<Role> = new Set(["flow", "planner", "neighbour"]);
export const isProgram = (role: Role): boolean => PROGRAMS.has(role);

/** A start permit of the queue counts as a person's wish: somebody asked for its job. A flow's wish for the same machine does not. */
export const countsAsPerson = ({ role }: Pick<Wish, "role">, { runs }: Consumer): boolean =>
  !isProgram(role) || (role === "planner" && runs === "permit");

/** The person's wish that stands before what a program asks now; undefined: none does. */
export const standingBefore = <W extends Asked>(
  { role }: Pick<Request, "role">,
  wish: W | undefined,
  now: Mono,
): W | undefined =>
  wish !== undefined && wish.expiresAt > now && isProgram(role) && !isProgram(wish.role) ? wish : undefined;

/** What has not ended by itself; the same object while nothing does. */
export function unexpired<W extends Pick<Asked, "expiresAt">>(asked: ByAsset<W>, now: Mono): ByAsset<W> {
  const all = Object.entries(asked);
  const left = all.filter(([, { expiresAt }]) => expiresAt > now);
  return left.length === all.length ? asked : Object.fromEntries(left);
}

/** Why a program must wait: a person asked for something there. */
export const personFirst = ({ why }: Pick<Asked, "why">): Reason => reason("answer-person-first", { why });

/** Who asked and why, in the words for flows and in those for people. */
export const askedReason = (
  { role, issuer, why }: Asked,
  words: { readonly flow: ReasonCode; readonly others: ReasonCode },
): Reason => (role === "flow" ? reason(words.flow, { why }) : reason(words.others, { issuer, why }));
