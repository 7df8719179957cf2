// Which rules hold on which local day.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { siteOf } from "@gridwright/twin/testing/village.ts";
import { rulesAt } from "./rules.ts";

const model = siteOf(`
gridwright: 1
site: { id: mill, name: Mill, timezone: Europe/Madrid }
links: { wire: { kind: modbus-rtu-tcp, host: 127.0.0.1, port: 25001 } }
devices:
  m1: { link: wire, unit: 1, profile: eastron-sdm120 }
  m2: { link: wire, unit: 2, profile: eastron-sdm120 }
members: { inn: { name: Inn, need: 1.5 }, forge: { name: Forge } }
assets:
  line: { kind: grid, name: Line }
  inn-meter: { kind: meter, name: Inn, parent: line, member: inn, measure: m1 }
  forge-meter: { kind: meter, name: Forge, parent: line, member: forge, measure: m2 }
ledger:
  keys:
    - { key: static, shares: { inn: 62.5 %, forge: 37.5 % } }
    - { from: 2026-11-14, key: need }
    - { from: 2026-11-20, key: priority, order: [[forge, inn]] }
    - { from: 2026-12-01, key: pro-rata }
  prices:
    - { local: 0.08/kWh, bought: 0.24/kWh, given: 0.06/kWh }
    - { from: 2026-11-16, local: 0.09/kWh, bought: 0.31/kWh, given: 0.06/kWh }
  left: { inn: 2026-12-15 }
`);

const told = (at: string): string => {
  const rules = rulesAt(model, Date.parse(at));
  const { kind, weights } = rules?.key ?? {};
  const accounts = rules?.meters.map(({ account }) => account).join(" ");
  return `${kind} ${JSON.stringify(weights)} ${rules?.prices?.bought} ${accounts}`;
};
const BOTH = "member:inn member:forge";

describe("the rules of a slot are those of its local day", () => {
  const table: readonly (readonly [sentence: string, at: string, then: string])[] = [
    ["the first key", "2026-11-13T22:45Z", `static {"forge":375000,"inn":625000} 240000 ${BOTH}`],
    ["from local midnight on the next", "2026-11-13T23:00Z", `need {"forge":1000,"inn":1500} 240000 ${BOTH}`],
    ["prices have days of their own", "2026-11-16T09:15Z", `need {"forge":1000,"inn":1500} 310000 ${BOTH}`],
    ["ranks of one row are alike", "2026-11-25T09:15Z", `priority {"forge":1,"inn":1} 310000 ${BOTH}`],
    ["before somebody leaves", "2026-12-14T22:45Z", `pro-rata {"forge":1,"inn":1} 310000 ${BOTH}`],
    [
      "who left has no part, and the meter is nobody's",
      "2026-12-14T23:00Z",
      `pro-rata {"forge":1} 310000 vacant:inn member:forge`,
    ],
  ];
  for (const [sentence, at, then] of table) it(sentence, () => assert.equal(told(at), then));
});
