// The ledger as tables for others' programs: a month by member for bookkeeping, and its quarters of an hour for the grid
// operator. Comma-separated, a dot before decimals, times in UTC, energy in Wh.

import type { Statement } from "@gridwright/contract/api-ledger.ts";
import type { YearAnswer } from "@gridwright/contract/api-year.ts";
import { type EntryQuality, memberAccount, type TransferKind } from "@gridwright/contract/ledger.ts";
import { amountsOf } from "@gridwright/core/ledger/amounts.ts";
import type { SettledSlot } from "@gridwright/core/ledger/book.ts";

/** A text with a comma or quote is quoted; one that a spreadsheet would take for a formula begins with an apostrophe. */
function cell(value: string | number | null): string {
  if (typeof value === "number") return String(value);
  const text = value ?? "";
  const safe = /^[=+@-]/.test(text) ? `'${text}` : text;
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
const row = (cells: readonly (string | number | null)[]): string => `${cells.map(cell).join(",")}\r\n`;

const MONTH_HEAD = [
  "month",
  "member",
  "name",
  "used_wh",
  "own_wh",
  "bought_wh",
  "given_wh",
  "jobs_wh",
  "due",
  "currency",
  "gaps",
  "corrections",
  "allowance_wh",
  "allowance_counted_wh",
  "days_used_up",
  "off_minutes",
];
const MINUTE_MS = 60_000;

/** One line a member. */
export function monthTable(statements: readonly Statement[], currency: string | null): string {
  const lines = statements.map(
    ({ month, member, name, localWh, boughtWh, givenWh, jobsWh, due, gaps, corrected, allowance, offs }) =>
      row([
        month,
        member,
        name,
        localWh + boughtWh,
        localWh,
        boughtWh,
        givenWh,
        jobsWh,
        due,
        currency,
        gaps,
        corrected,
        ...[allowance?.grantedWh ?? null, allowance?.countedWh ?? null, allowance?.exceeded ?? null],
        Math.round(offs.reduce((sum, { ms }) => sum + ms, 0) / MINUTE_MS),
      ]),
  );
  return row(MONTH_HEAD) + lines.join("");
}

const OFFS_HEAD = ["month", "member", "asset", "rule", "minutes", "times"];

/** One line a load and rule by which it was off. */
export function offsTable(statements: readonly Statement[]): string {
  const lines = statements.flatMap(({ month, member, offs }) =>
    offs.map(({ asset, rule, ms, times }) =>
      row([month, member, asset, rule, Math.round(ms / MINUTE_MS), times]),
    ),
  );
  return row(OFFS_HEAD) + lines.join("");
}

const YEAR_HEAD = [
  "month",
  "sun_wh",
  "fuel_wh",
  "used_wh",
  "homes_wh",
  "own_wh",
  "bought_wh",
  "sold_wh",
  "losses_wh",
  "stored_wh",
];

/** One line a month of the community as a whole. */
export function yearTable({ months }: YearAnswer): string {
  const lines = months.map((one) =>
    row([
      ...[one.month, one.sunWh, one.fuelWh, one.usedWh, one.homesWh],
      ...[one.ownWh, one.boughtWh, one.soldWh, one.lossesWh, one.storedWh],
    ]),
  );
  return row(YEAR_HEAD) + lines.join("");
}

const QUARTER_HEAD = ["begin_utc", "member", "used_wh", "own_wh", "bought_wh", "given_wh", "quality"];

const WORST_FIRST: readonly EntryQuality[] = ["none", "part", "hand", "power", "ok"];

/** What each account's meters were worth in a slot: the worst of them. */
function qualities({ rules, entries }: SettledSlot): ReadonlyMap<string, EntryQuality> {
  const worst = new Map<string, EntryQuality>();
  for (const [place, { account }] of rules.meters.entries()) {
    const [now, before] = [entries[place]?.[2] ?? "none", worst.get(account) ?? "ok"];
    worst.set(account, WORST_FIRST.indexOf(now) < WORST_FIRST.indexOf(before) ? now : before);
  }
  return worst;
}

/** One line a member and slot, as corrected until now. */
export function* quarterTable(slots: Iterable<SettledSlot>): Iterable<string> {
  yield row(QUARTER_HEAD);
  for (const slot of slots) {
    const [sums, worth] = [amountsOf([slot]), qualities(slot)];
    const begin = new Date(slot.t).toISOString().replace(".000", "");
    for (const member of Object.keys(slot.rules.key.weights)) {
      const account = memberAccount(member);
      const of = (what: TransferKind): number => sums[what].get(account) ?? 0;
      const [own, bought, given] = [of("local"), of("bought"), of("given")];
      yield row([begin, member, own + bought, own, bought, given, worth.get(account) ?? "none"]);
    }
  }
}
