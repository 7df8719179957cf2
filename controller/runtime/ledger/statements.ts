// What people are told of the ledger: a member's month, the community's, and what feeders' meters do not agree on.
import type { LedgerAnswer, Statement } from "@gridwright/contract/api-ledger.ts";
import { jobAccount, memberAccount, SLOT_MS } from "@gridwright/contract/ledger.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { ledgerMeters, unmeteredLoads } from "@gridwright/core/ledger/meters.ts";
import { mismatches, type Unmetered } from "@gridwright/core/ledger/mismatch.ts";
import { type AccountSums, memberSums, sumsOf, type Tally } from "@gridwright/core/ledger/tally.ts";
import { metersRead } from "./book-reading.ts";
import type { RunningLedger } from "./ledger.ts";
import { hashNamed } from "./photos.ts";
import { NOTHING_KEPT, type ServedMonth } from "./served.ts";

/** Wh times millionths per kWh, in the site's money. */
const MONEY = 1e9;
const HOURS_OF_SLOT = SLOT_MS / 3_600_000;
const LOOKED_AT_MS = 30 * 86_400_000;

export interface OfMonth {
  readonly model: SiteModel;
  readonly tally: Tally;
  readonly month: string;
  readonly served: ServedMonth;
  /** The member's meter as it was last read by hand. */
  readonly handRead: (member: string) => Statement["handRead"];
}

export function statementOf({ model, tally, month, served, handRead }: OfMonth, member: string): Statement {
  const { offs = [], allowed = null } = served.members.get(member) ?? {};
  const { local, bought, given, due, gaps, corrected } = memberSums(tally, member);
  const isPriced = (model.site.ledger?.prices.length ?? 0) > 0;
  return {
    ...{ member, name: model.site.members[member]?.name ?? member, month },
    ...{ localWh: local, boughtWh: bought, givenWh: given, jobsWh: sumsOf(tally, jobAccount(member)).job },
    ...{ due: isPriced ? Math.round((due / MONEY) * 100) / 100 : null, gaps, corrected },
    ...{ allowance: allowed, offs: [...offs], offsSince: served.since, handRead: handRead(member) },
  };
}

/** Newest readings by hand of the meters that are a member's own. */
const handReadIn =
  ({ rules, readings }: RunningLedger["kept"]["book"]) =>
  (member: string): Statement["handRead"] => {
    const own = (rules?.rules.meters ?? []).flatMap(({ id, account }) =>
      account === memberAccount(member) ? (readings.get(id) ?? []) : [],
    );
    const newest = own.toSorted((a, b) => b.at - a.at)[0];
    return newest === undefined
      ? null
      : { at: newest.at, wh: newest.wh, photo: hashNamed(newest.photo) ?? null };
  };

function totalsOf(tally: Tally): LedgerAnswer["totals"] {
  const sum = (begins: string, of: (sums: AccountSums) => number): number =>
    [...tally].reduce((all, [account, sums]) => (account.startsWith(begins) ? all + of(sums) : all), 0);
  const used = ({ local, bought }: AccountSums): number => local + bought;
  const own = ({ local }: AccountSums): number => local;
  return {
    sunWh: -sum("sun", ({ flow }) => flow),
    importWh: -sum("grid", ({ flow }) => flow),
    fuelWh: -sum("generator", ({ flow }) => flow),
    sharedWh: sum("member:", own) + sum("shared:", own),
    commonWh: sum("shared:", used),
    lossesWh: sum("losses:", ({ loss }) => loss),
  };
}

function unmeteredOf(model: SiteModel): ReadonlyMap<string | null, Unmetered> {
  const loads = unmeteredLoads(model, ledgerMeters(model));
  return new Map(
    [...loads].map(([feeder, found]) => {
      const ratings = found.flatMap(({ spec }) =>
        "tier" in spec ? [[spec.rating, spec.duty] as const] : [],
      );
      const mostW = ratings.reduce((sum, [rating]) => sum + rating, 0);
      return [feeder, { mostW, usualW: ratings.reduce((sum, [rating, duty]) => sum + rating * duty, 0) }];
    }),
  );
}

function feedersOf({ kept: { book } }: RunningLedger, model: SiteModel): LedgerAnswer["feeders"] {
  const { newest } = book;
  const slots =
    newest === undefined ? [] : [...book.slots.values()].filter(({ t }) => t >= newest - LOOKED_AT_MS);
  const lossesMost = model.site.ledger?.losses ?? 0;
  return mismatches({ slots, slotHours: HOURS_OF_SLOT, lossesMost, unmetered: unmeteredOf(model) }).map(
    ({ through, missing, explained, ...rest }) => ({
      ...rest,
      ...{ throughWh: through, missingWh: missing, explainedWh: explained },
    }),
  );
}

/** The community's month; the newest where none is named. Rejects with the card's own errors. */
export async function ledgerAnswer(
  ledger: RunningLedger,
  model: SiteModel,
  asked?: string,
): Promise<LedgerAnswer> {
  const { kept } = ledger;
  const { newest, rules } = kept.book;
  const month = asked ?? (newest === undefined ? null : kept.monthOf(newest));
  const tally: Tally = month === null ? new Map() : await kept.tally(month);
  const served = month === null ? NOTHING_KEPT : await ledger.served.month(month);
  const members = month === null ? [] : Object.keys(model.site.members);
  return {
    month,
    months: [...(await kept.months())],
    notes: kept.book.notes.flatMap(({ at, text }) => (kept.monthOf(at) === month ? [{ at, text }] : [])),
    settledTo: newest === undefined ? null : newest + SLOT_MS,
    currency: (model.site.ledger?.prices.length ?? 0) > 0 ? (model.site.ledger?.currency ?? null) : null,
    key: rules?.rules.key.kind ?? null,
    publicKey: kept.publicKey,
    trouble: ledger.trouble(),
    damage: kept.damage ?? null,
    totals: totalsOf(tally),
    members: members.map((member) =>
      statementOf({ model, tally, month: month ?? "", served, handRead: handReadIn(kept.book) }, member),
    ),
    feeders: feedersOf(ledger, model),
    meters: [...metersRead(kept.book)],
  };
}
