// Who asks: a person, or a program that asks by itself. What a person wished is not undone by a program while it stands, and
// what only a person may end (a stop, `rearm: local`) no program ends.
import type { Request, Role } from "@gridwright/contract/request.ts";
import type { Consumer } from "@gridwright/contract/site/assets.ts";
import type { Mono } from "@gridwright/contract/units.ts";
import type { Wish } from "./memory.ts";

const PROGRAMS: ReadonlySet<Role> = new Set(["flow", "planner", "neighbour"]);
export const isProgram = (role: Role): boolean => PROGRAMS.has(role);

/** A start permit of the queue counts as a person's wish: somebody asked for its job. A flow's wish for the same machine does not. */
export const countsAsPerson = ({ role }: Pick<Wish, "role">, { runs }: Consumer): boolean =>
  !isProgram(role) || (role === "planner" && runs === "permit");

/** The person's wish that stands before what a program asks now; undefined: none does. */
export const standingBefore = (
  { role }: Pick<Request, "role">,
  wish: Wish | undefined,
  now: Mono,
): Wish | undefined =>
  wish !== undefined && wish.expiresAt > now && isProgram(role) && !isProgram(wish.role) ? wish : undefined;
