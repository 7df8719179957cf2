import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openTick } from "./decide.ts";
import { T } from "./fixtures/moments.ts";
import { CLOUDY, flows, type QuaySite, quay } from "./fixtures/quay.ts";
import { type Given, plantState, settledMemory } from "./fixtures/scene.ts";
import { roomFor } from "./room.ts";

/** The quay on its line alone, behind 16 A a phase. */
const MODEL = quay((site: QuaySite) => {
  const { inverter: _, harbour, ...assets } = site.assets;
  const { measure: __, ...feeder } = harbour;
  const grid = { ...assets.grid, breaker: "16 A" };
  return { ...site, assets: { ...assets, grid, harbour: { ...feeder, parent: "grid" } } };
});
const NOBODY = [0, 0, 0] as const;

/** VA free for the boiler. */
function free(given: Given): number {
  const memory = settledMemory(MODEL, CLOUDY);
  const state = plantState(MODEL, T, { ...CLOUDY, ...given });
  const tick = openTick({ model: MODEL, state, memory, requests: [] }, memory.requests);
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
});
