// Guests: accounts with an end. From then on nothing lets them in, by the wall clock at each question, so that a clock that
// leaps ahead and comes back has ended nothing for good. Their end is noted once in the audit; an admin prolongs or
// erases them.
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Log } from "@gridwright/contract/log.ts";
import { minutes } from "@gridwright/contract/units.ts";
import { type Looking, lookAgain } from "../clock/look-again.ts";
import { hasEnded } from "./book.ts";
import type { Desk } from "./people.ts";

const LOOK = minutes(1);

/** Notes the end of each guest whose time is over, once. */
export async function noteEnds({ kept, audit, io }: Desk): Promise<void> {
  const now = io.wall();
  for (const { id, endNoted, ...account } of kept.now().accounts) {
    if (endNoted || !hasEnded(account, now)) continue;
    await audit.note({ who: id, did: "guest-ended" });
    await kept.change((book) => ({
      ...book,
      accounts: book.accounts.map((one) => (one.id === id ? { ...one, endNoted: true } : one)),
    }));
  }
}

/** Looks once a minute until it is closed. */
export const watchGuests = (desk: Desk, { io, log }: { readonly io: Clock; readonly log: Log }): Looking =>
  lookAgain(io, LOOK, {
    look: () => noteEnds(desk),
    onError: (error) => log.error("a guest's end could not be noted", { error }),
  });
