import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { stale } from "@gridwright/contract/reading.ts";
import { mono } from "@gridwright/contract/units.ts";
import { openTick } from "./decide.ts";
import { T } from "./fixtures/moments.ts";
import { CLOUDY, flows, type QuaySite, quay } from "./fixtures/quay.ts";
import { type Given, plantState, settledMemory } from "./fixtures/scene.ts";
import { roomFor } from "./room.ts";

/** The quay on its line alone, behind 16 A a phase. */
const onLine = (feederMore: object = {}, batteryMore: object = {}) =>
  quay((site: QuaySite) => {
    const { inverter: _, harbour, ...assets } = site.assets;
    const { measure: __, ...fed } = harbour;
    const grid = { ...assets.grid, breaker: "16 A" };
    const battery = { ...assets["battery-a"], ...batteryMore };
    const feeder = { ...fed, ...feederMore, parent: "grid" };
    return { ...site, assets: { ...assets, grid, harbour: feeder, "battery-a": battery } };
  });
const MODEL = onLine();
/** Behind the feeder's own breaker stands a clinic of 700 VA on the boiler's phase, which nobody measures. */
const FUSED = onLine({ breaker: "5 A" });
const NOBODY = [0, 0, 0] as const;

/** VA free for the boiler. */
function free(given: Given, model = MODEL): number {
  const memory = settledMemory(model, CLOUDY);
  const state = plantState(model, T, { ...CLOUDY, ...given });
  const tick = openTick({ model, state, memory, requests: [] }, memory.requests);
  const boiler = tick.layout.load.get("boiler");
  assert.ok(boiler);
  return Math.round(roomFor(tick, boiler, NOBODY).freeVa / boiler.phases.length);
}

const sun = (watts: number): Given => ({ "roof-north/power": watts, "roof-south/power": watts });

describe("room at the breaker of a line without an inverter", () => {
  //  case, what flows, VA free on a phase
  const table: readonly (readonly [string, Given, number])[] = [
    ["what comes in takes of it", { ...flows([1_180, 1_180, 1_180]), ...sun(0) }, 2_500],
    ["what sun sends out leaves all of it", { ...flows([-2_400, -2_400, -2_400]), ...sun(4_500) }, 3_680],
    ["but for what a cloud would make come in", { ...flows([-300, -300, -300]), ...sun(3_000) }, 2_680],
    [
      "what no sun explains is a meter the wrong way round",
      { ...flows([-1_180, -1_180, -1_180]), ...sun(0) },
      2_500,
    ],
  ];
  for (const [sentence, given, then] of table) it(sentence, () => assert.equal(free(given), then));

  const calm = {
    ...flows([180, 150, 210]),
    ...sun(0),
    "store-a/battery_power": 0,
    "store-b/battery_power": 0,
  };
  it("behind a breaker of its own what nobody measures takes no more than comes in", () =>
    assert.equal(free(calm, FUSED), 940));
  it("or than comes in and the sun gives", () => assert.equal(free({ ...calm, ...sun(600) }, FUSED), 540));
  it("what a battery takes on that phase alone is no load; on three phases nobody knows on which", () => {
    const onPhase = onLine({ breaker: "5 A" }, { phases: ["L3"] });
    const charging = { ...calm, ...sun(600), "store-a/battery_power": -300 };
    assert.deepEqual([free(charging, onPhase), free(charging, FUSED)], [840, 540]);
  });
  it("where an array cannot be read its rating counts", () =>
    assert.equal(free({ ...calm, "roof-south/power": stale(0, mono(T - 90_000)) }, FUSED), 450));
});
