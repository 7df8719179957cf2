// The book: what follows is taken, and whatever does not follow from the meters' entries is named.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type LedgerBody, type LedgerRecord, type MeterEntry, SLOT_MS } from "@gridwright/contract/ledger.ts";
import { balances } from "./balances.ts";
import { type Book, correcting, emptyBook, faultOf, take } from "./book.ts";
import { counted, entriesOf, rulesOf } from "./mill.fixture.ts";
import { settle } from "./settle.ts";
import { addToTally, memberSums, sumsOf, type Tally } from "./tally.ts";

const T = 1_799_999_100_000 - (1_799_999_100_000 % SLOT_MS);
const MORNING =
  "roof 700, line 90, street 640/20, bakery-meter 250, inn-meter 130/40, yard 230, forge-meter 140, saw 80, attic 5";
const LATE = MORNING.replace("forge-meter 140", "forge-meter ?");

const slot = (text: string, place: number, jobs: Parameters<typeof counted>[2] = []): LedgerBody => {
  const { entries } = counted(text);
  const transfers = settle(counted(text, "pro-rata", jobs));
  return { k: "slot", t: T + place * SLOT_MS, rules: 2, entries, jobs: jobs ?? [], transfers };
};
const BEGUN: readonly LedgerBody[] = [
  { k: "begin", site: "mill", format: 1, publicKey: "k" },
  { k: "rules", from: T, rules: rulesOf("pro-rata") },
];
const correction = (place: number): LedgerBody => {
  const entries = entriesOf(MORNING);
  return {
    k: "correction",
    t: T + place * SLOT_MS,
    why: "late",
    entries,
    transfers: correcting(counted(LATE), entries),
  };
};
const STORY: readonly LedgerBody[] = [
  ...BEGUN,
  slot(MORNING, 0, [["j-4", "saw", "forge", 60]]),
  slot(LATE, 1),
  slot(MORNING, 3),
  correction(1),
];

/** Number and words of the first record that does not follow. */
function firstFault(bodies: readonly LedgerBody[], numbers?: readonly number[]): string {
  const book: Book = emptyBook();
  for (const [place, body] of bodies.entries()) {
    const record: LedgerRecord = { n: numbers?.[place] ?? place + 1, body };
    const fault = faultOf(book, record);
    if (fault !== undefined) return `${record.n}: ${fault}`;
    take(book, record);
  }
  return "none";
}

const spoiled = (place: number, spoil: (body: LedgerBody) => LedgerBody): readonly LedgerBody[] =>
  STORY.map((body, at) => (at === place ? spoil(body) : body));
const inSlot = (change: (body: Extract<LedgerBody, { k: "slot" }>) => object) => (body: LedgerBody) =>
  body.k === "slot" ? { ...body, ...change(body) } : body;

describe("every record follows from the entries before it, or is named", () => {
  const table: readonly (readonly [sentence: string, bodies: readonly LedgerBody[], then: RegExp])[] = [
    ["a true story", STORY, /^none$/],
    [
      "a transfer that gives a member 10 Wh more",
      spoiled(
        3,
        inSlot(({ transfers }) => ({
          transfers: transfers.map((one, at) => (at === 6 ? one.with(3, 260) : one)),
        })),
      ),
      /^4: transfer 7 says .* 260», the entries give/,
    ],
    [
      "an entry that was changed afterwards",
      spoiled(
        2,
        inSlot(() => ({ entries: entriesOf(MORNING.replace("inn-meter 130", "inn-meter 131")) })),
      ),
      /^3: transfer \d+ says/,
    ],
    [
      "energy below nothing",
      spoiled(
        2,
        inSlot(() => ({ entries: entriesOf(MORNING.replace("saw 80", "saw -80")) })),
      ),
      /^3: the entry of saw is no whole amount/,
    ],
    [
      "a meter too few",
      spoiled(
        2,
        inSlot(({ entries }) => ({ entries: entries.slice(1) })),
      ),
      /^3: 9 entries for 10/,
    ],
    ["a slot twice", [...STORY.slice(0, 4), slot(MORNING, 1)], /^5: its time is settled already/],
    [
      "two slots changed round",
      [...BEGUN, slot(MORNING, 3), slot(LATE, 1)],
      /^4: its time is settled already/,
    ],
    [
      "a time between quarters",
      spoiled(
        2,
        inSlot(({ t }) => ({ t: t + 7 })),
      ),
      /^3: its time is no quarter/,
    ],
    [
      "a job twice",
      [...STORY, slot(MORNING, 5, [["j-4", "saw", "forge", 60]])],
      /^7: job j-4 was booked before/,
    ],
    ["a correction of what was never settled", [...STORY, correction(2)], /^7: it corrects a quarter/],
    [
      "the same correction twice",
      [...STORY, correction(1)],
      /^7: transfer 1 says «\w+ .*», the entries give «nothing/,
    ],
    [
      "rules of another record",
      spoiled(
        4,
        inSlot(() => ({ rules: 1 })),
      ),
      /^5: its rules are not record 1/,
    ],
    ["a second beginning", [...STORY, ...BEGUN.slice(0, 1)], /^7: a ledger begins once/],
  ];
  for (const [sentence, bodies, then] of table) it(sentence, () => assert.match(firstFault(bodies), then));
  it("a record that is missing", () =>
    assert.match(firstFault(STORY, [1, 2, 4, 5, 6, 7]), /^4: its number is 4 where 3/));
});

describe("a month's sums", () => {
  const tally: Tally = new Map();
  const booked = new Map<number, readonly MeterEntry[]>();
  for (const body of STORY) {
    if (body.k !== "slot" && body.k !== "correction") continue;
    addToTally(tally, body, { rules: rulesOf("pro-rata"), before: booked.get(body.t) });
    booked.set(body.t, body.entries);
  }
  it("are those of right entries, whatever was booked first", () => {
    const right: Tally = new Map();
    for (const body of [slot(MORNING, 0), slot(MORNING, 1), slot(MORNING, 3)])
      if (body.k === "slot") addToTally(right, body, { rules: rulesOf("pro-rata") });
    for (const member of ["bakery", "inn", "forge"]) {
      const { gaps, corrected, ...sums } = memberSums(tally, member);
      const { gaps: none, corrected: never, ...expected } = memberSums(right, member);
      assert.deepEqual(sums, expected, member);
    }
  });
  it("say what a member used, gave and owes, and where its meter was silent", () => {
    const { local, bought, given, due, gaps, corrected } = memberSums(tally, "forge");
    assert.deepEqual([local + bought, given, gaps, corrected], [420, 0, 1, 1]);
    assert.equal(due, local * 90_000 + bought * 240_000);
    assert.deepEqual([memberSums(tally, "inn").given, sumsOf(tally, "job:forge").job], [120, 60]);
  });
  it("balance to nothing over all accounts", () => {
    const transfers = STORY.flatMap((body) => ("transfers" in body ? body.transfers : []));
    assert.equal(
      [...balances(transfers).values()].reduce((sum, wh) => sum + wh, 0),
      0,
    );
  });
});
