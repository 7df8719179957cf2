import assert from "node:assert/strict";
import { test } from "node:test";
import { epoch } from "@gridwright/contract/units.ts";
import { siteOf } from "../testing/village.ts";
import { tellShare } from "./gradual.ts";
import { createPlant, step } from "./plant.ts";
import { quantity } from "./quantity.ts";
import { Scenario } from "./scenario.ts";

const SITE = `
gridwright: 1
site: { id: quay, name: Quay }
links: { wire: { kind: modbus-tcp, host: 127.0.0.1, port: 15033 } }
devices: { store: { link: wire, unit: 4, profile: sunspec-storage } }
assets:
  street: { kind: grid, name: Street, phases: [L1, L2, L3], breaker: 63 A }
  main: { kind: inverter, name: Main, phases: [L1, L2, L3], rating: 20 kVA }
  cells: { kind: battery, name: Cells, capacity: 17 kWh, power: 6 kW, measure: store, setpoint: store/battery_setpoint }
`;

const ISLAND = `
gridwright: 1
site: { id: mill, name: Mill }
links: { wire: { kind: modbus-tcp, host: 127.0.0.1, port: 15034 } }
devices: { gx: { link: wire, unit: 227, profile: victron-gx-vebus } }
assets:
  main: { kind: inverter, name: Main, rating: 6 kVA, measure: gx, inputLimit: gx/input_current_limit, inputMax: 16 A }
  cells: { kind: battery, name: Cells, capacity: 12 kWh }
  street: { kind: grid, name: Street, breaker: 25 A }
  stove: { kind: load, name: Stove, parent: main, tier: 3, rating: 4 kVA }
`;

test("an AC input takes no more than it is told, the battery gives the rest, and it stays so", () => {
  const world = createPlant({
    ...{ model: siteOf(ISLAND), scenario: Scenario.parse({ scenario: "plain" }), seed: 9 },
    start: epoch(Date.parse("2026-03-02T22:40:00Z")),
  });
  const stove = world.loadById.get("stove");
  assert.ok(stove);
  stove.told = 1;
  step(world, 120_000);
  const takes = () => Math.round(Number(quantity(world, "street", "power")));
  assert.ok(takes() >= 4_000);
  assert.equal(quantity(world, "main", "input_current_limit"), 25);
  assert.ok(tellShare(world, "main", { share: 0.5, until: world.m + 1_000 }));
  step(world, 60_000);
  assert.equal(takes(), 8 * 230);
  assert.equal(quantity(world, "main", "input_current_limit"), 8);
});

test("a told battery gives beside the grid, rests on an island, and forgets what nobody renews there too", () => {
  const world = createPlant({
    ...{ model: siteOf(SITE), scenario: Scenario.parse({ scenario: "plain" }), seed: 9 },
    start: epoch(Date.parse("2026-03-02T22:40:00Z")),
  });
  const gives = () => Math.round(Number(quantity(world, "cells", "battery_power")));
  step(world, 120_000);
  tellShare(world, "cells", { share: 0.35, until: world.m + 300_000 });
  step(world, 10_000);
  assert.equal(gives(), 2_100);
  world.faults = [{ fault: { kind: "grid-lost" }, until: Number.POSITIVE_INFINITY }];
  step(world, 10_000);
  const charge = Number(quantity(world, "cells", "soc"));
  assert.equal(gives(), 0);
  step(world, 60_000);
  assert.equal(Number(quantity(world, "cells", "soc")), charge);
  assert.equal(quantity(world, "cells", "battery_setpoint"), 0.35);
  step(world, 240_000);
  assert.equal(quantity(world, "cells", "battery_setpoint"), 0);
});
