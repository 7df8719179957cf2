// Contested decisions: kept with their evidence as it was, ruled once by an admin who did not contest it. Everything is in the
// audit, which members read, before it is answered. A ruling changes nothing of the plant: it is a word among people.
import { CONTESTS_MAX, type Contest, type Evidence, type NewRuling } from "@gridwright/contract/contest.ts";
import type { Person } from "@gridwright/contract/people.ts";
import { inTurns } from "../clock/in-turn.ts";
import { type Desk, newId } from "../people/people.ts";

export interface ContestsParts {
  readonly begin: readonly Contest[];
  /** Resolves once they are on disk. */
  readonly save: (contests: readonly Contest[]) => Promise<void>;
  readonly desk: Desk;
}

export type ContestRefusal = "gone" | "twice" | "full" | "own" | "ruled";

interface Said {
  readonly person: Person;
  /** Plant time. */
  readonly now: number;
}

export interface Contests {
  /** Newest first. */
  all(): readonly Contest[];
  contest(
    said: Said & { readonly why: string; readonly evidence: Evidence },
  ): Promise<Contest | ContestRefusal>;
  rule(said: Said & { readonly id: string; readonly ruling: NewRuling }): Promise<Contest | ContestRefusal>;
}

const isOpen = ({ ruling }: Contest): boolean => ruling === undefined;

/** The newest; of those that were ruled only so many stay. */
function kept(all: readonly Contest[]): readonly Contest[] {
  const surplus = all.length - CONTESTS_MAX.kept;
  if (surplus <= 0) return all;
  const old = new Set(all.filter((one) => !isOpen(one)).slice(-surplus));
  return all.filter((one) => !old.has(one));
}

function refusal(all: readonly Contest[], by: string, decision: string): ContestRefusal | undefined {
  if (all.some(({ evidence }) => evidence.decision.id === decision)) return "twice";
  const own = all.filter((one) => isOpen(one) && one.by === by).length;
  return own >= CONTESTS_MAX.ofOne || all.filter(isOpen).length >= CONTESTS_MAX.kept ? "full" : undefined;
}

export function openContests({ begin, save, desk }: ContestsParts): Contests {
  let all = begin;
  /** One after the other: two who rule at once are one. */
  const inTurn = inTurns();
  const keep = async (next: readonly Contest[]): Promise<void> => {
    all = kept(next);
    await save(all);
  };
  return {
    all: () => all,
    contest: ({ person, now, why, evidence }) =>
      inTurn(async () => {
        const { id: decision, asset } = evidence.decision;
        const refused = refusal(all, person.id, decision);
        if (refused !== undefined) return refused;
        const one: Contest = { id: newId(desk, "contest"), by: person.id, at: now, why, evidence };
        await desk.audit.note({ who: person.id, did: "contested", about: { contest: one.id, asset, why } });
        await keep([one, ...all]);
        return one;
      }),
    rule: ({ person, now, id, ruling }) =>
      inTurn(async () => {
        const found = all.find((one) => one.id === id);
        if (found === undefined) return "gone";
        if (!isOpen(found)) return "ruled";
        if (found.by === person.id) return "own";
        const { outcome, why, correction } = ruling;
        await desk.audit.note({ who: person.id, did: "ruled", about: { contest: id, outcome, why } });
        if (correction !== undefined)
          await desk.audit.note({ who: person.id, did: "corrected", about: { contest: id, correction } });
        const next: Contest = { ...found, ruling: { ...ruling, by: person.id, at: now } };
        await keep(all.map((one) => (one === found ? next : one)));
        return next;
      }),
  };
}
