// What check refuses of a ledger's rules.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ledgerMistakes } from "./ledger-mistakes.ts";
import { Site } from "./site.ts";

const base = {
  gridwright: 1,
  site: { id: "mill", name: "Mill" },
  links: {},
  devices: {},
  members: { bakery: { name: "Bakery" }, inn: { name: "Inn" }, forge: { name: "Forge" } },
  assets: {},
};
const SHARES = { bakery: "30 %", inn: "50 %", forge: "20 %" };
const static_ = { key: "static", shares: SHARES };
const mistakes = (ledger: object): string =>
  ledgerMistakes(Site.parse({ ...base, ledger }))
    .map(({ path, message }) => `${path.slice(1).join(".")}: ${message}`)
    .join(" · ");

describe("the rules of a ledger", () => {
  const table: readonly (readonly [sentence: string, ledger: object, then: RegExp])[] = [
    ["shares that are the whole", { keys: [static_] }, /^$/],
    ["by use nobody needs a share", { keys: [{ key: "pro-rata" }] }, /^$/],
    [
      "shares that do not sum to one",
      { keys: [{ key: "static", shares: { ...SHARES, inn: "49.5 %" } }] },
      /^keys\.0\.shares: come to 99\.5 %; make them 100 % in all$/,
    ],
    ["a key with shares without them", { keys: [{ key: "hybrid" }] }, /^keys\.0\.key: hybrid needs shares/],
    [
      "shares where they mean nothing",
      { keys: [{ ...static_, key: "need" }] },
      /^keys\.0\.shares: belongs to the keys/,
    ],
    [
      "somebody forgotten",
      { keys: [{ key: "static", shares: { bakery: "40 %", inn: "60 %" } }] },
      /^keys\.0\.shares: forge is not named/,
    ],
    [
      "a stranger",
      { keys: [{ key: "static", shares: { ...SHARES, inn: "40 %", mill: "10 %" } }] },
      /no member "mill"/,
    ],
    [
      "an order without everybody",
      { keys: [{ key: "priority", order: [["inn"], ["forge"]] }] },
      /bakery is not named/,
    ],
    [
      "somebody twice",
      {
        keys: [
          {
            key: "priority",
            order: [
              ["inn", "forge"],
              ["bakery", "inn"],
            ],
          },
        ],
      },
      /twice/,
    ],
    ["no order", { keys: [{ key: "priority" }] }, /priority needs order/],
    ["a second key without a date", { keys: [static_, { key: "need" }] }, /^keys\.1: say from which day/],
    [
      "dates out of order",
      { keys: [static_, { key: "need", from: "2026-11-09" }, { key: "pro-rata", from: "2026-03-08" }] },
      /^keys\.2\.from: must be later than 2026-11-09/,
    ],
    [
      "a first key with a date",
      { keys: [{ key: "need", from: "2026-11-09" }] },
      /^keys\.0\.from: the first holds/,
    ],
    [
      "somebody leaves while a key still gives them a share",
      { keys: [static_], left: { inn: "2026-11-14" } },
      /^left\.inn: the key that holds on 2026-11-14 still gives inn a share: add a key from: 2026-11-14$/,
    ],
    [
      "somebody leaves with a key of the same day",
      {
        keys: [static_, { key: "static", from: "2026-11-14", shares: { bakery: "60 %", forge: "40 %" } }],
        left: { inn: "2026-11-14" },
      },
      /^$/,
    ],
    [
      "who has left gets no share any more",
      { keys: [static_, { ...static_, from: "2026-12-01" }], left: { inn: "2026-11-30" } },
      /inn has left by then/,
    ],
    [
      "a stranger leaves",
      { keys: [{ key: "need" }], left: { mill: "2026-11-30" } },
      /^left\.mill: no member/,
    ],
  ];
  for (const [sentence, ledger, then] of table) it(sentence, () => assert.match(mistakes(ledger), then));
  it("a day that is none", () =>
    assert.throws(
      () => mistakes({ keys: [{ key: "need" }], left: { inn: "2026-02-30" } }),
      /no day of the calendar/,
    ));
});
