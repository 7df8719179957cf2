// What a slot's meters come to: who used what of the community's own, what was bought, what was lost and where.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { balances } from "./balances.ts";
import { counted, entriesOf, lines, rulesOf } from "./mill.fixture.ts";
import { settle } from "./settle.ts";

const DAY =
  "roof 900, battery 20/130, line 40/25, street 812/30, bakery-meter 300, inn-meter 110/50, yard 420";
const NOON = `${DAY}, forge-meter 260, saw 150, attic 7`;
const own = (text: string): readonly string[] =>
  lines(settle(counted(text))).filter((line) => /^(local|bought)/.test(line));

describe("a slot is settled from its meters", () => {
  it("sources, use by the key, what a roof of one's own gives, and losses by feeder", () =>
    assert.deepEqual(lines(settle(counted(NOON, "static"))), [
      "flow sun → pool 900",
      "flow battery → pool 20",
      "flow pool → battery 130",
      "flow grid → pool 40",
      "flow pool → grid 25",
      "given member:inn → pool 50",
      "local pool → member:bakery 300",
      "local pool → member:inn 110",
      "local pool → member:forge 255",
      "bought pool → member:forge 5",
      "local pool → shared:saw 150",
      "bought pool → vacant:attic 7",
      "loss pool → losses:plant 16",
      "loss pool → losses:street 2",
      "loss pool → losses:yard 10",
    ]));
  //  case                                                        meters                                                       then
  const table: readonly (readonly [string, string, RegExp, readonly string[]])[] = [
    [
      "at night all of it is bought, what belongs to all as well",
      "roof 0, battery 0, line 640, street 620, bakery-meter 200, inn-meter 90, yard 320, forge-meter 210, saw 95, attic 11",
      /^(local|bought)/,
      [
        "bought pool → member:bakery 200",
        "bought pool → member:inn 90",
        "bought pool → member:forge 210",
        "bought pool → shared:saw 95",
        "bought pool → vacant:attic 11",
      ],
    ],
    [
      "what belongs to all is served first from what there is",
      "roof 170, battery 0, line 480, street 600, bakery-meter 200, inn-meter 100, yard 295, forge-meter 150, saw 120, attic 13",
      /^local/,
      [
        "local pool → member:bakery 22",
        "local pool → member:inn 11",
        "local pool → member:forge 17",
        "local pool → shared:saw 120",
      ],
    ],
    [
      "energy that charges the battery from the line is nobody's sun",
      "roof 60, battery 0/300, line 900, street 610, bakery-meter 200, inn-meter 100, yard 300, forge-meter 180, saw 100, attic 14",
      /^local/,
      [],
    ],
    [
      "meters below that count more than the one above are a loss the other way",
      "roof 900, battery 0, line 0, street 800, bakery-meter 400, inn-meter 110, yard 300, forge-meter 260, saw 55, attic 9",
      /^loss/,
      ["loss pool → losses:plant 91", "loss losses:street → pool 10", "loss losses:yard → pool 15"],
    ],
    [
      "a feeder that told nothing is passed over: its branches count at the one above",
      "roof 900, battery 0, line 0, street 860, bakery-meter 300, inn-meter 110, yard ?, forge-meter 260, saw 150, attic 9",
      /^loss/,
      ["loss pool → losses:plant 31", "loss pool → losses:street 40"],
    ],
    [
      "a member whose meter told nothing counts as nothing for now",
      "roof 900, battery 0, line 0, street 800, bakery-meter ?, inn-meter 110, yard 400, forge-meter 260, saw 140, attic 9",
      /losses:street|bakery/,
      ["loss pool → losses:street 290"],
    ],
  ];
  for (const [sentence, text, kind, then] of table)
    it(sentence, () =>
      assert.deepEqual(
        lines(settle(counted(text))).filter((line) => kind.test(line)),
        then,
      ),
    );

  it("a job's energy goes from its machine to whose it was", () => {
    const jobs = [
      ["j-7", "saw", "forge", 140],
      ["j-8", "saw", null, 6],
    ] as const;
    assert.deepEqual(lines(settle(counted(NOON, "static", jobs))).slice(-2), [
      "job shared:saw → job:forge 140",
      "job shared:saw → job:nobody 6",
    ]);
  });
  it("the key decides who gets the sun, not how much of it there is", () => {
    const scarce = NOON.replace("roof 900", "roof 480");
    const sums = (["static", "priority", "pro-rata", "hybrid", "need"] as const).map((kind) => {
      const local = settle(counted(scarce, kind)).filter(
        ([what, , to]) => what === "local" && to.startsWith("member"),
      );
      return local.reduce((sum, [, , , wh]) => sum + wh, 0);
    });
    assert.deepEqual(sums, [245, 245, 245, 245, 245]);
    assert.ok(own(scarce).includes("local pool → member:bakery 110"));
  });
});

it("whatever meters say, all accounts sum to 0, and the pool is empty after each slot", () => {
  const wh = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 70_000 }));
  const quality = fc.constantFrom("ok", "none", "part", "power", "hand" as const);
  const entry = fc.tuple(wh, wh, quality, fc.constant(null));
  const size = entriesOf("roof 5").length;
  const entries = fc.array(entry, { minLength: size, maxLength: size });
  fc.assert(
    fc.property(entries, fc.constantFrom("static", "hybrid", "priority" as const), (drawn, kind) => {
      const told = drawn.map(([a, b, q, reading]) =>
        q === "none" ? ([0, 0, q, null] as const) : ([a, b, q, reading] as const),
      );
      const transfers = settle({ rules: rulesOf(kind), entries: told, jobs: [] });
      const sums = balances(transfers);
      assert.equal(
        [...sums.values()].reduce((sum, value) => sum + value, 0),
        0,
      );
      assert.equal(sums.get("pool") ?? 0, 0);
      assert.ok(transfers.every(([, , , amount]) => Number.isInteger(amount) && amount > 0));
    }),
    { numRuns: 400 },
  );
});
