// A month of the village's ledger for the page: settled by the real rules from entries that stand for days, kept nowhere.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LedgerBody, LedgerMeter, MeterEntry } from "@gridwright/contract/ledger.ts";
import type { History } from "@gridwright/contract/ports.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { emptyBook, type SettledSlot, take } from "@gridwright/core/ledger/book.ts";
import { NOTHING_TOLD } from "@gridwright/core/ledger/entries.ts";
import { localMonth, rulesAt } from "@gridwright/core/ledger/rules.ts";
import { settle } from "@gridwright/core/ledger/settle.ts";
import { addToTally, type Tally } from "@gridwright/core/ledger/tally.ts";
import { bookNote } from "@gridwright/runtime/ledger/book-note.ts";
import { bookReading } from "@gridwright/runtime/ledger/book-reading.ts";
import type { RunningLedger } from "@gridwright/runtime/ledger/ledger.ts";
import type { ServedMonth } from "@gridwright/runtime/ledger/served.ts";
import { BROWSER_NOW } from "./village-moment.ts";

const BEGIN = Date.UTC(2026, 4, 6);
const SLOTS = 24;

/** The meter of house 6 is silent from here on; before it its counter stood at so many Wh. */
const SILENT = { meter: "house-6", from: 19, begin: 4_700_000 };

/** Of house 1, since the second day of the month. */
const SERVED: ServedMonth = {
  since: BEGIN - 4 * 86_400_000,
  members: new Map([
    [
      "house-1",
      {
        offs: [
          { asset: "house-1-heater", rule: "ladder", ms: 12_240_000, times: 5 },
          { asset: "house-1-heater", rule: "overload", ms: 540_000, times: 2 },
          { asset: "house-1-sockets", rule: "allowance", ms: 1_260_000, times: 1 },
        ],
        allowed: { days: 5, grantedWh: 35_000, countedWh: 29_300, exceeded: 2 },
      },
    ],
  ]),
};

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

const silent = ([wh]: MeterEntry, slot: number): MeterEntry =>
  slot < SILENT.from ? [wh, 0, "ok", SILENT.begin + (slot + 1) * wh] : NOTHING_TOLD;

/** Each user another amount, sums that stand for days; the feeder sees what is below it and a fifth more. */
function entriesOf(slot: number, meters: readonly LedgerMeter[]): readonly MeterEntry[] {
  const roles = meters.map(({ role }) => role);
  const wh = (role: string, place: number): number =>
    role === "member" ? 4_300 + 310 * place : 900 + 40 * place;
  const users = roles.map((role, place) => (supplied(role, slot, 0) === undefined ? wh(role, place) : 0));
  const below = users.reduce((sum, used) => sum + used, 0);
  return roles.map((role, place): MeterEntry => {
    const quality = slot === 3 && place % 5 === 0 ? "part" : "ok";
    const used: MeterEntry = [users[place] ?? 0, 0, quality, null];
    if (meters[place]?.id === SILENT.meter) return silent(used, slot);
    return supplied(role, slot, below) ?? used;
  });
}

export function cannedLedger(model: SiteModel, history: History): RunningLedger {
  const book = emptyBook();
  const tally: Tally = new Map();
  for (let slot = 0; slot < SLOTS; slot += 1) {
    const t = BEGIN + slot * 900_000;
    const rules = rulesAt(model, t);
    if (rules === undefined) throw new Error("the village keeps a ledger");
    const entries = entriesOf(slot, rules.meters);
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
    addToTally(tally, body, { rules });
  }
  const slots: readonly SettledSlot[] = [...book.slots.values()];
  const write = async (bodies: readonly LedgerBody[]): Promise<void> => {
    for (const body of bodies) {
      const slot = body.k === "correction" ? book.slots.get(body.t) : undefined;
      if (body.k === "correction" && slot !== undefined)
        addToTally(tally, body, { rules: slot.rules, before: slot.entries });
      take(book, { n: book.last + 1, body });
    }
  };
  const kept = {
    ...{ folder: mkdtempSync(join(tmpdir(), "gridwright-canned-ledger-")) },
    ...{ book, damage: undefined, publicKey: "key", write },
    ...{ monthOf: (t: number) => localMonth(model.zone, t), months: async () => ["2026-05"] },
    ...{ slots: async () => slots, tally: async () => tally },
  };
  const settling = { kept, model, history, jobs: () => [], wall: () => BROWSER_NOW };
  return {
    ...{ kept, trouble: () => null, close: async () => undefined },
    served: { month: async () => SERVED, close: async () => undefined },
    read: (reading, picture) => bookReading(settling, reading, picture),
    note: (by, text) => bookNote(settling, { by, text }),
  };
}
