// Zigbee2MQTT: one JSON object per device on `<base>/<friendly name>`, commands on `/set`, questions on `/get`. Facts
// from the project's pages («MQTT topics and messages», device pages: on with timed off), not from hardware. Zigbee has
// a timer for ON alone (`on_time`), and not every device has it: a leased OFF is never counted. Reports repeat the last
// state that the bridge knows, so after a command the device itself is asked.
import type { MqttProfile } from "@gridwright/contract/profile.ts";
import {
  countedSeconds,
  type Heard,
  heardFields,
  jsonField,
  jsonObject,
  type MqttDialect,
  type MqttMessage,
  relayFields,
  type Silent,
  type SwitchCommand,
  settingField,
} from "./dialect.ts";

/** OnWithTimedOff counts tenths of a second in 16 bits, the last two values kept. */
const ON_TIME_MAX_S = 6_553;
/** Points that a bridge can ask a device for; the others come with its reports. */
const READABLE = /^(state|power)(_\w+)?$/;

/** A bridge lists all its devices in one message, some 5 kB each, and speaks for each of them. */
const BRIDGE_PACKET_BYTES = 4_194_304;
const BRIDGE_RETAINED_MAX = 2_048;

/** `{"state":"online"}`, or the bare word of older versions. */
function presence(payload: string): boolean | undefined {
  const word = jsonObject(payload).state ?? payload;
  return word === "online" ? true : word === "offline" ? false : undefined;
}

function heardState(payload: string): Heard {
  const { power_on_behavior, ...values } = jsonObject(payload);
  const plain = Object.entries(values).filter(([, value]) => value === null || typeof value !== "object");
  return {
    ...heardFields(plain.map(([key, value]) => [key, jsonField(value)])),
    ...(power_on_behavior !== undefined && {
      settings: { power_on_behavior: settingField(power_on_behavior) },
    }),
    reply: true,
  };
}

const powerOn = (silent: Silent): string => (silent === "hold" ? "previous" : silent ? "on" : "off");

/** The dialect of one device behind a bridge; `topic` is `<base>/<friendly name>`, its base one level. */
export function zigbee2mqtt(topic: string, profile: MqttProfile): MqttDialect {
  const bridge = `${topic.split("/", 1)[0]}/bridge/state`;
  const points = Object.values(profile.points);
  const relays = relayFields(profile);
  const readable = points.map(({ field }) => field).filter((field) => READABLE.test(field));
  const say = (verb: "set" | "get", body: Readonly<Record<string, unknown>>): MqttMessage => ({
    topic: `${topic}/${verb}`,
    payload: JSON.stringify(body),
  });
  const ask = (...keys: readonly string[]) => say("get", Object.fromEntries(keys.map((key) => [key, ""])));
  const timed = (field: string) =>
    points.some((point) => point.field === field && point.lease !== "none" && point.write === true);
  const command = (wish: SwitchCommand): readonly MqttMessage[] => {
    const seconds = wish.on && timed(wish.field) ? countedSeconds(wish) : undefined;
    const state = { [wish.field]: wish.on ? "ON" : "OFF" };
    const timer = seconds !== undefined && { on_time: Math.min(ON_TIME_MAX_S, seconds), off_wait_time: 0 };
    return [say("set", { ...state, ...timer }), ask(wish.field)];
  };
  return {
    subscriptions: [topic, `${topic}/availability`, bridge],
    access: {
      ...{ publish: [`${topic}/#`, bridge], subscribe: [`${topic}/#`], retain: [`${topic}/#`, bridge] },
      ...(!topic.includes("/") && { packetBytesMax: BRIDGE_PACKET_BYTES, retainedMax: BRIDGE_RETAINED_MAX }),
    },
    wanted: (silent) => (relays.length > 0 ? { power_on_behavior: [powerOn(silent)] } : {}),
    reports: false,
    onMessage(from, payload) {
      if (from === topic) return heardState(payload);
      const there = presence(payload);
      // The bridge is there: that says nothing of the device; it is gone: nobody can reach the device.
      if (from === bridge) return there === false ? { online: false } : {};
      return from === `${topic}/availability` && there !== undefined ? { online: there } : {};
    },
    query: () => (readable.length > 0 ? [ask(...readable)] : []),
    commissioning: (silent) =>
      relays.length > 0 ? [say("set", { power_on_behavior: powerOn(silent) }), ask("power_on_behavior")] : [],
    resting: () => [],
    command,
  };
}
