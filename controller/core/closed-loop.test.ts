import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hamlet } from "./fixtures/hamlet.ts";
import { story } from "./fixtures/scene.ts";
import {
  advance,
  decisionsOf,
  goOn,
  hasSupply,
  phaseVa,
  type ToyPlant,
  toyPlant,
} from "./fixtures/toy-plant.ts";
import { replay } from "./replay.ts";

const VALUES = {
  "battery/soc": 0.78,
  "battery/battery_voltage": 52.1,
  "battery/battery_current": 40,
  "battery/discharge_current_limit": 420,
  "battery/charge_current_limit": 250,
  "battery/discharge_allowed": true,
  "battery/charge_allowed": true,
  "sun/power": 300,
  "sun/power_limit": 0.97,
  "grid/grid_power": 0,
  "grid/grid_present": false,
  "box/estop": false,
  "box/hand": false,
  "box/running": false,
};
const DEMAND = {
  lamps: 150,
  router: 55,
  fridge: 120,
  sockets: 700,
  "heater-a": 1_480,
  "heater-b": 1_650,
  "heater-c": 1_570,
  pump: 900,
};
const MODEL = hamlet();

function settled(): ToyPlant {
  const plant = toyPlant(MODEL, { ...VALUES });
  Object.assign(plant.demand, DEMAND);
  goOn(MODEL, plant, 110_000);
  return plant;
}

/** What was decided while `act` ran. */
function told(plant: ToyPlant, act: () => void): string {
  const before = decisionsOf(plant).length;
  act();
  return story(decisionsOf(plant).slice(before));
}

const cook = (plant: ToyPlant): void => {
  plant.demand.sockets = 6_100;
};
const calm = (plant: ToyPlant): void => {
  plant.demand.sockets = 640;
};
const SHED = "heater-b off (overload-instant), heater-a off (overload-instant)";

describe("the loop around a toy plant", () => {
  it("switches nothing in its first 30 s, then gives heaters their leased supply one by one", () => {
    const plant = toyPlant(MODEL, { ...VALUES });
    Object.assign(plant.demand, DEMAND);
    assert.equal(
      told(plant, () => goOn(MODEL, plant, 29_600)),
      "",
    );
    assert.equal(
      told(plant, () => goOn(MODEL, plant, 40_000)),
      "heater-a on (restored), heater-b on (restored), heater-c on (restored)",
    );
    assert.equal(
      told(plant, () => goOn(MODEL, plant, 600_000)),
      "",
      "then it stays as it is",
    );
  });

  it("sheds a heavy overload in one tick, least needed first, and gives all back one at a time", () => {
    const plant = settled();
    cook(plant);
    assert.equal(
      told(plant, () => goOn(MODEL, plant, 400)),
      SHED,
    );
    assert.equal(
      told(plant, () => goOn(MODEL, plant, 30_000)),
      "",
      "what went was enough",
    );
    calm(plant);
    assert.equal(
      told(plant, () => goOn(MODEL, plant, 300_000)),
      "heater-a on (restored), heater-b on (restored)",
    );
    const times = decisionsOf(plant)
      .slice(-3)
      .map(({ at }) => at);
    for (const [index, at] of times.slice(1).entries()) assert.ok(at - (times[index] ?? 0) >= 15_000);
  });

  it("passes over a relay that does not act, within 3 s, and says so", () => {
    const plant = settled();
    plant.welded.add("heater-b");
    cook(plant);
    assert.equal(
      told(plant, () => goOn(MODEL, plant, 4_600)),
      SHED,
    );
    assert.deepEqual(
      plant.last?.conditions.map(({ id }) => id).filter((id) => id.startsWith("relay")),
      ["relay-stuck/heater-b"],
    );
    assert.equal(
      told(plant, () => goOn(MODEL, plant, 40_000)),
      "lathe off (overload-budget), sockets off (overload-budget)",
    );
  });

  it("leaves every house lit and every heater off when the controller is gone for longer than a lease", () => {
    const plant = settled();
    plant.values["battery/soc"] = 0.26;
    goOn(MODEL, plant, 80_000);
    assert.deepEqual(
      ["lathe", "pump", "saw"].filter((id) => hasSupply(MODEL, plant, id)),
      [],
    );
    for (let left = 320_000; left > 0; left -= 200) advance(MODEL, plant, { dead: true });
    const lit = Object.keys(DEMAND).filter((id) => hasSupply(MODEL, plant, id));
    assert.deepEqual(lit, ["lamps", "router", "fridge", "sockets", "pump"]);
    assert.equal(hasSupply(MODEL, plant, "lathe"), true);
  });

  it("takes no hand to be at work where leases ran out while it stood still", () => {
    const plant = settled();
    plant.values["battery/soc"] = 0.26;
    goOn(MODEL, plant, 80_000);
    for (let left = 400_000; left > 0; left -= 200) advance(MODEL, plant, { dead: true });
    while ((plant.now + 200) % 2_000 !== 0) advance(MODEL, plant, { dead: true });
    const again = told(plant, () => goOn(MODEL, plant, 40_000));
    assert.equal(again, "");
    assert.deepEqual(
      ["lathe", "pump", "saw"].filter((id) => hasSupply(MODEL, plant, id)),
      [],
    );
  });

  it("keeps a shed load off for as long as it takes: leases are renewed in time", () => {
    const plant = settled();
    cook(plant);
    goOn(MODEL, plant, 1_400_000);
    assert.equal(hasSupply(MODEL, plant, "heater-b"), false);
    assert.ok(phaseVa(MODEL, plant, "L1") < 6_900);
  });

  it("restores nothing while all meters are silent, and tells it", () => {
    const plant = settled();
    cook(plant);
    goOn(MODEL, plant, 2_000);
    calm(plant);
    for (const source of MODEL.sources.keys())
      if (/^(main|inverter|plug|battery)/.test(source)) plant.values[source] = null;
    assert.equal(
      told(plant, () => goOn(MODEL, plant, 200_000)),
      "",
    );
    const ids = plant.last?.conditions.map(({ id }) => id) ?? [];
    assert.ok(ids.includes("measurement-lost/inverter") && ids.includes("device-lost/main"), ids.join());
  });
});

describe("replay", () => {
  it("decides a journal again without a difference, whatever went through memory as text", () => {
    const plant = settled();
    cook(plant);
    goOn(MODEL, plant, 20_000);
    plant.memory = JSON.parse(JSON.stringify(plant.memory));
    plant.values["battery/soc"] = 0.41;
    goOn(MODEL, plant, 20_000);
    calm(plant);
    plant.values["battery/soc"] = 0.66;
    goOn(MODEL, plant, 200_000);
    const { differences, decisions, ticks, end } = replay(MODEL, JSON.parse(JSON.stringify(plant.records)));
    assert.deepEqual(differences, []);
    assert.equal(decisions, decisionsOf(plant).length);
    assert.equal(ticks, plant.records.filter(({ k }) => k === "tick").length);
    assert.deepEqual(end?.memory, plant.memory);
  });

  it("finds a decision that was not the brain's", () => {
    const plant = settled();
    const forged = plant.records.filter(({ k }, index) => k !== "decision" || index % 2 === 0);
    assert.ok(replay(MODEL, forged).differences.length > 0);
  });
});
