// What communities switch, as a table: how needed it is, how big, how it starts, how it lives without a controller. Ids
// hold the word by which the plant knows the habit.
import type { Dice } from "./dice.ts";
import type { Entry } from "./draft.ts";

export interface Appliance {
  /** Its id is this and, for a second one, a number. */
  readonly id: string;
  readonly name: string;
  readonly kind: "load" | "machine" | "ev";
  readonly tiers: readonly [number, ...number[]];
  /** VA. */
  readonly least: number;
  readonly most: number;
  /** What its switch does by itself. */
  readonly silence: "on" | "off";
  readonly start: number;
  /** It is somebody's own where there are members. */
  readonly own: boolean;
  /** How likely one is beside another, and whether it may take three phases. */
  readonly weight: number;
  readonly threePhase?: true;
  readonly more?: (dice: Dice) => Entry;
}

const rests = (dice: Dice): Entry => ({ minOn: "5 min", minOff: dice.one(["5 min", "5 min", "8 min"]) });
const starts = (dice: Dice): Entry => (dice.chance(0.5) ? { minOff: "5 min" } : {});

export const APPLIANCES: readonly [Appliance, ...Appliance[]] = [
  {
    ...{ id: "basics", name: "Light and fridge", kind: "load", tiers: [1], least: 150, most: 500 },
    ...{ silence: "on", start: 1.5, own: true, weight: 4 },
    more: (dice) => (dice.chance(0.6) ? { minOff: "1 min" } : {}),
  },
  {
    ...{ id: "sockets", name: "Sockets", kind: "load", tiers: [2], least: 800, most: 2_600 },
    ...{ silence: "on", start: 1.25, own: true, weight: 4 },
    more: (dice) => (dice.chance(0.12) ? { optOut: true } : {}),
  },
  {
    ...{ id: "heater", name: "Water heater", kind: "load", tiers: [4, 4, 3], least: 1_000, most: 2_400 },
    ...{ silence: "off", start: 1, own: true, weight: 4 },
    more: (dice) => (dice.chance(0.25) ? { runs: "surplus" } : {}),
  },
  {
    ...{ id: "car", name: "Car", kind: "ev", tiers: [3, 4], least: 2_300, most: 7_000 },
    ...{ silence: "off", start: 1, own: true, weight: 1.5, threePhase: true },
    more: (dice) => (dice.chance(0.4) ? { runs: "surplus" } : {}),
  },
  {
    ...{ id: "cold-store", name: "Cold store", kind: "load", tiers: [1, 2], least: 400, most: 1_600 },
    ...{ silence: "on", start: 3, own: false, weight: 1.5, more: rests },
  },
  {
    ...{
      id: "vaccine-fridge",
      name: "Fridge for vaccines",
      kind: "load",
      tiers: [0, 1],
      least: 120,
      most: 250,
    },
    ...{ silence: "on", start: 2.5, own: false, weight: 1, more: rests },
  },
  {
    ...{ id: "pump", name: "Well pump", kind: "load", tiers: [3, 2], least: 500, most: 2_200 },
    ...{ silence: "on", start: 3, own: false, weight: 2, threePhase: true, more: starts },
  },
  {
    ...{ id: "saw", name: "Table saw", kind: "machine", tiers: [3], least: 1_500, most: 3_500 },
    ...{ silence: "on", start: 3, own: false, weight: 1, threePhase: true },
    more: () => ({ rearm: "local", stopClass: "controlled-stop" }),
  },
  {
    ...{ id: "extractor", name: "Dust extractor", kind: "machine", tiers: [3], least: 700, most: 1_500 },
    ...{ silence: "on", start: 3, own: false, weight: 1 },
    more: () => ({ stopClass: "hard-cut" }),
  },
  {
    ...{ id: "mill", name: "Mill", kind: "machine", tiers: [3, 4], least: 1_500, most: 4_000 },
    ...{ silence: "off", start: 2.5, own: false, weight: 1, threePhase: true },
    more: (dice) => ({ minOn: "3 min", ...starts(dice), stopClass: dice.one(["finish-job", "deny-new"]) }),
  },
  {
    ...{ id: "printer", name: "Printer", kind: "machine", tiers: [3], least: 200, most: 400 },
    ...{ silence: "on", start: 1.25, own: true, weight: 1 },
  },
  {
    ...{ id: "way-lights", name: "Lights of the way", kind: "load", tiers: [0], least: 60, most: 300 },
    ...{ silence: "on", start: 1.25, own: false, weight: 1.5 },
  },
  {
    ...{ id: "health-post", name: "Health post", kind: "load", tiers: [0], least: 200, most: 500 },
    ...{ silence: "on", start: 1.25, own: false, weight: 1 },
  },
  {
    ...{ id: "ventilation", name: "Ventilation", kind: "load", tiers: [2, 3], least: 150, most: 600 },
    ...{ silence: "on", start: 2, own: false, weight: 0.7 },
    more: () => ({ duty: "70 %" }),
  },
];

const ALL = APPLIANCES.reduce((sum, { weight }) => sum + weight, 0);

export function drawAppliance(dice: Dice): Appliance {
  let left = dice.between(0, ALL);
  for (const appliance of APPLIANCES) {
    left -= appliance.weight;
    if (left < 0) return appliance;
  }
  return APPLIANCES[0];
}
