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
