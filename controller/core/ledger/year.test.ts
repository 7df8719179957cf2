// The community as a whole from its ledger's sums: gross figures of the line, also after corrections, and a balance.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { MeterEntry } from "@gridwright/contract/ledger.ts";
import { correcting } from "./book.ts";
import { counted, rulesOf } from "./mill.fixture.ts";
import { settle } from "./settle.ts";
import { addToTally, type Tally } from "./tally.ts";
import { energyOf, together } from "./year.ts";

const T = 1_799_999_100_000;
const NOON =
  "roof 900, line 12/310, battery 30/110, street 470/20, bakery-meter 250, inn-meter 130/40, yard 60";
const NIGHT =
  "roof 7, line 640, battery 90/17, street 620, bakery-meter 330, inn-meter 170, yard 90, attic 11";

function tallyOf(texts: readonly string[]): Tally {
  const tally: Tally = new Map();
  for (const [place, text] of texts.entries()) {
    const { entries, jobs, rules } = counted(text);
    const transfers = settle({ entries, jobs, rules });
    addToTally(tally, { k: "slot", t: T + place, rules: 2, entries, jobs, transfers }, { rules });
  }
  return tally;
}

test("year: what was bought and what was sold stand beside each other, also within one slot", () => {
  const { boughtWh, soldWh, sunWh, usedWh, homesWh } = energyOf(tallyOf([NOON, NIGHT]));
  assert.deepEqual([boughtWh, soldWh], [12 + 640, 310]);
  assert.equal(sunWh, 900 + 7 + 40, "the inn's own roof is sun too");
  const homes = 250 + 130 + 330 + 170 + 2 * 3 + 3 + 11;
  assert.deepEqual([homesWh, usedWh], [homes, homes + 2 * 3]);
});

test("year: it balances, and what batteries kept is what went into them less what came out", () => {
  for (const texts of [[NOON], [NIGHT], [NOON, NIGHT]]) {
    const charged = texts.reduce((sum, text) => sum + (text === NOON ? 110 - 30 : 17 - 90), 0);
    assert.equal(energyOf(tallyOf(texts)).storedWh, charged);
  }
});

test("year: a correction of the line leaves what was bought and sold as if it had been known at once", () => {
  const rules = rulesOf("static");
  const right = counted(NOON);
  const late: readonly MeterEntry[] = right.entries.map((entry, place) =>
    right.rules.meters[place]?.id === "line" ? [5, 190, "part", null] : entry,
  );
  const before = { ...right, entries: late };
  const tally: Tally = new Map();
  const at = { t: T, rules: 2 };
  addToTally(tally, { k: "slot", ...at, entries: late, jobs: [], transfers: settle(before) }, { rules });
  const transfers = correcting(before, right.entries);
  const body = { k: "correction", t: T, why: "late", entries: right.entries, transfers } as const;
  addToTally(tally, body, { rules, before: late });
  assert.deepEqual(energyOf(tally), energyOf(tallyOf([NOON])));
});

test("year: months together are their sums", () => {
  const [noon, night] = [energyOf(tallyOf([NOON])), energyOf(tallyOf([NIGHT]))];
  assert.deepEqual(together([noon, night]), energyOf(tallyOf([NOON, NIGHT])));
});
