// ESPHome over MQTT: `<node>/<component>/<object id>/state` and `/command`, presence on `<node>/status`. Facts from the
// project's pages («MQTT Client Component», «Switch», «Number») and sources (switch.cpp tells only changes), not from
// hardware. The firmware is whatever its YAML says: a lease needs a number there that takes seconds and starts a
// script; the number's echo is the device's word that it counts. Without one no lease is counted.
import type { MqttProfile } from "@gridwright/contract/profile.ts";
import {
  countedSeconds,
  type Heard,
  heardFields,
  type MqttDialect,
  type MqttMessage,
  type SwitchCommand,
  wordField,
} from "./dialect.ts";

const STATE = "/state";

/** Relay field → number that takes its lease. */
const timersOf = (profile: MqttProfile): ReadonlyMap<string, string> =>
  new Map(
    Object.values(profile.points).flatMap(({ field, timer }) =>
      timer === undefined ? [] : [[field, timer]],
    ),
  );

/** `leaf` is the topic below the node's own; `relays` are those that have a timer, by its field. */
function heardAt(leaf: string, payload: string, relays: ReadonlyMap<string, string>): Heard {
  if (leaf === "status")
    return payload === "online" || payload === "offline" ? { online: payload === "online" } : {};
  if (!leaf.endsWith(STATE)) return {};
  const field = leaf.slice(0, -STATE.length);
  const confirms = relays.get(field);
  return { ...heardFields([[field, wordField(payload)]]), ...(confirms !== undefined && { confirms }) };
}

/** The timer first: were the switch first and the timer lost, it would stay so. */
function command(own: string, timers: ReadonlyMap<string, string>, wish: SwitchCommand): MqttMessage[] {
  const timer = timers.get(wish.field);
  const power = { topic: `${own}/${wish.field}/command`, payload: wish.on ? "ON" : "OFF" };
  if (timer === undefined) return [power];
  return [{ topic: `${own}/${timer}/command`, payload: String(countedSeconds(wish) ?? 0) }, power];
}

/** The dialect of one ESPHome node with the topic prefix `topic`; fields are `<component>/<object id>`. */
export function esphome(topic: string, profile: MqttProfile): MqttDialect {
  const timers = timersOf(profile);
  const relays = new Map([...timers].map(([relay, timer]) => [timer, relay]));
  return {
    subscriptions: [`${topic}/status`, `${topic}/+/+/state`],
    access: { publish: [`${topic}/#`], subscribe: [`${topic}/#`], retain: [`${topic}/#`] },
    wanted: () => ({}),
    reports: true,
    ...(timers.size === 0 && { quiet: true as const }),
    lasts: (field) => /^(switch|binary_sensor)\//.test(field),
    onMessage: (from, payload) =>
      from.startsWith(`${topic}/`) ? heardAt(from.slice(topic.length + 1), payload, relays) : {},
    query: () => [],
    commissioning: () => [],
    resting: () => [],
    command: (wish) => command(topic, timers, wish),
  };
}
