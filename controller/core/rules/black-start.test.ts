import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { hamlet } from "../fixtures/hamlet.ts";
import { dead, every, main, type Row, s, T } from "../fixtures/moments.ts";
import { flow, type Given, type Moment, run, story } from "../fixtures/scene.ts";

const quiet: Given = { ...main(300, 200, 100), ...flow("inverter", [300, 200, 100]) };
const LATER =
  "sockets off (black-start), pump off (black-start), lathe off (black-start), saw off (black-start), " +
  "heater-a off (black-start), heater-b off (black-start), heater-c off (black-start)";
const RESERVE =
  "fridge off (restart-reserve), sockets off (restart-reserve), pump off (restart-reserve), " +
  "lathe off (restart-reserve), saw off (restart-reserve), heater-a off (restart-reserve), " +
  "heater-b off (restart-reserve), heater-c off (restart-reserve)";

/** The hamlet without its ladder: what happens is this rule's alone. */
const plain = (): SiteModel =>
  hamlet((site) => {
    site.ladder = [];
    return site;
  });
/** A cold fridge that takes more than a try bears on its phase. */
const bigFridge = (): SiteModel =>
  hamlet((site) => {
    Object.assign(site.assets, {
      fridge: { ...(site.assets as Record<string, object>).fridge, rating: "3.4 kVA" },
    });
    site.ladder = [];
    return site;
  });

const died: readonly Moment[] = [
  { at: T, given: dead },
  { at: s(1.8), given: dead },
];

const TABLE: readonly Row[] = [
  [
    "on a dead bus only what is basic stays switched on, so that the inverter can start again",
    [
      { at: T, given: dead },
      { at: s(1), given: dead },
      { at: s(1.8), given: dead },
    ],
    LATER,
  ],
  [
    "a bus that is back from the dead is left alone for a minute",
    [...died, { at: s(30), given: quiet }, { at: s(89) }, { at: s(91) }],
    `${LATER}, sockets on (restored)`,
  ],
  [
    "a try that fails keeps everything off, and the minute begins anew",
    [
      ...died,
      { at: s(30), given: quiet },
      { at: s(70), given: dead },
      { at: s(72), given: dead },
      { at: s(100), given: quiet },
      { at: s(159) },
      { at: s(161) },
    ],
    `${LATER}, sockets on (restored)`,
  ],
  [
    "the last of the charge is kept for one restart",
    [
      { at: T, given: { "battery/soc": 0.137 } },
      { at: s(5), given: { "battery/soc": 0.176 } },
    ],
    RESERVE,
  ],
  [
    "above twice the reserve loads come back, most needed first",
    [
      { at: T, given: { "battery/soc": 0.137 } },
      { at: s(260), given: { ...quiet, "battery/soc": 0.183 } },
      { at: s(276) },
    ],
    `${RESERVE}, fridge on (restored), sockets on (restored)`,
  ],
  [
    "a generator that carries brings more than is taken: nothing is kept",
    [
      { at: T, given: { "relays/relay_16": true } },
      { at: s(12), given: { "relays/relay_16": true, "battery/soc": 0.137 } },
    ],
    "",
  ],
  [
    "a set from which the battery has got nothing for a quarter of an hour brings nothing",
    [
      { at: T, given: { "relays/relay_16": true } },
      ...every(30, 960, { "battery/battery_current": 37 }),
      { at: s(970), given: { "battery/soc": 0.137 } },
    ],
    "fridge off (restart-reserve), sockets off (restart-reserve), pump off (restart-reserve), lathe off (restart-reserve), saw off (restart-reserve), heater-a off (restart-reserve), heater-b off (restart-reserve), heater-c off (restart-reserve)",
  ],
  [
    "just after the grid went without notice nothing comes back",
    [
      { at: T, given: { "grid/grid_present": true, ...died[0]?.given } },
      { at: s(1.8) },
      { at: s(30), given: { ...quiet, "grid/grid_present": true } },
      { at: s(91) },
      { at: s(95), given: { "grid/grid_present": false } },
      { at: s(120) },
      { at: s(126) },
    ],
    `${LATER}, sockets on (restored), pump on (restored)`,
  ],
  [
    "what is not basic waits until a returned grid has held for a minute",
    [
      ...died,
      { at: s(30), given: quiet },
      { at: s(88), given: { "grid/grid_present": true } },
      { at: s(147) },
      { at: s(149) },
    ],
    `${LATER}, sockets on (restored)`,
  ],
];

describe("black start", () => {
  for (const [sentence, moments, then] of TABLE)
    it(sentence, () => assert.equal(story(run(plain(), moments).decisions), then));

  it("keeps tier 0 beside the last of the charge, though its last resort is declared", () => {
    const lamps = hamlet((site) => {
      const { lamps: own, ...others } = site.assets as Record<string, object>;
      site.ladder = [];
      return { ...site, assets: { ...others, lamps: { ...own, lastResort: 3 } } };
    });
    const moments = [{ at: T, given: { "battery/soc": 0.137 } }, ...every(7, 28)];
    assert.equal(story(run(lamps, moments).decisions), RESERVE);
  });

  it("leaves no more than 60 % of a phase's rating to a try, tier 0 always, and brings it back after", () => {
    const model = bigFridge();
    const { decisions } = run(model, [...died, { at: s(300), given: quiet }, { at: s(359) }, { at: s(361) }]);
    assert.equal(story(decisions), `fridge off (black-start-room), ${LATER}, fridge on (restored)`);
  });
});

describe("what is told of a dead bus", () => {
  const ids = (moments: readonly Moment[]): string[] =>
    run(plain(), moments).last.conditions.flatMap(({ id, reason }) =>
      id.startsWith("dead") || id.startsWith("mode") ? [`${id} ${reason.code}`] : [],
    );
  const again = (at: number): Moment[] => [
    { at: s(at), given: quiet },
    { at: s(at + 5), given: dead },
    { at: s(at + 7), given: dead },
  ];
  const table: readonly (readonly [string, readonly Moment[], readonly string[]])[] = [
    ["at first only that it is dead", died, ["dead-bus alarm-dead-bus"]],
    ["that the inverter tries", [...died, { at: s(32), given: quiet }], ["mode/retry alarm-mode-retry"]],
    [
      "that a person must come when no try is left",
      [...died, ...again(32), ...again(70), ...again(110)],
      ["dead-bus alarm-dead-bus", "dead-bus/person alarm-person-tripped"],
    ],
    [
      "that a person must come when the battery has opened",
      [
        ...died,
        {
          at: s(9),
          given: { ...dead, "battery/discharge_allowed": false, "battery/discharge_current_limit": 0 },
        },
      ],
      ["dead-bus alarm-dead-bus", "dead-bus/person alarm-person-bms"],
    ],
    [
      "that the battery is empty",
      [...died, { at: s(9), given: { ...dead, "battery/soc": 0.103 } }],
      ["dead-bus alarm-dead-bus", "dead-bus/person alarm-person-empty"],
    ],
    [
      "that somebody must look when it lasts",
      [...died, { at: s(190), given: dead }],
      ["dead-bus alarm-dead-bus", "dead-bus/person alarm-person-dark"],
    ],
  ];
  for (const [sentence, moments, then] of table) it(sentence, () => assert.deepEqual(ids(moments), then));
});
