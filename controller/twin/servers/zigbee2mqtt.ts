// One plug behind Zigbee2MQTT and as much of the bridge as it needs: state as one JSON object, `/set` with `on_time`,
// `/get`, availability retained. Facts from the project's pages. With no points it is the bridge alone.
import type { MqttProfile } from "@gridwright/contract/profile.ts";
import {
  type Firmware,
  fieldsOf,
  type Hardware,
  type Message,
  objectIn,
  occasions,
  powerUp,
} from "./plug.ts";

const RHYTHM = { everyMs: 30_000, watts: 5 };
const BOOT_MS = 5_000;
const POWER_ON: Readonly<Record<string, boolean | "last">> = { on: true, off: false, previous: "last" };

export function zigbee2mqtt(topic: string, hardware: Hardware, profile: MqttProfile): Firmware {
  const relay = Object.values(profile.points).find(({ write }) => write === true);
  let powerOn = "previous";
  const state = (): Message => {
    const values = [...fieldsOf(profile, hardware)].map(([field, value]) => [
      field,
      typeof value === "boolean" ? (value ? "ON" : "OFF") : (value ?? null),
    ]);
    const body = { ...Object.fromEntries(values), linkquality: 142, power_on_behavior: powerOn };
    return { topic, payload: JSON.stringify(body) };
  };
  const set = (body: Readonly<Record<string, unknown>>): void => {
    const { power_on_behavior, on_time } = body;
    if (typeof power_on_behavior === "string" && Object.hasOwn(POWER_ON, power_on_behavior))
      powerOn = power_on_behavior;
    const word = relay === undefined ? undefined : body[relay.field];
    const holdMs = word === "ON" && typeof on_time === "number" ? on_time * 1_000 : undefined;
    const timed = holdMs !== undefined && relay?.lease !== "none";
    if (word === "ON" || word === "OFF") hardware.set(word === "ON", timed ? holdMs : undefined);
  };
  const due = occasions(hardware, RHYTHM);
  const isBridge = relay === undefined && Object.keys(profile.points).length === 0;
  const presence = (word: string): Message => ({
    topic: isBridge ? `${topic}/bridge/state` : `${topic}/availability`,
    payload: JSON.stringify({ state: word }),
    retain: true,
  });
  const told = (): Message[] => (isBridge ? [] : [state()]);
  return {
    subscribe: `${topic}/#`,
    will: presence("offline"),
    hello: () => [presence("online"), ...told()],
    receive(from, payload) {
      if (from === `${topic}/set`) set(objectIn(payload));
      return from === `${topic}/set` || from === `${topic}/get` ? told() : [];
    },
    tick: () => (due() === undefined ? [] : told()),
    ...powerUp(hardware, BOOT_MS, () => POWER_ON[powerOn] ?? "last"),
  };
}
