// Accounts in memory for tests, with an audit that is read back. Only tests may import this.
import { randomBytes } from "node:crypto";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { NewInvite } from "@gridwright/contract/people.ts";
import type { PersonRole } from "@gridwright/contract/roles.ts";
import type { Deed } from "./audit.ts";
import { EMPTY_BOOK } from "./book.ts";
import { type Desk, invite, isRefusal, joinAsPerson, openDesk, setUpInvite } from "./people.ts";

export interface TestDesk {
  readonly desk: Desk;
  readonly deeds: readonly Deed[];
}

export function testDesk(io: Clock, members: readonly string[] = []): TestDesk {
  let book = EMPTY_BOOK;
  const deeds: Deed[] = [];
  const kept = {
    now: () => book,
    change: async (by: (old: typeof book) => typeof book | undefined) => {
      book = by(book) ?? book;
    },
  };
  const audit = {
    note: async (deed: Deed) => void deeds.push(deed),
    newest: (limit: number) =>
      deeds
        .map(({ who, did, about = {} }, index) => ({
          ...{ n: index + 1, t: io.wall(), who, did, about: { ...about } },
          ...{ prev: "", hash: "" },
        }))
        .slice(-limit)
        .reverse(),
    whole: true,
  };
  const desk = openDesk({ kept, audit, io, random: randomBytes, members: new Set(members) });
  return { desk, deeds };
}

export const PASSWORD = "three dry years";

/** Makes an account of that role; gives its session's secret. The first of a desk is an admin. */
export async function joined(desk: Desk, role: PersonRole, member?: string): Promise<string> {
  const asked: NewInvite = { role, screen: false, ...(member !== undefined && { member }) };
  const made = (await setUpInvite(desk)) ?? (await invite(desk, "person-0", asked));
  if (isRefusal(made)) throw new Error(made.no);
  const login = `${role}-${member ?? "x"}`;
  const given = { as: "person" as const, invite: made.secret, login, name: `A ${role}`, password: PASSWORD };
  const opened = await joinAsPerson(desk, given);
  if (isRefusal(opened)) throw new Error(opened.no);
  return opened.secret;
}
