import assert from "node:assert/strict";
import { test } from "node:test";
import { isConsumer } from "@gridwright/contract/site/assets.ts";
import { village, villageDay } from "../testing/village.ts";
import { matches } from "./scenario.ts";
import { readScenario } from "./scenario-file.ts";
import { isOn } from "./schedule.ts";

test("every name in the village's day means something of the village", () => {
  const { assets, devices } = village();
  const consumers = Object.values(assets).flatMap(({ id, spec }) => (isConsumer(spec) ? [id] : []));
  const day = villageDay();
  const globs = [
    ...Object.keys(day.habits),
    ...day.events.flatMap(({ demand, drain }) => [...(demand?.loads ?? []), ...(drain?.loads ?? [])]),
  ];
  assert.deepEqual(
    globs.filter((glob) => !consumers.some((id) => matches(glob, id))),
    [],
  );
  const faulty = day.events.flatMap(({ fault }) =>
    fault !== undefined && "device" in fault ? [fault.device] : [],
  );
  assert.deepEqual(
    faulty.filter((device) => devices[device] === undefined),
    [],
  );
});

//  case, text, what is said
const MISTAKES: readonly (readonly [string, string, RegExp])[] = [
  ["a key that is not known", "scenario: x\nwheather: {}", /wheather/],
  ["a quantity without unit", "scenario: x\nbattery: { soc: 70 }", /battery\.soc.*no unit/],
  ["an event without a time", "scenario: x\nevents: [{ cloud: 0.5 }]", /events\.0.*at: 12 min/],
  ["an unknown habit", 'scenario: x\nhabits: { "a-*": { habit: dance } }', /habits\.a-\*\.habit/],
  ["an unknown fault", "scenario: x\nevents: [{ at: 3 min, fault: { kind: meteor } }]", /events\.0\.fault/],
  ["broken YAML", "scenario: [", /not YAML/],
];
for (const [name, text, says] of MISTAKES)
  test(`a scenario's mistake is named: ${name}`, () =>
    assert.throws(() => readScenario(text, "x.yaml"), says));

const event = (text: string) => readScenario(`scenario: x\nevents: [${text}]`, "x.yaml").events[0];
const HOUR = 3_600_000;
//  event, hours since the start, local hour → is on
const TIMES: readonly (readonly [string, number, number, boolean])[] = [
  ["{ at: 2 h, for: 30 min, cloud: 0.5 }", 1.9, 7, false],
  ["{ at: 2 h, for: 30 min, cloud: 0.5 }", 2.4, 7, true],
  ["{ at: 2 h, for: 30 min, cloud: 0.5 }", 2.6, 7, false],
  ['{ daily: "19:30", for: 30 min, cloud: 0.5 }', 40, 19.8, true],
  ['{ daily: "19:30", for: 30 min, cloud: 0.5 }', 40, 20.1, false],
  ['{ daily: "23:45", for: 30 min, cloud: 0.5 }', 40, 0.1, true],
  ['{ daily: "19:30", for: 30 min, cloud: 0.5 }', 0.1, 19.8, false],
];
for (const [text, since, hour, on] of TIMES)
  test(`${text} is ${on ? "on" : "off"} ${since} h after the start at ${hour} h`, () => {
    const parsed = event(text);
    assert.ok(parsed !== undefined);
    assert.equal(isOn(parsed, since * HOUR, hour), on);
  });
