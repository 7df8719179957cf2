import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { epoch } from "@gridwright/contract/units.ts";
import fc from "fast-check";
import { village, villageDay } from "../testing/village.ts";
import { beginFault, createPlant, endFault, step } from "./plant.ts";
import { setCoil } from "./relays.ts";
import type { PlantWorld } from "./world.ts";

const model = village();
const scenario = villageDay();
const MORNING = "2026-11-21T08:30:00Z";
const NIGHT = "2026-11-21T23:10:00Z";
const SUMMER_NOON = "2026-06-21T11:00:00Z";
const plant = (start = MORNING, seed = 20, changes: Partial<typeof scenario> = {}): PlantWorld =>
  createPlant({ model, scenario: { ...scenario, ...changes }, seed, start: epoch(Date.parse(start)) });
const minutes = (count: number): number => count * 60_000;
const heaters = (world: PlantWorld, energised: boolean): void => {
  for (let house = 1; house <= 8; house++) setCoil(world, `relays-village/relay_${house}`, { energised });
};
const stored = ({ battery }: PlantWorld): number => battery.soc * battery.capacity;

/** Wh that came from nowhere since the start. */
function imbalance(world: PlantWorld, before: number): number {
  const { pv, gridImport, gridExport, generator, load, losses } = world.totals;
  return pv + gridImport - gridExport + generator - load - losses - (stored(world) - before);
}

describe("energy", () => {
  for (const start of [MORNING, NIGHT, SUMMER_NOON])
    test(`is conserved through the story, trips included (${start})`, () => {
      const world = plant(start);
      const before = stored(world);
      heaters(world, true);
      let worst = 0;
      for (let minute = 0; minute < 130; minute++) {
        step(world, minutes(1));
        worst = Math.max(worst, Math.abs(imbalance(world, before)));
        assert.ok(world.battery.soc >= 0 && world.battery.soc <= 1);
      }
      assert.ok(worst < 1e-3, `${worst} Wh`);
    });
  test("is conserved in each single step", () => {
    const world = plant(SUMMER_NOON);
    heaters(world, true);
    for (let count = 0; count < 3_000; count++) {
      const before = stored(world);
      step(world, 200);
      const sources = world.phases.reduce((sum, { pvW, acInW }) => sum + pvW + acInW, 0);
      const loads = world.phases.reduce((sum, { loadW }) => sum + loadW, 0);
      const cells = (before - stored(world)) * 18_000;
      assert.ok(Math.abs(sources + cells - loads - world.lossW) < 1e-3);
    }
  });
});

describe("the overload of the story", () => {
  for (const start of [MORNING, NIGHT, SUMMER_NOON]) {
    test(`nobody sheds: the inverter trips, tries three times, and stays off (${start})`, () => {
      const world = plant(start);
      heaters(world, true);
      step(world, minutes(36));
      assert.ok(world.inverter.trips >= 1, `${world.inverter.trips} trips`);
    });
    test(`heaters are switched off within a minute: it does not trip (${start})`, () => {
      const world = plant(start);
      heaters(world, true);
      step(world, minutes(26) + 25_000);
      const load = Math.max(...world.phases.map(({ loadW, loadVar }) => Math.hypot(loadW, loadVar)));
      assert.ok(load > 1.3 * 8_000, `${load} VA on the worst phase`);
      heaters(world, false);
      step(world, minutes(94));
      assert.equal(world.inverter.trips, 0);
      assert.equal(world.inverter.state, "on");
    });
  }
  test("a trip darkens every house; after the third try only a hand brings it back", () => {
    const world = plant(NIGHT);
    heaters(world, true);
    step(world, minutes(36));
    assert.deepEqual([world.inverter.state, world.inverter.trips, world.busAlive], ["off", 4, false]);
    assert.ok(world.loads.every(({ powerW }) => powerW === 0));
    step(world, minutes(26));
    assert.equal(world.inverter.state, "on");
    assert.ok(world.loads.some(({ powerW }) => powerW > 0));
  });
});

describe("sources", () => {
  test("the grid goes: no house is dark for a single step; back again it is taken after a minute", () => {
    const world = plant();
    step(world, minutes(3));
    beginFault(world, { kind: "grid-lost" }, minutes(2));
    step(world, minutes(1));
    assert.deepEqual([world.grid.accepted, world.busAlive], [false, true]);
    assert.ok((world.loadById.get("router")?.powerW ?? 0) > 20);
    step(world, minutes(1.5));
    assert.deepEqual([world.grid.present, world.grid.accepted], [true, false]);
    step(world, minutes(1));
    assert.equal(world.grid.accepted, true);
  });
  test("the diesel set cranks, warms up, carries the island and charges; it burns fuel", () => {
    const world = plant(NIGHT, 20, { battery: { ...scenario.battery, soc: 0.31 as never } });
    beginFault(world, { kind: "grid-lost" });
    setCoil(world, "relays-village/relay_16", { energised: true });
    step(world, 3_000);
    assert.equal(world.generator.state, "cranking");
    step(world, minutes(0.5));
    assert.deepEqual([world.generator.state, world.generator.powerW], ["warming", 0]);
    const [fuel, soc] = [world.generator.fuel, world.battery.soc];
    step(world, minutes(12));
    assert.equal(world.generator.state, "running");
    assert.ok(
      world.generator.powerW > 0.3 * 15_000 && world.battery.soc > soc && world.generator.fuel < fuel,
    );
    setCoil(world, "relays-village/relay_16", { energised: false });
    step(world, 1_000);
    assert.equal(world.generator.powerW, 0);
  });
  test("a full battery in an island throttles the sun by frequency, within the droop", () => {
    const world = plant(SUMMER_NOON, 20, {
      events: [],
      battery: { ...scenario.battery, soc: 0.995 as never },
    });
    beginFault(world, { kind: "grid-lost" });
    step(world, minutes(20));
    const [given, offered] = world.arrays.reduce(
      ([power, available], array) => [power + array.powerW, available + array.availableW],
      [0, 0],
    );
    assert.ok(given < 0.8 * offered, `${given} of ${offered} W`);
    assert.ok(world.frequency > 50.3 && world.frequency < 52.8, `${world.frequency} Hz`);
  });
  test("load thrown off comes back at the battery as sun, for a moment more than it takes", () => {
    const world = plant(SUMMER_NOON, 20, {
      events: [],
      weather: { ...scenario.weather, cloudiness: 0 },
      battery: { ...scenario.battery, soc: 0.985 as never },
    });
    beginFault(world, { kind: "grid-lost" });
    for (const load of world.loads) load.store = Math.min(load.store, 0.3);
    heaters(world, true);
    step(world, minutes(0.7));
    const room = () => world.battery.chargeLimit * world.battery.voltage;
    heaters(world, false);
    step(world, 200);
    assert.ok(-world.battery.powerW > room() + 3_000, `${-world.battery.powerW} W into ${room()} W`);
    step(world, 8_000);
    assert.ok(-world.battery.powerW < room() * 1.2 + 400, `${-world.battery.powerW} W into ${room()} W`);
  });
  test("an empty battery with nothing beside it darkens the plant; the grid brings it back", () => {
    const world = plant(NIGHT, 20, { events: [], battery: { ...scenario.battery, soc: 0.103 as never } });
    beginFault(world, { kind: "grid-lost" });
    step(world, minutes(40));
    assert.deepEqual([world.inverter.state, world.busAlive], ["empty", false]);
    endFault(world, { kind: "grid-lost" });
    step(world, minutes(3));
    assert.deepEqual([world.inverter.state, world.busAlive], ["on", true]);
  });
});

describe("the same", () => {
  const trace = (seed: number, steps: readonly number[]): number => {
    const world = plant(MORNING, seed);
    for (const dt of steps) step(world, dt);
    return world.trace;
  };
  test("seed gives the same trace, however the time is cut", () => {
    const whole = trace(20, [minutes(4)]);
    assert.equal(trace(20, [minutes(4)]), whole);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 7_000 }), { minLength: 1, maxLength: 40 }), (cuts) => {
        const first = cuts.reduce((sum, cut) => sum + cut, 0) % minutes(4);
        return trace(20, [first, minutes(4) - first]) === whole;
      }),
      { numRuns: 8, seed: 5 },
    );
  });
  test("plant with another seed has another trace", () =>
    assert.notEqual(trace(20, [minutes(4)]), trace(21, [minutes(4)])));
});
