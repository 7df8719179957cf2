import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { epoch } from "@gridwright/contract/units.ts";
import { siteOf } from "../testing/village.ts";
import { tellShare } from "./gradual.ts";
import { habitOf } from "./habits.ts";
import { beginFault, createPlant, endFault, step } from "./plant.ts";
import { deviceQuantity, quantity } from "./quantity.ts";
import { setCoil } from "./relays.ts";
import { matches, Scenario } from "./scenario.ts";

const HUT = `
gridwright: 1
site: { id: hut, name: Hut, timezone: America/Bogota, latitude: 4.6, longitude: -74.1 }
links: { bus: { kind: modbus-rtu-tcp, host: 127.0.0.1, port: 15031 } }
devices:
  meter: { link: bus, unit: 3, profile: eastron-sdm120 }
  relays: { link: bus, unit: 5, profile: waveshare-relay-16 }
assets:
  inverter: { kind: inverter, name: Inverter, rating: 3 kVA }
  battery: { kind: battery, name: Battery, capacity: 5 kWh }
  roof: { kind: pv, name: Roof, rating: 2 kW, azimuth: 170, tilt: 10 }
  hut: { kind: feeder, name: Hut, parent: inverter, measure: meter }
  fridge: { kind: load, name: Fridge, parent: hut, tier: 1, rating: 150 VA }
  boiler: { kind: load, name: Boiler, parent: hut, tier: 4, rating: 1.2 kVA, switch: relays/relay_2, onSilence: off }
`;
const GRID_ONLY = `
gridwright: 1
site: { id: shop, name: Shop }
links: { bus: { kind: modbus-rtu-tcp, host: 127.0.0.1, port: 15032 } }
devices: { meter: { link: bus, unit: 4, profile: eastron-sdm630 } }
assets:
  grid: { kind: grid, name: Street, phases: [L1, L2, L3], measure: meter }
  saw: { kind: machine, name: Band saw, phases: [L1, L2, L3], tier: 3, rating: 4 kVA, startFactor: 2.5 }
  lamp: { kind: load, name: Lamps, phases: [L2], tier: 2, rating: 400 VA }
`;
const TOLD = `
gridwright: 1
site: { id: yard, name: Yard }
links: { bus: { kind: modbus-rtu-tcp, host: 127.0.0.1, port: 15033 }, broker: { kind: mqtt } }
devices:
  meter: { link: bus, unit: 7, profile: eastron-sdm630 }
  store: { link: broker, profile: json-battery, topic: store }
assets:
  grid: { kind: grid, name: Street, phases: [L1, L2, L3], measure: meter }
  store: { kind: battery, name: Store, phases: [L1, L2, L3], capacity: 6 kWh, power: 3 kW, measure: store, setpoint: store/battery_setpoint }
  lamp: { kind: load, name: Lamps, phases: [L2], tier: 2, rating: 400 VA }
`;
const plain = Scenario.parse({ scenario: "plain" });
const noon = epoch(Date.parse("2026-03-02T16:40:00Z"));
const plant = (text: string) => createPlant({ model: siteOf(text), scenario: plain, seed: 9, start: noon });

describe("a twin of any site", () => {
  test("one phase, off-grid: the sun charges, the boiler heats when it is told to, meters agree", () => {
    const world = plant(HUT);
    setCoil(world, "relays/relay_2", { energised: true });
    for (const load of world.loads) load.store = 0.4;
    step(world, 600_000);
    const [meter, fridge, boiler] = [
      deviceQuantity(world, "meter", "power"),
      quantity(world, "fridge", "power"),
      quantity(world, "boiler", "power"),
    ].map(Number);
    assert.ok((boiler ?? 0) > 1_000 && Math.abs((meter ?? 0) - (fridge ?? 0) - (boiler ?? 0)) < 0.01);
    assert.ok(Number(quantity(world, "roof", "power")) > 300);
    assert.equal(quantity(world, "grid", "grid_present"), false);
    assert.equal(deviceQuantity(world, "relays", "relay_2"), true);
  });
  test("only a grid: it carries everything, and without it all is dark", () => {
    const world = plant(GRID_ONLY);
    step(world, 120_000);
    const [total, ...parts] = ["power", "power_l1", "power_l2", "power_l3"].map((point) =>
      Number(deviceQuantity(world, "meter", point)),
    );
    assert.ok(
      (total ?? 0) > 10 && Math.abs((total ?? 0) - parts.reduce((sum, part) => sum + part, 0)) < 1e-6,
    );
    world.faults = [{ fault: { kind: "grid-lost" }, until: Number.POSITIVE_INFINITY }];
    step(world, 1_000);
    assert.deepEqual([world.busAlive, quantity(world, "saw", "power")], [false, 0]);
  });
});

describe("a line without an inverter", () => {
  test("a told battery's energy stands in the accounts", () => {
    const world = plant(TOLD);
    tellShare(world, "store", { share: 0.7, until: Number.POSITIVE_INFINITY });
    step(world, 1_200_000);
    const { totals, battery } = world;
    assert.ok(totals.discharged > 650 && totals.discharged < 720, `${totals.discharged} Wh`);
    const given = totals.pv + totals.gridImport + totals.discharged;
    const taken = totals.load + totals.gridExport + totals.charged;
    assert.ok(Math.abs(given - taken) < 0.01, `${given} ≠ ${taken}`);
    const cells = (0.7 - battery.soc) * battery.capacity;
    assert.ok(Math.abs(cells - totals.discharged - totals.losses) < 0.01, `${cells} Wh left the cells`);
  });
  test("a told battery whose management is silent says nothing of itself, but goes on", () => {
    const world = plant(TOLD);
    tellShare(world, "store", { share: 0.3, until: Number.POSITIVE_INFINITY });
    beginFault(world, { kind: "bms-lost" });
    step(world, 3_000);
    const says = ["soc", "battery_power", "battery_setpoint"].map((point) =>
      deviceQuantity(world, "store", point),
    );
    assert.deepEqual([...says, world.packs[0]?.powerW], [undefined, undefined, 0.3, 900]);
  });
  test("its meter shows no voltage while it is away, and loads are back as soon as it is", () => {
    const world = plant(TOLD);
    const seen = (): boolean[] => {
      step(world, 2_000);
      return [Number(deviceQuantity(world, "meter", "voltage_l2")) > 200, world.busAlive];
    };
    assert.deepEqual(seen(), [true, true]);
    beginFault(world, { kind: "grid-lost" });
    assert.deepEqual(seen(), [false, false]);
    endFault(world, { kind: "grid-lost" });
    assert.deepEqual(seen(), [true, true]);
  });
});

//  id, name, tier → habit
const GUESSES: readonly (readonly [string, string, number, string])[] = [
  ["house-9-heater", "Water heater", 4, "heater"],
  ["well", "Village well", 3, "pump"],
  ["vaccines", "Cold room", 1, "cold-store"],
  ["plaza", "Street lamps", 0, "lights"],
  ["post", "Health post", 0, "steady"],
  ["h2-basics", "Light and fridge", 1, "basics"],
  ["something", "Something", 4, "heater"],
  ["something", "Something", 2, "sockets"],
];
for (const [id, name, tier, habit] of GUESSES)
  test(`without a scenario «${name}» of tier ${tier} lives as ${habit}`, () => {
    const spec = siteOf(HUT).assets.fridge?.spec;
    assert.ok(spec?.kind === "load");
    assert.equal(habitOf({ id, spec: { ...spec, name, tier } }, {}, []).kind, habit);
  });

test("what feeds the controller never rests, whatever its name", () => {
  const spec = siteOf(HUT).assets.fridge?.spec;
  assert.ok(spec?.kind === "load");
  const habit = habitOf({ id: "kitchen", spec: { ...spec, feedsController: true } }, {}, []);
  assert.equal(habit.kind, "steady");
});

//  pattern, id, fits
const PATTERNS: readonly (readonly [string, string, boolean])[] = [
  ["pump", "pump", true],
  ["pump", "pump-2", false],
  ["*-heater", "house-3-heater", true],
  ["*-heater", "heater", false],
  ["house-*-sockets", "house-12-sockets", true],
  ["house-*-sockets", "house-sockets", false],
  ["*", "anything", true],
];
for (const [glob, id, fits] of PATTERNS)
  test(`the pattern ${glob} ${fits ? "means" : "does not mean"} ${id}`, () =>
    assert.equal(matches(glob, id), fits));
