// Proposals and who consented: a value, and what follows from it. Nobody consents to their own proposal. Pure: ids, times and
// control's answers come as arguments.
import { Proposal } from "@gridwright/contract/agreement.ts";
import { AGREEMENT_STATES } from "@gridwright/contract/api-agreements.ts";
import { z } from "zod";

const Id = z.string().min(1).max(63);
const Proposed = z.strictObject({
  id: Id,
  ...Proposal.shape,
  emergency: z.boolean(),
  state: z.enum(AGREEMENT_STATES),
  /** Accounts that stand behind it, the proposer first. */
  by: z.array(Id),
  at: z.number(),
  /** Who proposed that it ends. */
  endBy: Id.optional(),
  /** Why control refused it. */
  why: z.string().optional(),
});
export type Proposed = z.output<typeof Proposed>;

export const Proposals = z.strictObject({ version: z.literal(1), all: z.array(Proposed) });
export type Proposals = z.output<typeof Proposals>;
export const NO_PROPOSALS: Proposals = { version: 1, all: [] };

export const OPEN_MAX = 20;
const KEPT_MAX = 200;

export type ConsentRefusal = "gone" | "own" | "not-open";

/** Why this person cannot be the second; undefined: they can. */
export function consentRefusal(found: Proposed | undefined, who: string): ConsentRefusal | undefined {
  if (found === undefined) return "gone";
  if (found.state === "open") return found.by.includes(who) ? "own" : undefined;
  if (found.state !== "agreed" || found.endBy === undefined) return "not-open";
  return found.endBy === who ? "own" : undefined;
}

/** Newest first; what is over gives way when there are too many. */
export function withProposed({ all }: Proposals, one: Proposed): Proposals {
  const whole = [one, ...all.filter(({ id }) => id !== one.id)].toSorted((a, b) => b.at - a.at);
  const stays = ({ state }: Proposed): boolean => state === "open" || state === "agreed";
  const over = whole.filter((each) => !stays(each)).slice(0, KEPT_MAX - whole.filter(stays).length);
  return { version: 1, all: whole.filter((each) => stays(each) || over.includes(each)) };
}

export const openOf = ({ all }: Proposals): number => all.filter(({ state }) => state === "open").length;
