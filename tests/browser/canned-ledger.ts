// A month of the village's ledger for the page: settled by the real rules from entries that stand for days, kept nowhere.
import type { MeterEntry } from "@gridwright/contract/ledger.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { emptyBook, type SettledSlot, take } from "@gridwright/core/ledger/book.ts";
import { localMonth, rulesAt } from "@gridwright/core/ledger/rules.ts";
import { settle } from "@gridwright/core/ledger/settle.ts";
import { addToTally, type Tally } from "@gridwright/core/ledger/tally.ts";
import type { RunningLedger } from "@gridwright/runtime/ledger/ledger.ts";

const BEGIN = Date.UTC(2026, 4, 6);
const SLOTS = 24;

const isDay = (slot: number): boolean => slot % 2 === 0;

/** What a source or feeder counts in a slot, Wh, where `below` is used beneath it; undefined: it is a user itself. */
function supplied(role: string, slot: number, below: number): MeterEntry | undefined {
  const entries: Readonly<Record<string, MeterEntry>> = {
    feeder: [Math.round(below * 1.21), 0, "ok", null],
    sun: [isDay(slot) ? 31_000 : 4_000, 0, "ok", null],
    grid: [Math.round(below * 0.6), 0, "power", null],
    battery: isDay(slot) ? [0, 8_000, "power", null] : [9_000, 0, "power", null],
    generator: [0, 0, "power", null],
  };
  return entries[role];
}

/** Each user another amount, sums that stand for days; the feeder sees what is below it and a fifth more. */
function entriesOf(slot: number, roles: readonly string[]): readonly MeterEntry[] {
  const wh = (role: string, place: number): number =>
    role === "member" ? 4_300 + 310 * place : 900 + 40 * place;
  const users = roles.map((role, place) => (supplied(role, slot, 0) === undefined ? wh(role, place) : 0));
  const below = users.reduce((sum, used) => sum + used, 0);
  return roles.map((role, place): MeterEntry => {
    const quality = slot === 3 && place % 5 === 0 ? "part" : "ok";
    return supplied(role, slot, below) ?? [users[place] ?? 0, 0, quality, null];
  });
}

export function cannedLedger(model: SiteModel): RunningLedger {
  const book = emptyBook();
  const tally: Tally = new Map();
  for (let slot = 0; slot < SLOTS; slot += 1) {
    const t = BEGIN + slot * 900_000;
    const rules = rulesAt(model, t);
    if (rules === undefined) throw new Error("the village keeps a ledger");
    const entries = entriesOf(
      slot,
      rules.meters.map(({ role }) => role),
    );
    const jobs = slot === 5 ? ([["job-7", "kiln", "house-1", 2_600]] as const) : [];
    const body = {
      k: "slot",
      t,
      rules: 1,
      entries,
      jobs,
      transfers: settle({ rules, entries, jobs }),
    } as const;
    take(book, { n: 1, body: { k: "rules", from: t, rules } });
    take(book, { n: slot + 2, body });
    addToTally(tally, body, rules);
  }
  const slots: readonly SettledSlot[] = [...book.slots.values()];
  const kept = {
    ...{ book, damage: undefined, publicKey: "key", write: async () => undefined },
    ...{ monthOf: (t: number) => localMonth(model.zone, t), months: async () => ["2026-05"] },
    ...{ slots: async () => slots, tally: async () => tally },
  };
  return { kept, trouble: () => null, read: async () => undefined, close: async () => undefined };
}
