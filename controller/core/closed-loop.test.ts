import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hamlet } from "./fixtures/hamlet.ts";
import { story } from "./fixtures/scene.ts";
import { decisionsOf, goOn, hasSupply, phaseVa, toyPlant } from "./fixtures/toy-plant.ts";
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

function settled() {
  const model = hamlet();
  const plant = toyPlant(model, { ...VALUES });
  Object.assign(plant.demand, DEMAND);
  goOn(model, plant, 110_000);
  return { model, plant };
}

describe("the loop around a toy plant", () => {
  it("after start-up gives heaters their leased supply one by one and then changes nothing", () => {
    const { plant } = settled();
    console.log(story(decisionsOf(plant)));
  });
  it("sheds least needed first within half a second and brings all back, one at a time", () => {
    const { model, plant } = settled();
    const before = decisionsOf(plant).length;
    plant.demand.sockets = 6_000;
    const at = plant.now;
    goOn(model, plant, 1_000);
    console.log(story(decisionsOf(plant).slice(before)), phaseVa(model, plant, "L1"));
    goOn(model, plant, 60_000);
    console.log(story(decisionsOf(plant).slice(before)), phaseVa(model, plant, "L1"));
    plant.demand.sockets = 700;
    goOn(model, plant, 600_000);
    console.log(story(decisionsOf(plant).slice(before)), at, phaseVa(model, plant, "L1"));
    console.log(hasSupply(model, plant, "heater-a"), JSON.stringify(plant.memory).length);
    console.log(JSON.stringify(replay(model, plant.records)).slice(0, 600));
    console.log(plant.last?.conditions, plant.memory.budgets, plant.last?.status["heater-a"]);
  });
});
