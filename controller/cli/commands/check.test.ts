// What `check` prints as the battery empties: the declared steps between the limits of inverter and battery.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { siteOf } from "@gridwright/twin/testing/village.ts";
import { ladderTable } from "./check.ts";

const SITES = {
  village: new URL("../../twin/sites/village.yaml", import.meta.url),
  hamlet: new URL("../../twin/scenarios/manual/sites/hamlet.yaml", import.meta.url),
};
const BATTERY = "    socMin: 10 %";

/** The lowest rows; columns stand two blanks or more apart. */
function lowest(site: keyof typeof SITES, battery: string): readonly string[] {
  const text = readFileSync(SITES[site], "utf8");
  assert.ok(text.includes(BATTERY));
  const model = siteOf(text.replace(BATTERY, battery));
  return ladderTable(model)
    .map((line) => line.trim().replace(/ {2,}/g, " | "))
    .slice(-2);
}

test("between the last step and the cut-out stands what is kept for one restart, and until when", () => {
  //  site, battery, row above the last
  const rows: readonly (readonly [site: keyof typeof SITES, battery: string, row: RegExp])[] = [
    ["hamlet", BATTERY, /^below 14 % \| until 18 % \| kept for one restart \| everything but tier 0$/],
    [
      "village",
      "    socMin: 9 %\n    restartReserve: 6 %",
      /^below 15 % \| until 21 % \| kept for one restart \| without a grid: everything but tier 0$/,
    ],
    ["village", "    socMin: 11 %\n    restartReserve: 0 %", /^below 20 % .* \| lights and fridges only \| /],
  ];
  for (const [site, battery, row] of rows) {
    const [above = "", last] = lowest(site, battery);
    assert.match(above, row);
    assert.equal(last, `below ${/\d+ %/.exec(battery)?.[0]} | the inverter cuts out | everything`);
  }
});
