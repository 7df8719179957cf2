// A year of a hundred members' energy ledger: settling a slot, what a day costs the card, how large the year is, and how long
// opening, verifying, a month's statement and the grid operator's table take; beside it the same sums as rows in SQLite, by what
// one would write in an afternoon. Entries are drawn; all else is the real ledger.
import { statSync } from "node:fs";
import { join } from "node:path";
import type { LedgerBody, LedgerMeter, LedgerRules, MeterEntry } from "@gridwright/contract/ledger.ts";
import { settle } from "@gridwright/core/ledger/settle.ts";
import { type KeptLedger, ledgerFolder, openKeptLedger } from "@gridwright/runtime/ledger/kept-ledger.ts";
import { ledgerFiles } from "@gridwright/runtime/ledger/ledger-files.ts";
import { statementPdf } from "@gridwright/runtime/ledger/statement-pdf.ts";
import { quarterTable } from "@gridwright/runtime/ledger/tables.ts";
import { verifyLedger } from "@gridwright/runtime/ledger/verify.ts";
import { quietLog } from "@gridwright/twin/testing/village.ts";
import { cells, MEGA, plain, spread, table } from "./figures.ts";
import { openPlainBooks, type PlainBooks, type PlainSlot } from "./ledger-plain.ts";
import { usageOf } from "./proc.ts";
import { inFolder } from "./processes.ts";

const MEMBERS = 100;
const FEEDERS = 5;
const SLOTS_A_DAY = 96;
const SLOT_MS = 900_000;
const BEGIN = Date.UTC(2025, 0, 1);
const DAYS = 365;
const QUICK_DAYS = 40;

const meter = (id: string, role: LedgerMeter["role"], under: string | null = null): LedgerMeter => ({
  ...{ id, role, under },
  account: role === "member" ? `member:${id}` : role === "feeder" ? `losses:${id}` : role,
  channels: { in: `${id}/energy_import`, out: `${id}/energy_export`, power: null },
});
const houses = Array.from({ length: MEMBERS }, (_, place) => `house-${place + 1}`);
const METERS: readonly LedgerMeter[] = [
  ...[meter("sun", "sun"), meter("battery", "battery"), meter("grid", "grid")],
  ...Array.from({ length: FEEDERS }, (_, place) => meter(`street-${place}`, "feeder")),
  ...houses.map((id, place) => meter(id, "member", `street-${place % FEEDERS}`)),
];
const RULES: LedgerRules = {
  meters: METERS,
  key: { kind: "hybrid", weights: Object.fromEntries(houses.map((id) => [id, 10_000])) },
  prices: { local: 80_000, bought: 240_000, given: 60_000 },
};

/** Numbers that look drawn and are the same each time. */
function drawn(): () => number {
  let state = 17;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

function entriesOf(next: () => number): readonly MeterEntry[] {
  const used = houses.map(() => Math.floor(40 + 700 * next()));
  const streets = Array.from({ length: FEEDERS }, (_, street) =>
    Math.round(1.02 * used.reduce((sum, wh, place) => (place % FEEDERS === street ? sum + wh : sum), 0)),
  );
  const all = streets.reduce((sum, wh) => sum + wh, 0);
  const sun = Math.floor(all * next());
  const entry = (wIn: number, out = 0): MeterEntry => [wIn, out, "ok", null];
  return [
    entry(sun),
    entry(0, 0),
    entry(all - sun),
    ...streets.map((wh) => entry(wh)),
    ...used.map((wh, place) => entry(wh, place % 4)),
  ];
}

/** The slots of so many days, the same each time. */
function* slotsOf(days: number): Iterable<{ readonly t: number; readonly entries: readonly MeterEntry[] }> {
  const next = drawn();
  for (let slot = 0; slot < days * SLOTS_A_DAY; slot += 1)
    yield { t: BEGIN + slot * SLOT_MS, entries: entriesOf(next) };
}

interface Filled {
  readonly writeMs: readonly number[];
  /** Bytes that went to the storage layer. */
  readonly written: number;
}

async function fill(
  kept: KeptLedger,
  days: number,
): Promise<Filled & { readonly settleMs: readonly number[] }> {
  const [settleMs, writeMs]: [number[], number[]] = [[], []];
  const before = usageOf(process.pid).written;
  const opening: readonly LedgerBody[] = [
    { k: "begin", site: "bench", format: 1, publicKey: kept.publicKey },
    { k: "rules", from: BEGIN, rules: RULES },
  ];
  await kept.write(opening, BEGIN);
  for (const { t, entries } of slotsOf(days)) {
    const began = performance.now();
    const transfers = settle({ rules: RULES, entries, jobs: [] });
    settleMs.push(performance.now() - began);
    await kept.write([{ k: "slot", t, rules: 0, entries, jobs: [], transfers }], t);
    writeMs.push(performance.now() - began);
  }
  return { settleMs, writeMs, written: usageOf(process.pid).written - before };
}

/** What the afternoon's books are given of a slot. */
function plainSlot(t: number, entries: readonly MeterEntry[]): PlainSlot {
  const members = entries.slice(-MEMBERS);
  const given = members.map(([, out]) => out);
  const own = (entries[0]?.[0] ?? 0) + given.reduce((sum, wh) => sum + wh, 0);
  return { t, own, given, used: members.map(([used]) => used) };
}

function fillPlain(books: PlainBooks, days: number): Filled {
  const writeMs: number[] = [];
  const before = usageOf(process.pid).written;
  for (const { t, entries } of slotsOf(days)) {
    const began = performance.now();
    books.write(plainSlot(t, entries));
    writeMs.push(performance.now() - began);
  }
  return { writeMs, written: usageOf(process.pid).written - before };
}

async function timed(act: () => unknown): Promise<number> {
  const began = performance.now();
  await act();
  return performance.now() - began;
}

async function bytesOf(folder: string): Promise<number> {
  const names = await ledgerFiles(folder);
  return names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

const statement = {
  ...{
    member: "house-5",
    name: "House 5",
    month: "2025-01",
    localWh: 187_340,
    boughtWh: 94_210,
    givenWh: 1_870,
  },
  ...{ jobsWh: 6_400, due: 36.83, gaps: 7, corrected: 3, offsSince: BEGIN, handRead: null },
  allowance: { days: 31, grantedWh: 310_000, countedWh: 281_550, exceeded: 4 },
  offs: [
    { asset: "house-5-heater", rule: "ladder", ms: 41_760_000, times: 23 },
    { asset: "house-5-heater", rule: "overload", ms: 2_340_000, times: 6 },
  ],
};
const printed = {
  statement,
  language: "en",
  siteName: "Bench",
  timezone: "UTC",
  currency: "€",
  settledTo: BEGIN,
  names: { "house-5-heater": "Water heater" },
} as const;

const monthOf = (t: number): string => new Date(t).toISOString().slice(0, 7);

type Row = readonly [what: string, ledgerMs: number, plainMs: number];

const ratio = (ours: number, theirs: number): string => `${plain(ours / theirs)}×`;

/** What people ask of a year that is there: by the ledger, by the plain books. */
async function asked(open: () => Promise<KeptLedger>, books: PlainBooks): Promise<readonly Row[]> {
  const opening = await timed(open);
  const kept = await open();
  const [month, newest] = [monthOf(BEGIN), (await kept.months())[0] ?? ""];
  const [from, to] = [BEGIN, Date.UTC(2025, 1, 1)];
  const newestFrom = Date.parse(`${newest}-01T00:00:00Z`);
  const sums = (begin: number) => timed(() => books.sums(4, begin, begin + 31 * 86_400_000));
  return [
    ["opened, with the last three months", opening, Number.NaN],
    ["sums of the newest month", await timed(() => kept.tally(newest)), await sums(newestFrom)],
    [
      "sums of the year's first month, asked for the first time",
      await timed(() => kept.tally(month)),
      await sums(BEGIN),
    ],
    ["the same again", await timed(() => kept.tally(month)), await sums(BEGIN)],
    [
      "a month's quarters of an hour as a table",
      await timed(async () => [...quarterTable(await kept.slots(month))].join("")),
      await timed(() => books.csv(from, to)),
    ],
    ["a statement as PDF", await timed(() => statementPdf(printed)), Number.NaN],
    [
      "all of it reckoned anew (`verify`: chain, signatures, every transfer)",
      await timed(async () => {
        const { fault } = await verifyLedger(kept.folder);
        if (fault !== undefined) throw new Error(fault);
      }),
      await timed(() => books.again()),
    ],
  ];
}

function sizeText(bytes: number, { written }: Filled, days: number): string[] {
  return [plain(bytes / MEGA), plain(bytes / days / MEGA), plain(written / days / MEGA)];
}

async function measured(dataDir: string, days: number): Promise<string> {
  const open = (): Promise<KeptLedger> => openKeptLedger({ dataDir, monthOf, log: quietLog });
  const filled = await fill(await open(), days);
  const books = openPlainBooks(dataDir);
  const plainFilled = fillPlain(books, days);
  const bytes = await bytesOf(ledgerFolder(dataDir));
  const rows = await asked(open, books);
  const sizes = table(
    ["", "MB in all", "MB a day", "MB a day to the card, synced each quarter of an hour"],
    [
      ["ledger", ...sizeText(bytes, filled, days)],
      ["rows in SQLite", ...sizeText(books.bytes(), plainFilled, days)],
    ],
  );
  const slots = table(
    ["a quarter of an hour, ms", "p50", "p99", "most"],
    [
      ["settled", ...cells(spread(filled.settleMs))],
      ["settled, judged, signed and synced", ...cells(spread(filled.writeMs))],
      ["rows in SQLite: shared out and synced", ...cells(spread(plainFilled.writeMs))],
    ],
  );
  books.close();
  const times = table(
    ["what, ms", "ledger", "rows in SQLite", "ledger : rows"],
    rows.map(([what, ours, theirs]) => [
      what,
      plain(ours),
      plain(theirs),
      Number.isNaN(theirs) ? "–" : ratio(ours, theirs),
    ]),
  );
  const what = `${days} days of ${MEMBERS} members under ${FEEDERS} feeders, beside the same shares as rows in SQLite (no chain, no signature, no corrections, floating point).`;
  return `${what}\n\n${sizes}\n\n${slots}\n\n${times}`;
}

/** The section's text. */
export const benchLedger = (quick: boolean): Promise<string> =>
  inFolder((folder) => measured(folder, quick ? QUICK_DAYS : DAYS));
