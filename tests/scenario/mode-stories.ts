// Two stories of one night each for what grid modes and generating sets must hold: an inverter that trips again and
// again until a person resets it, and a set that does not catch when it is needed. Data for runs; asserts nothing.
import { readFileSync } from "node:fs";
import { Profile } from "@gridwright/contract/profile.ts";
import { compileSite } from "@gridwright/contract/site/compile.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { Site } from "@gridwright/contract/site/site.ts";
import { Scenario } from "@gridwright/twin/plant/scenario.ts";
import { profiles, villageDay } from "@gridwright/twin/testing/village.ts";
import { parse } from "yaml";
import type { LiveOptions } from "./live-village.ts";

const VILLAGE = new URL("../../controller/twin/sites/village.yaml", import.meta.url);
type Story = Omit<LiveOptions, "watch" | "brain" | "hands">;

/** The contacts of a set's own controller, as a device of these stories. */
const BOX = Profile.parse({
  profile: "genset-box",
  title: "contacts of a generating set",
  licence: "CC0-1.0",
  source: "made for these stories",
  tried: "simulated",
  protocol: "modbus",
  points: Object.fromEntries(
    ["running", "in_auto", "fault"].map((point, place) => [point, { address: 3 + place, type: "uint16" }]),
  ),
});

/** The village with the feedback of its set, and short waits, so that a night shows them all. */
function withFeedback(): SiteModel {
  const site = parse(readFileSync(VILLAGE, "utf8"));
  site.devices["genset-box"] = { link: "relays-village", unit: 7, profile: "genset-box" };
  const points = Object.fromEntries(
    ["running", "in_auto", "fault"].map((point) => [point, `genset-box/${point}`]),
  );
  const keys = {
    points,
    startTime: "40 s",
    crankPause: "12 s",
    retryAfter: "6 min",
    minRun: "4 min",
    coolDown: "90 s",
  };
  site.assets.genset = { ...site.assets.genset, ...keys };
  site.assets.genset.loadMax = "50 %";
  delete site.assets.genset.quiet;
  delete site.assets.genset.testRun;
  const compiled = compileSite(Site.parse(site), new Map([...profiles(), ["genset-box", BOX]]));
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.mistakes));
  return compiled.model;
}

export const MODES_MODEL = withFeedback();

const night = (soc: number, minutes: number, events: readonly object[]): Story => ({
  model: MODES_MODEL,
  seed: 13,
  start: Date.UTC(2026, 0, 15, 19),
  hours: minutes / 60,
  scenario: {
    ...Scenario.parse({
      scenario: "modes",
      battery: { soc: `${soc} %`, temperature: "13 °C" },
      grid: { inputLimit: "6 A", charge: "1.5 kW" },
      events,
    }),
    habits: villageDay().habits,
  },
});

const HOUSES = [1, 2, 3, 4, 5, 6, 7, 8];
const welded = (load: string) =>
  HOUSES.map((house) => ({
    at: "3 min",
    for: "9 min",
    fault: { kind: "relay-welded", asset: `house-${house}-${load}` },
  }));

/** Welded relays hold everything on: the inverter trips, tries three times and stays off until somebody resets it. */
export const trippedNight = (): Story =>
  night(71, 32, [
    { at: "0 s", for: "32 min", fault: { kind: "grid-lost" } },
    { at: "2 min", for: "10 min", drain: { loads: ["*-heater"], to: 0 } },
    { at: "3 min", for: "9 min", demand: { loads: ["*-sockets"], share: 1 } },
    ...welded("sockets"),
    ...welded("heater"),
    { at: "19 min", for: "1 min", reset: true },
  ]);

/** Little charge, a set that does not catch for eight minutes, and the grid's return. */
export const dudNight = (): Story =>
  night(33, 40, [
    { at: "0 s", for: "32 min", fault: { kind: "grid-lost" } },
    { at: "0 s", for: "8 min", fault: { kind: "generator-dead" } },
  ]);

/** Nearly no charge, and no set to help. */
export const emptyNight = (): Story =>
  night(15, 34, [
    { at: "0 s", for: "34 min", fault: { kind: "grid-lost" } },
    { at: "0 s", for: "34 min", fault: { kind: "generator-off" } },
  ]);
