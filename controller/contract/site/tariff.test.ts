// What a kWh costs at a minute of the week, and what is wrong with a tariff.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Site } from "./site.ts";
import { priceAt, Tariff } from "./tariff.ts";
import { tariffMistakes } from "./tariff-mistakes.ts";
import { WEEKDAYS } from "./workshop.ts";

const NIGHT = { price: "0.11/kWh", from: "22:00", to: "07:30" };
const WEEKEND = { price: "0.14/kWh", days: ["sat", "sun"] };
const REST = { price: "0.29/kWh" };

describe("the price at a time", () => {
  const { import: lines } = Tariff.parse({ import: [NIGHT, WEEKEND, REST] });
  const fridayNight = Tariff.parse({ import: [{ ...NIGHT, days: ["fri"] }, REST] }).import;
  const market = Tariff.parse({ import: "-31/MWh" }).import;
  //  case, prices, day, time, price
  const CASES: readonly (readonly [string, typeof lines, string, string, number])[] = [
    ["is that of the first line that holds", lines, "sat", "23:15", 0.11],
    ["is that of the day where no hours hold", lines, "sat", "12:00", 0.14],
    ["is that of the line without hours else", lines, "wed", "12:00", 0.29],
    ["begins at its first minute", lines, "wed", "22:00", 0.11],
    ["ends before its last", lines, "wed", "07:30", 0.29],
    ["goes on over midnight", lines, "mon", "03:00", 0.11],
    ["over midnight belongs to the day on which it began", fridayNight, "sat", "03:00", 0.11],
    ["and not to the day on which it ends", fridayNight, "fri", "03:00", 0.29],
    ["may be one for all, below 0, and per MWh", market, "tue", "16:20", -0.031],
  ];
  for (const [sentence, prices, day, time, price] of CASES)
    it(sentence, () => assert.equal(priceAt(prices, { day: WEEKDAYS.indexOf(day as "mon"), time }), price));
});

describe("a tariff that says not everything, or something that never counts", () => {
  const told = (tariff: object): string[] =>
    tariffMistakes(
      Site.parse({
        ...{ gridwright: 1, site: { id: "yard", name: "Yard" }, links: {}, devices: {} },
        assets: { line: { kind: "grid", name: "Line", tariff } },
      }),
    ).map(({ path, message }) => `${path.join(".")}: ${message}`);
  //  case, tariff, told
  const CASES: readonly (readonly [string, object, readonly string[]])[] = [
    ["nothing is wrong with one price", { import: "0.27/kWh", export: "0.06/kWh" }, []],
    ["nor with lines that say all hours", { import: [NIGHT, WEEKEND, REST] }, []],
    [
      "a time without a price",
      { import: [NIGHT, WEEKEND] },
      ["assets.line.tariff.import: says no price for mon 07:30; end the list with a line of a price alone"],
    ],
    [
      "a line below one that holds at all its hours",
      { import: "0.27/kWh", export: [REST, NIGHT] },
      ["assets.line.tariff.export.1: never counts: lines above it hold at all its hours; move it up"],
    ],
  ];
  for (const [sentence, tariff, then] of CASES) it(sentence, () => assert.deepEqual(told(tariff), then));
  it("a price without its unit is told with an example", () =>
    assert.match(
      JSON.stringify(Tariff.safeParse({ import: 0.27 }).error?.issues),
      /0\.27 has no unit; write for example .*0\.23\/kWh/,
    ));
});
