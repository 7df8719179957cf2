// Readings by hand: what fits fills the gaps, what cannot be is refused with its reason.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type MeterEntry, SLOT_MS } from "@gridwright/contract/ledger.ts";
import { judgeReading, type ReadingAsked } from "./hand-reading.ts";

const BEGIN = 1_700_000_100_000 - (1_700_000_100_000 % SLOT_MS);
/** Entries one after the other: `450` counted, `?` told nothing, `~70` a part; `@` and the counter after it. */
const slotsOf = (text: string): ReadingAsked["slots"] =>
  text.split(" ").map((part, place) => {
    const [wh = "", reading] = part.split("@");
    const quality = wh === "?" ? "none" : wh.startsWith("~") ? "part" : "ok";
    const entry: MeterEntry = [
      Number(wh.replace(/[~?]/, "")) || 0,
      0,
      quality,
      reading === undefined ? null : Number(reading),
    ];
    return { t: BEGIN + place * SLOT_MS, entry };
  });

describe("a meter read by hand", () => {
  //  case                                             slots                                   Wh at the end  then
  const table: readonly (readonly [string, string, number, string])[] = [
    ["fills what was not told, evenly", "450@8236450 ? ? ?", 8_237_450, "334h 333h 333h"],
    ["fills a part up, and leaves what is whole", "450@8236450 ~70 500 ?", 8_237_450, "285h 215h"],
    ["changes nothing where nothing is missing", "450@8236450 510@8236960", 8_237_300, ""],
    [
      "one that is below the last cannot be: perhaps one digit",
      "450@8236450 ? ?",
      8_136_950,
      "backwards, perhaps 8236950",
    ],
    [
      "one that is far above cannot be: perhaps one digit",
      "450@8236450 ? ?",
      8_536_900,
      "too-much, perhaps 8236900",
    ],
    [
      "one that is below what was counted is refused",
      "2450@8236450 1900 ?",
      8_236_960,
      "less-than-counted, perhaps 8237960",
    ],
    [
      "one that says more than was counted, and nothing is open",
      "450@8236450 500",
      8_238_800,
      "no-gap, perhaps none",
    ],
    ["the first of a meter that never told is its beginning", "? ? ?", 8_239_000, ""],
  ];
  for (const [sentence, text, wh, then] of table)
    it(sentence, () => {
      const slots = slotsOf(text);
      const verdict = judgeReading({
        slots,
        reading: { at: BEGIN + slots.length * SLOT_MS, wh },
        mostW: 5_750,
      });
      const told = verdict.ok
        ? verdict.fills.map(({ entry: [filled, , quality] }) => `${filled}${quality[0]}`).join(" ")
        : `${verdict.why}, perhaps ${verdict.perhaps ?? "none"}`;
      assert.equal(told, then);
    });
  it("is judged from the reading by hand before it, where that is the newer", () => {
    const slots = slotsOf("? ? ? ? ?");
    const before = { at: BEGIN + 2 * SLOT_MS, wh: 61_300 };
    const verdict = judgeReading({
      slots,
      before,
      reading: { at: BEGIN + 5 * SLOT_MS, wh: 62_900 },
      mostW: 5_750,
    });
    assert.deepEqual(verdict.ok && verdict.fills.map(({ t, entry }) => [(t - BEGIN) / SLOT_MS, entry[0]]), [
      [2, 534],
      [3, 533],
      [4, 533],
    ]);
  });
});
