// Somebody takes 5 % of what goes through a street past all meters: the street's losses account holds those Wh, the report names
// the street and no person, and the page says it in words that tell what to look at. From the meters' counters to the sentence.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { statementWord } from "@gridwright/contract/ledger-words.ts";
import { sumsOf } from "@gridwright/core/ledger/tally.ts";
import { NOTHING_KEPT } from "@gridwright/runtime/ledger/served.ts";
import { ledgerAnswer } from "@gridwright/runtime/ledger/statements.ts";
import { type Counters, dataFolder, historyOf, mill, plainCounters, settled, steady } from "./mill.ts";

const SLOTS = 24;
const STOLEN = 0.05;
/** Mean W of the forge's share of all that goes through. */
const means = (id: "inn" | "forge"): number =>
  Array.from({ length: 35 }, (_, minute) => steady(minute)[id] ?? 0).reduce((a, b) => a + b, 0) / 35;
const forgeShare = means("forge") / (means("inn") + means("forge"));
/** The tap is before the forge's meter, which counts so much less. */
const tapped: Counters = (id, _minute, wh) =>
  id === "forge" ? 73_500 + (wh - 73_500) * (1 - STOLEN / forgeShare) : wh;

async function told(counters: Counters) {
  const history = historyOf(SLOTS, steady, counters);
  const kept = await settled({ dataDir: dataFolder(), history });
  const nobody = async () => ({}) as never;
  const served = { month: async () => NOTHING_KEPT, close: async () => undefined };
  const ledger = { kept, served, trouble: () => null, read: nobody, note: nobody, close: nobody };
  const { feeders } = await ledgerAnswer(ledger, mill());
  return { feeders, losses: sumsOf(await kept.tally("2026-11"), "losses:street").loss };
}

describe("what goes past the meters of a street", () => {
  it("nothing, where nobody takes anything", async () => {
    const { feeders, losses } = await told(plainCounters);
    assert.deepEqual(
      feeders.map(({ feeder, verdict }) => [feeder, verdict]),
      [["street", "fits"]],
    );
    assert.ok(Math.abs(losses) < 30, `${losses}`);
  });
  it("5 %, where somebody does: the account says the Wh, the report the street, the page what to look at", async () => {
    const { feeders, losses } = await told(tapped);
    const [street] = feeders;
    assert.deepEqual([feeders.length, street?.feeder, street?.verdict], [1, "street", "unexplained"]);
    assert.ok(Math.abs(losses / (street?.throughWh ?? 1) - STOLEN) < 0.002, `${losses}`);
    assert.equal(street?.missingWh, losses);
    assert.doesNotMatch(JSON.stringify(feeders), /inn|forge/);
    const params = { feeder: "Street", missing: "0.6 kWh", through: "11.6 kWh" };
    assert.equal(
      statementWord("en", "unexplained", params),
      "Street: 0.6 kWh of 11.6 kWh missing, more than wires and loads without a meter can take: look at its meters and wiring",
    );
    assert.match(
      statementWord("es", "unexplained", params),
      /^Street: faltan .* revise contadores y cableado$/,
    );
  });
});
