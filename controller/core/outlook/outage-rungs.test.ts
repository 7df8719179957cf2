import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Habit } from "../fairness/fair-memory.ts";
import { hamlet } from "../fixtures/hamlet.ts";
import { every, main, s } from "../fixtures/moments.ts";
import { CALM, flow, type Given, type Moment, run, settledMemory, story } from "../fixtures/scene.ts";
import type { Memory } from "../memory.ts";

type Plain = Parameters<NonNullable<Parameters<typeof hamlet>[0]>>[0];

const habit = (meanW: readonly number[]): Habit => ({
  ...{ meanW, days: meanW.map(() => 3) },
  ...{ hour: 13, sumWh: 0, suppliedMs: 0 },
});
/** W of sun from eight to sixteen; nothing at night. */
const sunny = (watts: number) =>
  habit(Array.from({ length: 24 }, (_, hour) => (hour >= 8 && hour < 16 ? watts : 0)));
const steady = (watts: number) => habit(new Array<number>(24).fill(watts));

interface Story {
  readonly sun: Habit | undefined;
  readonly soc: number;
  readonly site?: (site: Plain) => unknown;
  readonly moments?: readonly Moment[];
}

const noLadder = (site: Plain) => ({ ...site, ladder: [] });
const outage = (keys: object) => (site: Plain) => ({ ...site, ladder: [], outage: keys });

/** What becomes of the hamlet within seven minutes; its tier 0 and 1 take some 380 W together, its sockets 620. */
function becomes({ sun, soc, site = noLadder, moments = every(20, 420) }: Story): string {
  const model = hamlet(site);
  const given: Given = { ...CALM, "battery/soc": soc };
  const settled = settledMemory(model, given);
  const habits: Memory["fair"]["habits"] = {
    ...settled.fair.habits,
    fridge: steady(140),
    sockets: steady(620),
    ...(sun && { sun }),
  };
  const memory: Memory = { ...settled, sure: null, fair: { ...settled.fair, habits } };
  const { decisions } = run(model, moments, { given, memory });
  return story(decisions.filter(({ asset }) => asset !== "genset"));
}

const LATER =
  "heater-a off (outage-unsure), heater-b off (outage-unsure), heater-c off (outage-unsure), pump off (outage-unsure), " +
  "lathe off (outage-unsure), saw off (outage-unsure)";

//  case                                                            given                                       then
const TABLE: readonly (readonly [string, Story, string])[] = [
  ["before a day of sun was seen nobody can say, and nobody waits", { sun: undefined, soc: 0.31 }, ""],
  ["days that bring enough sun let everybody have supply", { sun: sunny(5_200), soc: 0.52 }, ""],
  [
    "with three dull days ahead all but tiers 0 and 1 wait",
    { sun: sunny(420), soc: 0.38 },
    `${LATER}, sockets off (outage-unsure)`,
  ],
  [
    "where tiers 0 and 1 are sure for three days, tiers 3 and 4 wait until tier 2 is sure for one",
    { sun: sunny(640), soc: 0.36 },
    LATER,
  ],
  [
    "where the sun carries tiers 0 and 1 for good nobody waits, whatever the night",
    { sun: sunny(2_600), soc: 0.22 },
    "",
  ],
  [
    "a community that asks for nothing to be sure waits for nothing",
    { sun: sunny(420), soc: 0.38, site: outage({ essentials: "0 h", normal: "0 h" }) },
    "",
  ],
  [
    "one that asks for less is satisfied with less",
    { sun: sunny(420), soc: 0.38, site: outage({ essentials: "9 h", normal: "5 h" }) },
    "",
  ],
  [
    "on the grid nobody waits for it",
    { sun: sunny(420), soc: 0.38, moments: every(20, 420, { "grid/grid_present": true }) },
    "",
  ],
  [
    "while energy is plenty nobody waits",
    { sun: sunny(0), soc: 0.9, site: outage({ essentials: "150 h" }) },
    "",
  ],
  [
    "less than five minutes of it switch nothing",
    { sun: sunny(420), soc: 0.38, moments: every(20, 280) },
    "",
  ],
  [
    "a charge that cannot be read leaves everything as it is",
    { sun: sunny(420), soc: 0.38, moments: every(20, 420, { "battery/soc": null }) },
    "",
  ],
];

describe("in an outage", () => {
  for (const [name, given, then] of TABLE) it(name, () => assert.equal(becomes(given), then));

  it("fuel counts for tiers 0 and 1 alone, where level and tank are known", () => {
    const withTank = (site: Plain) => ({
      ...noLadder(site),
      devices: { ...site.devices, set: { link: "bus", unit: 31, profile: "genset-box" } },
      assets: {
        ...site.assets,
        genset: { ...site.assets.genset, tank: "40 kWh", points: { level: "set/level" } },
      },
    });
    const moments = every(20, 420, { "set/level": 0.37 });
    assert.equal(becomes({ sun: sunny(310), soc: 0.38, site: withTank, moments }), LATER);
    const empty = every(20, 420, { "set/level": 0.04 });
    assert.equal(
      becomes({ sun: sunny(310), soc: 0.38, site: withTank, moments: empty }),
      `${LATER}, sockets off (outage-unsure)`,
    );
  });

  it("what waited comes back with the grid", () => {
    const idle = {
      ...main(910, 730, 650),
      "plug-sockets/power": 4,
      "plug-heater-a/power": 3,
      "plug-heater-b/power": 5,
      ...flow("inverter", [910, 730, 650]),
    };
    const back = [
      ...every(20, 420).map((moment) => (moment.at > s(320) ? { ...moment, given: idle } : moment)),
      ...every(5, 900, { ...idle, "grid/grid_present": true }).filter(({ at }) => at > s(421)),
    ];
    const told = becomes({ sun: sunny(420), soc: 0.38, moments: back });
    assert.match(told, /sockets off \(outage-unsure\), .*sockets on \(restored\)/);
  });
});
