// A farm with sun, a car that leaves at 13:00 and a water heater, and made-up days of it: for the tests of stores in the plan
// of a site. With or without battery and line. Only tests import this.
import { Profile } from "@gridwright/contract/profile.ts";
import { compileSite } from "@gridwright/contract/site/compile.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { Site } from "@gridwright/contract/site/site.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { PROFILES } from "../../fixtures/hamlet.ts";
import { type Hours, type KnownSite, lastHour, PAST_DAYS, pastBegin } from "./known.ts";

const HOUR = 3_600_000;
/** A Wednesday, 00:00 on the farm (UTC). */
export const MIDNIGHT = Date.UTC(2026, 5, 17);
/** ms since 1970 of a time of that day, or so many hours after its midnight. */
export const clock = (hour: number, minute = 0) => epoch(MIDNIGHT + hour * HOUR + minute * 60_000);

export interface Farm {
  readonly battery?: boolean | object;
  readonly line?: boolean | object;
  readonly car?: object;
  readonly tank?: object;
}

const CAR = {
  ...{ kind: "ev", name: "Car", tier: 3, rating: "2 kVA", parent: "inverter", phases: ["L1"] },
  ...{ measure: "charger", switch: "relays/relay_3", onSilence: "on", duty: "23 %" },
  departs: [{ at: "13:00", back: "18:10", needs: "7.2 kWh" }],
};
const TANK = {
  ...{ kind: "load", name: "Water heater", tier: 4, rating: "1.5 kVA", parent: "inverter", phases: ["L1"] },
  ...{ measure: "boiler", switch: "relays/relay_4", onSilence: "on", duty: "31 %", startFactor: 1 },
  store: { capacity: "4 kWh", losses: "1 %", daily: "3.6 kWh", coldest: "40 °C", hottest: "60 °C" },
};

const made = { licence: "CC0-1.0", source: "made for these tests", tried: "simulated", protocol: "modbus" };
const point = (address: number, unit: string) => ({ address, type: "int32", unit });
const OWN = [
  { profile: "charger", title: "Charger", points: { power: point(3, "W"), soc: point(5, "%") } },
  { profile: "boiler", title: "Boiler", points: { power: point(3, "W"), temperature: point(5, "°C") } },
].map((profile) => Profile.parse({ ...made, ...profile }));
const DEVICES = {
  ...{ inverter: "inverter", store: "battery", sun: "sun", relays: "relays", lamp: "plug" },
  ...{ charger: "charger", boiler: "boiler" },
};

export function farm({ battery = true, line = false, car = {}, tank = {} }: Farm = {}): SiteModel {
  const site = Site.parse({
    gridwright: 1,
    site: { id: "farm", name: "Farm", latitude: 40, longitude: 0 },
    links: { bus: { kind: "modbus-tcp", host: "127.0.0.1" } },
    devices: Object.fromEntries(
      Object.entries(DEVICES).map(([device, profile], place) => [
        device,
        { link: "bus", unit: 11 + place, profile },
      ]),
    ),
    assets: {
      inverter: { kind: "inverter", name: "Inverter", rating: "6 kVA", measure: "inverter" },
      roof: { kind: "pv", name: "Roof", rating: "5 kW", measure: "sun" },
      ...(battery !== false && {
        battery: {
          kind: "battery",
          name: "Battery",
          capacity: "10 kWh",
          measure: "store",
          ...Object(battery),
        },
      }),
      ...(line !== false && { grid: { kind: "grid", name: "Line", breaker: "25 A", ...Object(line) } }),
      house: {
        ...{ kind: "load", name: "House", tier: 1, rating: "800 VA", parent: "inverter", measure: "lamp" },
      },
      car: { ...CAR, ...car },
      tank: { ...TANK, ...tank },
    },
  });
  const compiled = compileSite(
    site,
    new Map([...PROFILES, ...OWN].map((profile) => [profile.profile, profile])),
  );
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.mistakes));
  return compiled.model;
}

export interface Days {
  readonly now: number;
  /** W of the roof at its best hour. */
  readonly sunW?: number;
  /** W by hour of day that car and tank took; none: nobody measured. */
  readonly car?: (hour: number) => number;
  readonly tank?: (hour: number) => number;
  readonly soc?: KnownSite["soc"];
  readonly celsius?: KnownSite["celsius"];
  readonly supplied?: KnownSite["supplied"];
  /** Whole days that are known. */
  readonly count?: number;
}

/** Days that are all alike: sun from 6 to 18 o'clock, a house that draws little. */
export function known(model: SiteModel, days: Days): KnownSite {
  const { sunW = 3_900, car, tank, count = 6 } = days;
  const now = epoch(days.now);
  const since = pastBegin(model, now);
  const each = (value: (hour: number) => number): Hours =>
    Array.from({ length: lastHour({ since, now }) + 1 }, (_, at) =>
      at < (PAST_DAYS - count) * 24 ? undefined : value(at % 24),
    );
  const hasLine = model.assets.grid !== undefined;
  return {
    ...{ model, now, since, supplied: days.supplied ?? {}, running: [], jobs: [] },
    power: {
      roof: each((hour) => sunW * Math.max(0, Math.sin(((hour - 5.5) / 12) * Math.PI))),
      house: each(() => 210),
      ...(car && { car: each(car) }),
      ...(tank && { tank: each(tank) }),
    },
    charge: each(() => 0.55),
    grid: each(() => Number(hasLine)),
    soc: { battery: 0.55, ...days.soc },
    ...(days.celsius && { celsius: days.celsius }),
    mode: hasLine ? "on-grid" : "island-inverter",
  };
}
