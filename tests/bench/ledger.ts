// A year of a hundred members' energy ledger: settling a slot, what a day costs the card, how large the year is, and how long
// opening, verifying, a month's statement and the grid operator's table take. Entries are drawn; all else is the real ledger.
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

interface Filled {
  readonly settleMs: readonly number[];
  readonly writeMs: readonly number[];
}

async function fill(kept: KeptLedger, days: number): Promise<Filled> {
  const next = drawn();
  const [settleMs, writeMs]: [number[], number[]] = [[], []];
  const opening: readonly LedgerBody[] = [
    { k: "begin", site: "bench", format: 1, publicKey: kept.publicKey },
    { k: "rules", from: BEGIN, rules: RULES },
  ];
  await kept.write(opening, BEGIN);
  for (let slot = 0; slot < days * SLOTS_A_DAY; slot += 1) {
    const t = BEGIN + slot * SLOT_MS;
    const entries = entriesOf(next);
    const began = performance.now();
    const transfers = settle({ rules: RULES, entries, jobs: [] });
    settleMs.push(performance.now() - began);
    await kept.write([{ k: "slot", t, rules: 0, entries, jobs: [], transfers }], t);
    writeMs.push(performance.now() - began);
  }
  return { settleMs, writeMs };
}

async function timed<T>(act: () => Promise<T>): Promise<number> {
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

async function measured(dataDir: string, days: number): Promise<string> {
  const monthOf = (t: number): string => new Date(t).toISOString().slice(0, 7);
  const open = (): Promise<KeptLedger> => openKeptLedger({ dataDir, monthOf, log: quietLog });
  const filled = await fill(await open(), days);
  const folder = ledgerFolder(dataDir);
  const bytes = await bytesOf(folder);
  const opening = await timed(open);
  const kept = await open();
  const month = monthOf(BEGIN);
  const rows = [
    ["opening, with the last three months", plain(opening)],
    ["verify, signatures and all", plain(await timed(() => verifyLedger(folder)))],
    ["sums of a month", plain(await timed(() => kept.tally(month)))],
    [
      "a month's quarters of an hour as a table",
      plain(await timed(async () => [...quarterTable(await kept.slots(month))].join(""))),
    ],
    ["a statement as PDF", plain(await timed(() => statementPdf(printed)))],
  ];
  const slots = table(
    ["a slot, ms", "p50", "p99", "most"],
    [
      ["settled", ...cells(spread(filled.settleMs))],
      ["settled, judged, signed and synced", ...cells(spread(filled.writeMs))],
    ],
  );
  const size = `${days} days of ${MEMBERS} members: ${plain(bytes / MEGA)} MB on the card, ${plain(bytes / days / MEGA)} MB written a day.`;
  return `${size}\n\n${slots}\n\n${table(["what", "ms"], rows)}`;
}

/** The section's text. */
export const benchLedger = (quick: boolean): Promise<string> =>
  inFolder((folder) => measured(folder, quick ? QUICK_DAYS : DAYS));
