// What a plan takes a farm's car and tank for: when the car stands at its socket, what it holds, what a tank has of heat, each by
// its own points, by what it took of late, or on the cautious side where nothing tells.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { beginOf, type KnownSite } from "./known.ts";
import { storesOf } from "./stores.ts";
import { clock, type Days, type Farm, farm, known } from "./stores-fixture.ts";

const car = (site: KnownSite) => {
  const { vehicles, known: how } = storesOf(site);
  const [state] = vehicles;
  assert.ok(state);
  return { ...state, how: how.get("car") };
};
const tank = (site: KnownSite) => {
  const { heaters, known: how } = storesOf(site);
  const [state] = heaters;
  assert.ok(state);
  return { ...state, how: how.get("tank") };
};
const given = (days: Days, changed: Farm = {}) => known(farm(changed), days);
const wh = (value: number): string => `${Math.round(value)} Wh`;

/** It charges at 1.9 kW from six to nine in the evening. */
const evening = (hour: number): number => (hour >= 19 && hour < 22 ? 1_900 : 0);

type Held = readonly [sentence: string, days: Days, changed: Farm, then: string];
const HELD: readonly Held[] = [
  [
    "it holds what it was given since it was back",
    { now: clock(21, 5), car: evening },
    {},
    "3420 Wh reckoned",
  ],
  ["it comes back empty", { now: clock(18, 25), car: evening }, {}, "0 Wh reckoned"],
  ["on its way it is empty", { now: clock(15, 5), car: evening }, {}, "0 Wh reckoned"],
  ["never more than it can hold", { now: clock(9, 5), car: () => 1_900 }, {}, "7200 Wh reckoned"],
  ["what nobody measures counts as empty", { now: clock(9, 5) }, {}, "0 Wh unknown"],
  [
    "its own word is believed where the site says what its battery holds",
    { now: clock(9, 5), car: evening, soc: { car: 0.35 } },
    { car: { battery: "31 kWh" } },
    "10850 Wh measured",
  ],
  [
    "a word that is not fresh is none: what it was given counts",
    { now: clock(21, 5), car: evening, soc: { car: undefined } },
    { car: { battery: "31 kWh" } },
    "3420 Wh reckoned",
  ],
  [
    "a share of a battery whose size nobody told is none",
    { now: clock(21, 5), car: evening, soc: { car: 0.35 } },
    {},
    "3420 Wh reckoned",
  ],
];

describe("a vehicle in the plan of a site", () => {
  for (const [sentence, days, changed, then] of HELD)
    it(sentence, () => {
      const { energyWh, how } = car(given(days, changed));
      assert.equal(`${wh(energyWh)} ${how}`, then);
    });
  it("stands at its socket but for its ways, counted from now on", () => {
    const { plugged = [], trips } = car(given({ now: clock(10, 15), car: evening }));
    const shares = plugged.slice(0, 10).map((share) => Number(share.toFixed(3)));
    // From 10:15 on, away from 13:00 to 18:10.
    assert.deepEqual(shares, [0.75, 1, 1, 0, 0, 0, 0, 0, 0.833, 1]);
    assert.deepEqual(
      trips.map(({ leaveStep, returnStep }) => [leaveStep, returnStep]),
      [
        [3, 8],
        [27, 32],
      ],
    );
  });
  it("leaves only on its days, and in the midst of an hour uses what is left of it", () => {
    const departs = [
      { days: ["thu"], at: "07:40", back: "07:20", needs: "5 kWh" },
      { days: ["wed"], at: "11:30", back: "11:50", needs: "3 kWh" },
    ];
    const { plugged = [], trips, spec } = car(given({ now: clock(10), car: evening }, { car: { departs } }));
    assert.equal(spec.capacityWh, 5_000);
    assert.deepEqual(
      trips.map(({ leaveStep, returnStep, socLeave, usesWh }) => [leaveStep, returnStep, socLeave, usesWh]),
      [
        [2, 2, 0.6, 3_000],
        [22, 45, 1, 5_000],
      ],
    );
    assert.deepEqual(
      [plugged[1], plugged[21]].map((share) => share?.toFixed(2)),
      ["0.67", "0.67"],
    );
  });
  it("is charged as fast as it was seen to, not as its rating says", () => {
    const { spec } = car(given({ now: clock(10), car: (hour) => evening(hour) * 0.6 }));
    assert.equal(spec.chargeMaxW, 1_140);
    assert.equal(car(given({ now: clock(10) })).spec.chargeMaxW, 2_000);
  });
  it("without departures is a load of habits", () => {
    const { vehicles } = storesOf(given({ now: clock(10) }, { car: { departs: [] } }));
    assert.deepEqual(vehicles, []);
  });
});

/** It heats at 1.4 kW from eleven to two, less in the last hour: then it is hot. */
const noon = (hour: number): number => (hour === 11 || hour === 12 ? 1_400 : hour === 13 ? 300 : 0);
const onlyAtNoon = (site: KnownSite): KnownSite => ({
  ...site,
  supplied: { tank: site.power.tank?.map((_, at) => Number(at % 24 >= 11 && at % 24 < 14)) ?? [] },
});

describe("a water heater in the plan of a site", () => {
  it("by its temperature holds its part between coldest and hottest", () => {
    const { levelWh, how } = tank(given({ now: clock(9), tank: noon, celsius: { tank: 47 } }));
    assert.equal(`${wh(levelWh)} ${how}`, "1400 Wh measured");
    const hot = tank(given({ now: clock(9), tank: noon, celsius: { tank: 71 } }));
    assert.equal(hot.levelWh, 4_000);
  });
  it("without a fresh temperature it is hot after an hour in which it wanted less than it could have", () => {
    const site = onlyAtNoon(given({ now: clock(14, 10), tank: noon, celsius: { tank: undefined } }));
    assert.equal(`${wh(tank(site).levelWh)} ${tank(site).how}`, "4000 Wh reckoned");
  });
  it("and cools and is drawn from since, by what such days took", () => {
    const { levelWh, demandW } = tank(onlyAtNoon(given({ now: clock(17, 10), tank: noon })));
    // 3,100 Wh a day of which 480 are lost: (3,100 − 480) / 24 = 109 W.
    assert.equal(Math.round(demandW[5] ?? 0), 109);
    assert.equal(wh(levelWh), wh(((4_000 * 0.99 - 109.17) * 0.99 - 109.17) * 0.99 - 109.17));
  });
  it("what had no supply tells nothing of what people want", () => {
    const site = given({ now: clock(9), tank: () => 0 });
    const off: KnownSite = { ...site, supplied: { tank: site.power.tank?.map(() => 0) ?? [] } };
    assert.equal(`${wh(tank(off).levelWh)} ${tank(off).how}`, "0 Wh reckoned");
    assert.equal(tank(off).demandW[7], 150);
  });
  it("of which nothing is known is cold, and draws what the site says, or its duty", () => {
    const site = given({ now: clock(9) });
    assert.equal(`${wh(tank(site).levelWh)} ${tank(site).how}`, "0 Wh unknown");
    assert.equal(tank(site).demandW[7], 150);
    const { demandW } = tank(given({ now: clock(9) }, { tank: { store: { capacity: "4 kWh" } } }));
    assert.equal(demandW[7], 465);
  });
  it("begins with the hour that goes on", () => {
    const site = given({ now: clock(9, 40) });
    assert.equal(beginOf(site), clock(9));
  });
});
