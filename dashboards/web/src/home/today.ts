// How much of a home's day came from the community's own energy, as the ledger has settled it. Pure.
import type { LedgerToday } from "@gridwright/contract/api-ledger.ts";
import type { Telling } from "../text/clock.ts";
import { shareText } from "../text/numbers.ts";

/** Empty where nothing of today is settled, or nothing was used. */
export function ownText(today: LedgerToday | undefined, { say, language, clock, now }: Telling): string {
  if (today?.settledTo == null || clock.day(today.settledTo) !== clock.day(now)) return "";
  const usedWh = today.localWh + today.boughtWh;
  if (usedWh <= 0) return "";
  const share = shareText(Math.max(0, today.localWh) / usedWh, language);
  return say("home-own", { share, time: clock.time(today.settledTo) });
}
