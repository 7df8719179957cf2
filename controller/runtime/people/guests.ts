// Guests: accounts with an end. From then on nothing lets them in, by the wall clock at each question, so that a clock that
// leaps ahead and comes back has ended nothing for good. Their end is noted once in the audit; an admin prolongs or
// erases them.
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Log } from "@gridwright/contract/log.ts";
import { minutes } from "@gridwright/contract/units.ts";
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
export function watchGuests(desk: Desk, { io, log }: { readonly io: Clock; readonly log: Log }) {
  const stop = new AbortController();
  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await noteEnds(desk).catch((error: unknown) =>
        log.error("a guest's end could not be noted", { error }),
      );
      await io.sleep(LOOK, stop.signal).catch(() => undefined);
    }
  };
  const running = run();
  return {
    async close(): Promise<void> {
      stop.abort();
      await running;
    },
  };
}
