// What Home Assistant is told, held against its documented schema: units that each device class takes, state classes
// that each takes, keys that each platform and the root know. Its own table of the year 2026.
import assert from "node:assert/strict";
import { test } from "node:test";
import { outwardKind, outwardUnit } from "@gridwright/contract/outward.ts";
import { POINTS, type PointBase, type PointKind, phasePoint } from "@gridwright/contract/points.ts";
import { orchardModel } from "../orchard-fixture.ts";
import { type Component, faceOf } from "./component.ts";
import { type Discovery, discoveryOf, discoveryTopic } from "./device.ts";

/** Units of sensor device classes (home-assistant/core, sensor/const.py, DEVICE_CLASS_UNITS), as far as we use them. */
const UNITS: Readonly<Record<string, readonly string[]>> = {
  apparent_power: ["VA"],
  battery: ["%"],
  current: ["A", "mA"],
  energy: ["Wh", "kWh", "MWh"],
  frequency: ["Hz", "kHz"],
  irradiance: ["W/m²", "BTU/(h⋅ft²)"],
  power: ["W", "kW"],
  reactive_power: ["var"],
  temperature: ["°C", "°F", "K"],
  voltage: ["V", "mV"],
};
const STATE_CLASSES: Readonly<Record<string, readonly string[]>> = { energy: ["total", "total_increasing"] };
const BINARY_CLASSES = ["power", "problem", "running", "safety"];
const COMMON = [
  "p",
  "unique_id",
  "name",
  "state_topic",
  "availability",
  "availability_mode",
  "value_template",
  "device_class",
  "entity_category",
  "enabled_by_default",
];
const KEYS: Readonly<Record<string, readonly string[]>> = {
  sensor: [...COMMON, "unit_of_measurement", "state_class", "suggested_display_precision"],
  binary_sensor: [...COMMON, "payload_on", "payload_off"],
  switch: [
    ...COMMON,
    ...["payload_on", "payload_off", "state_on", "state_off"],
    ...["command_topic", "optimistic", "retain", "qos"],
  ],
};

function breaches(component: Partial<Component>): string[] {
  const {
    p = "sensor",
    device_class = "",
    unit_of_measurement = "",
    state_class = "measurement",
  } = component;
  const unknown = Object.keys(component).filter((key) => !KEYS[p]?.includes(key));
  const found = unknown.map((key) => `${p} knows no ${key}`);
  if (p === "binary_sensor" && device_class !== "" && !BINARY_CLASSES.includes(device_class))
    found.push(`no binary class ${device_class}`);
  if (p !== "sensor" || device_class === "") return found;
  if (!UNITS[device_class]?.includes(unit_of_measurement))
    found.push(`${device_class} in ${unit_of_measurement}`);
  if (!(STATE_CLASSES[device_class] ?? ["measurement"]).includes(state_class))
    found.push(`${device_class} as ${state_class}`);
  return found;
}

const everyPoint = Object.entries(POINTS).flatMap(([base, kind]: [string, PointKind]) => [
  base,
  ...(kind.perPhase ? [phasePoint(base as PointBase, "L2")] : []),
  ...(kind.channels ? [`${base}_7`] : []),
]);

test("every point of the catalogue makes a component that Home Assistant takes", () => {
  for (const point of [...everyPoint, "switch", "limit"]) {
    const face = faceOf(point);
    assert.deepEqual(breaches(face), [], point);
    assert.equal(face.p, outwardKind(point)?.value === "switch" ? "binary_sensor" : "sensor", point);
    const unit = outwardUnit(point);
    if (unit !== "1") assert.equal(face.unit_of_measurement, unit === "l" ? "L" : unit, point);
    if (unit === "Wh") assert.equal(face.state_class, "total_increasing", point);
  }
});

test("the table of facts is no rubber stamp", () => {
  assert.deepEqual(breaches({ p: "sensor", device_class: "battery", unit_of_measurement: "1" }), [
    "battery in 1",
  ]);
  assert.deepEqual(
    breaches({ p: "sensor", device_class: "energy", unit_of_measurement: "Wh", state_class: "measurement" }),
    ["energy as measurement"],
  );
  assert.deepEqual(breaches({ p: "sensor", payload_on: "true" }), ["sensor knows no payload_on"]);
});

const model = orchardModel();
function discovered(id: string): Discovery {
  const asset = model.assets[id];
  assert.ok(asset);
  const points = model.channels.filter(({ asset: of }) => of === id).map(({ point }) => point);
  return discoveryOf(model, asset, points);
}

test("an asset is one device whose root has nothing that Home Assistant would refuse", () => {
  const battery = discovered("battery");
  assert.deepEqual(Object.keys(battery), ["dev", "o", "cmps"]);
  assert.deepEqual(battery.dev, {
    ids: ["gridwright_orchard_battery"],
    name: "Battery",
    mf: "gridwright",
    mdl: "battery",
  });
  assert.deepEqual(Object.keys(battery.cmps), [
    ...["soc", "battery_power", "reactive_power", "energy_import", "discharge_allowed"],
  ]);
  for (const component of Object.values(battery.cmps)) assert.deepEqual(breaches(component), []);
  const topic = discoveryTopic("homeassistant", "orchard", "battery");
  assert.match(topic, /^homeassistant\/device\/[a-zA-Z0-9_-]+\/config$/);
});

test("a charge is a percentage, and no value while it is not fresh", () => {
  const { soc } = discovered("battery").cmps;
  assert.equal(soc?.unit_of_measurement, "%");
  assert.match(soc?.value_template ?? "", /\* 100.* if is_number\(value\) else None/);
  assert.deepEqual(soc?.availability, [
    { topic: "gridwright/orchard/control" },
    { topic: "gridwright/orchard/services" },
    {
      topic: "gridwright/orchard/battery/soc",
      value_template: "{{ 'offline' if value == 'unavailable' else 'online' }}",
    },
  ]);
  assert.equal(soc?.availability_mode, "all");
});

const supplies: [string, string, string, string | undefined][] = [
  ["a load of all may be asked", "pump", "switch", "gridwright/orchard/pump/switch/set"],
  ["a member's own load is shown only", "kettle", "binary_sensor", undefined],
  ["what is never shed is shown only", "lamp", "binary_sensor", undefined],
  ["what feeds the controller is shown only", "hub", "binary_sensor", undefined],
];
for (const [sentence, id, platform, topic] of supplies)
  test(`supply: ${sentence}`, () => {
    const { cmps } = discovered(id);
    assert.equal(cmps.switch?.p, platform);
    assert.equal(cmps.switch?.command_topic, topic);
    assert.deepEqual(breaches(cmps.switch ?? {}), []);
    assert.equal(cmps.why?.state_topic, `gridwright/orchard/${id}/why`);
    assert.equal(cmps.answer !== undefined, topic !== undefined);
  });

test("a switch says and hears the same two words and shows what is, not what was wished", () => {
  const { switch: supply } = discovered("pump").cmps;
  assert.deepEqual(
    [supply?.payload_on, supply?.state_on, supply?.payload_off, supply?.state_off, supply?.optimistic],
    ["true", "true", "false", "false", false],
  );
  assert.equal(supply?.retain, false);
});

test("no two components share an id", () => {
  const ids = Object.keys(model.assets).flatMap((id) =>
    Object.values(discovered(id).cmps).map(({ unique_id }) => unique_id),
  );
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(ids.length > 12);
});
