// The wifi boxes that stand as ESPHome examples, against what the device layer says and hears: each topic exists, every ON or
// OFF ends by itself, the last will is the one that is believed, and no command is kept by the broker.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { MqttProfile } from "@gridwright/contract/profile.ts";
import { seconds } from "@gridwright/contract/units.ts";
import { loadProfiles } from "@gridwright/protocols/documents/site-file.ts";
import { esphome } from "@gridwright/protocols/mqtt/esphome.ts";
import { parse } from "yaml";

const EXAMPLES = new URL("../../firmware-bridge/esphome/", import.meta.url);
const PROFILES = new URL("../../controller/protocols/profiles/", import.meta.url);
const PROFILE = "esphome-plug-leased.yaml";
const LEASE_S = 300;

type Node = Readonly<Record<string, unknown>>;
const tag = (name: string) => ({ tag: name, resolve: (text: string) => text });

/** An example with its substitutions put in, as ESPHome reads it. */
function nodeOf(name: string): Node {
  const text = readFileSync(new URL(name, EXAMPLES), "utf8");
  const { substitutions } = parse(text, { customTags: [tag("!secret"), tag("!lambda")] });
  const filled = text.replace(/\$\{(\w+)\}/g, (_, key: string) => String(substitutions[key]));
  return parse(filled, { customTags: [tag("!secret"), tag("!lambda")] });
}

function profile(): MqttProfile {
  const file = { name: PROFILE, text: readFileSync(new URL(PROFILE, PROFILES), "utf8") };
  const found = loadProfiles([file]).profiles.get("esphome-plug-leased");
  assert.ok(found?.protocol === "esphome");
  return found;
}

const listOf = (value: unknown): readonly Node[] => (Array.isArray(value) ? value : []);
/** Every entity as `<component>/<object id>`; sensors may stand inside a platform. */
function entitiesOf(node: Node): ReadonlySet<string> {
  const inside = (one: Node): readonly unknown[] =>
    Object.values(one).flatMap((value) =>
      typeof value === "object" && value !== null && "name" in value ? [value.name] : [],
    );
  return new Set(
    ["switch", "number", "sensor", "binary_sensor"].flatMap((kind) =>
      listOf(node[kind]).flatMap((one) =>
        [one.name, ...inside(one)].filter(Boolean).map((name) => `${kind}/${name}`),
      ),
    ),
  );
}

//  example         topic              at rest   what the lease's end does
const BOXES: readonly (readonly [string, string, "ON" | "OFF", string])[] = [
  ["heater.yaml", "house-4-heater", "OFF", "switch.turn_off"],
  ["light.yaml", "house-4-basics", "ON", "switch.turn_on"],
];

for (const [name, topic, rest, back] of BOXES) {
  test(`${name}: every topic that the controller says or hears is there`, () => {
    const node = nodeOf(name);
    const entities = entitiesOf(node);
    const dialect = esphome(topic, profile());
    assert.equal((node.mqtt as Node).topic_prefix, topic);
    for (const { field } of Object.values(profile().points))
      assert.ok(entities.has(field), `${field} is missing`);
    const off = rest === "ON";
    const said = dialect.command({ field: "switch/relay", on: !off, leaseMs: seconds(LEASE_S), silent: off });
    assert.equal(said.length, 2);
    for (const { topic: to } of said) {
      const [, entity] = /^[^/]+\/(.+)\/command$/.exec(to) ?? [];
      assert.ok(entity !== undefined && entities.has(entity), `${to} goes nowhere`);
    }
    assert.deepEqual(
      said.map(({ payload }) => payload),
      [String(LEASE_S), rest === "OFF" ? "ON" : "OFF"],
    );
  });

  test(`${name}: the lease's end and a power cut both lead to rest`, () => {
    const node = nodeOf(name);
    const [lease] = listOf(node.number);
    const [script] = listOf(node.script);
    const [relay] = listOf(node.switch);
    assert.match(JSON.stringify(lease?.set_action), /"script.execute":\{"id":"back","s":"return x;"\}/);
    assert.match(JSON.stringify(lease?.set_action), /"script.stop":"back"/);
    assert.deepEqual(script?.then, [{ delay: "return s * 1000;" }, { [back]: "relay" }]);
    assert.equal(script?.mode, "restart", "a renewal begins the time anew");
    assert.equal(relay?.restore_mode, `ALWAYS_${rest}`);
    assert.ok(Number(lease?.max_value) >= LEASE_S && Number(lease?.min_value) === 0);
  });

  test(`${name}: its last will is believed, and no command is kept by the broker`, () => {
    const mqtt = nodeOf(name).mqtt as Readonly<Record<string, Node>>;
    const dialect = esphome(topic, profile());
    for (const [key, online] of [
      ["birth_message", true],
      ["will_message", false],
    ] as const) {
      const { topic: at, payload, retain } = mqtt[key] ?? {};
      assert.deepEqual(dialect.onMessage(String(at), String(payload)), { online }, key);
      assert.equal(retain, true, `${key} must be known to who comes later`);
    }
    assert.equal(mqtt.discovery, false);
    assert.doesNotMatch(readFileSync(new URL(name, EXAMPLES), "utf8"), /command_retain/);
  });
}
