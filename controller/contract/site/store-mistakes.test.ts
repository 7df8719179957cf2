// Vehicles and tanks whose keys do not fit each other: each mistake names its key and a cure.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Site } from "./site.ts";
import { storeMistakes } from "./store-mistakes.ts";

const way = { at: "07:30", back: "17:15", needs: "12 kWh" };
const tank = { capacity: "6 kWh", losses: "2 %" };

type Row = readonly [sentence: string, car: object, tank: object, told: readonly string[]];
const ROWS: readonly Row[] = [
  [
    "a vehicle with two ways and a tank",
    {
      battery: "30 kWh",
      departs: [
        { ...way, days: ["mon", "fri"] },
        { ...way, days: ["sat"], at: "20:00", back: "02:00" },
      ],
    },
    {
      store: { ...tank, daily: "5 kWh", coldest: "38 °C", hottest: "61 °C" },
      points: { temperature: "probe/temperature" },
    },
    [],
  ],
  [
    "a way that ends when it begins",
    { departs: [way, { ...way, back: "07:30" }] },
    {},
    ["car.departs.1.back: is when it leaves; say when it is back"],
  ],
  [
    "a way that leaves while the one before lasts, also over the week's end",
    {
      departs: [
        { ...way, days: ["sat"], at: "21:00", back: "09:30" },
        { ...way, days: ["sun"], at: "08:45", back: "12:00" },
      ],
    },
    {},
    ["car.departs.1.at: on sun at 08:45 it is still away: it left at 21:00 (departs.0) and is back at 09:30"],
  ],
  [
    "a way that needs nothing, or less",
    {
      departs: [
        { ...way, needs: "0 kWh" },
        { ...way, days: ["sun"], needs: "-3 kWh" },
      ],
    },
    {},
    [
      "car.departs.0.needs: must be above 0; leave the line away if it needs nothing",
      "car.departs.1.needs: must be above 0; leave the line away if it needs nothing",
    ],
  ],
  [
    "a way that needs more than the battery holds",
    { battery: "11 kWh", departs: [way] },
    {},
    ["car.departs.0.needs: is 12 kWh and battery holds 11 kWh: lower it, or correct battery"],
  ],
  [
    "a way that needs more than can be charged before it",
    { departs: [{ ...way, at: "14:00", back: "12:30", days: ["tue", "wed"] }] },
    {},
    [
      "car.departs.0.needs: is 12 kWh, but between 12:30 and 14:00 (wed) at most 9.4 kWh can be charged: lower it, or correct rating or the times",
    ],
  ],
  [
    "a battery of nothing",
    { battery: "0 kWh", departs: [way] },
    {},
    ["car.battery: must be above 0: say how much it holds, such as 40 kWh"],
  ],
  [
    "a charge that nobody can turn into energy",
    { departs: [way], points: { soc: "charger/soc" } },
    {},
    ["car.battery: is needed beside points.soc: say how much it holds, such as 40 kWh"],
  ],
  [
    "a tank that holds nothing",
    {},
    { store: { ...tank, capacity: "0 kWh" } },
    ["tank.store.capacity: must be above 0: a litre holds 1.16 Wh for each degree"],
  ],
  [
    "a tank that loses most of it in an hour",
    {},
    { store: { ...tank, losses: "60 %" } },
    ["tank.store.losses: are those of an hour, from 0 % to below 50 %: a good tank loses about 1 %"],
  ],
  [
    "heat of which one end is missing, or turned round, or that no sensor tells",
    {},
    { store: { ...tank, coldest: "38 °C" } },
    ["tank.store.hottest: is needed too: its heat is reckoned between coldest and hottest"],
  ],
  [
    "heat that is coldest above",
    {},
    { store: { ...tank, coldest: "58 °C", hottest: "41 °C" } },
    ["tank.store.hottest: must be above coldest (58 °C)"],
  ],
  [
    "heat that no sensor tells",
    {},
    { store: { ...tank, coldest: "41 °C", hottest: "58 °C" } },
    [
      "tank.points.temperature: is needed beside coldest and hottest: name the tank's sensor, or leave both away",
    ],
  ],
  [
    "a day's draw that it cannot heat, and one below nothing",
    {},
    { store: { ...tank, daily: "47 kWh" } },
    ["tank.store.daily: is 47 kWh, but it heats at most 46.6 kWh in a day: lower it, or correct rating"],
  ],
  [
    "a day without any draw",
    {},
    { store: { ...tank, daily: "0 Wh" } },
    ["tank.store.daily: must be above 0; leave it away where it is not known"],
  ],
];

describe("mistakes of vehicles and tanks", () => {
  for (const [sentence, car, kettle, told] of ROWS)
    it(sentence, () => {
      const site = Site.parse({
        ...{ gridwright: 1, links: {}, devices: {}, site: { id: "yard", name: "Yard" } },
        assets: {
          car: { kind: "ev", name: "Car", tier: 3, rating: "7 kVA", ...car },
          tank: { kind: "load", name: "Tank", tier: 4, rating: "2 kVA", ...kettle },
        },
      });
      assert.deepEqual(
        storeMistakes(site).map(({ path, message }) => `${path.slice(1).join(".")}: ${message}`),
        told,
      );
    });
});
