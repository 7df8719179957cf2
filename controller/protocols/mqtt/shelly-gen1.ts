// Shelly of the first generation over MQTT: plain text below `shellies/<topic>`. Facts from the maker's Gen1 API pages
// («MQTT support», «Shelly1PM», «Shelly EM»), not from hardware. Over MQTT it knows no timer and no setting: what it
// does after a power cut and its auto-off timer are set on its own page, so it counts no lease of ours.
import type { MqttProfile } from "@gridwright/contract/profile.ts";
import {
  type Field,
  type Heard,
  heardFields,
  type MqttDialect,
  type MqttMessage,
  relayNumber,
  wordField,
} from "./dialect.ts";

/** Relay energy is counted in watt-minutes, of meters in Wh. */
const MINUTES_PER_HOUR = 60;

const numbered = (name: string, channel: string): string =>
  channel === "0" ? name : `${name}_${Number(channel) + 1}`;

/** `overpower`: the relay opened itself. */
const relayState = (payload: string): Field | null => (payload === "overpower" ? false : wordField(payload));

function relayEntries(
  channel: string,
  quantity: string | undefined,
  payload: string,
): [string, Field | null][] {
  if (quantity === undefined) {
    const state = relayState(payload);
    return channel === "0"
      ? [
          ["relay", state],
          ["relay_1", state],
        ]
      : [[numbered("relay", channel), state]];
  }
  const value = wordField(payload);
  if (quantity === "power") return [[numbered("power", channel), value]];
  if (quantity !== "energy") return [];
  return [[numbered("energy", channel), typeof value === "number" ? value / MINUTES_PER_HOUR : value]];
}

const METER: Readonly<Record<string, string>> = {
  power: "meter_power",
  reactive_power: "meter_reactive_power",
  voltage: "meter_voltage",
  current: "meter_current",
  total: "meter_energy",
  total_returned: "meter_energy_export",
};

function presenceHeard(payload: string): Heard {
  return payload === "true" || payload === "false" ? { online: payload === "true" } : {};
}

function channelHeard(kind: string, channel: string, told: { quantity?: string; payload: string }): Heard {
  const { quantity, payload } = told;
  if (kind === "relay") {
    const heard = heardFields(relayEntries(channel, quantity, payload));
    return quantity === undefined ? { ...heard, reply: true } : heard;
  }
  const name = Object.hasOwn(METER, quantity ?? "") ? METER[quantity ?? ""] : undefined;
  return kind === "emeter" && name !== undefined
    ? heardFields([[numbered(name, channel), wordField(payload)]])
    : {};
}

function onMessage(own: string, topic: string, payload: string): Heard {
  if (!topic.startsWith(`${own}/`)) return {};
  const leaf = topic.slice(own.length + 1);
  if (leaf === "online") return presenceHeard(payload);
  if (leaf === "temperature") return heardFields([["temperature", wordField(payload)]]);
  const [, kind = "", channel = "", quantity] = /^(relay|emeter)\/(\d)(?:\/(\w+))?$/.exec(leaf) ?? [];
  return channelHeard(kind, channel, { payload, ...(quantity !== undefined && { quantity }) });
}

/** The dialect of one Shelly of the first generation; `topic` is its id, as in `shellies/<topic>/online`. */
export function shellyGen1(topic: string, _profile: MqttProfile): MqttDialect {
  const own = `shellies/${topic}`;
  const tellAll: MqttMessage = { topic: `${own}/command`, payload: "update" };
  return {
    subscriptions: [`${own}/online`, `${own}/temperature`, `${own}/relay/#`, `${own}/emeter/#`],
    // Its setting mqtt_id is topic and client id in one.
    access: { publish: [`${own}/#`], subscribe: [`${own}/#`], retain: [`${own}/#`], clientId: topic },
    wanted: () => ({}),
    reports: true,
    onMessage: (from, payload) => onMessage(own, from, payload),
    query: () => [tellAll],
    commissioning: () => [],
    resting: () => [],
    command: ({ field, on }) => [
      { topic: `${own}/relay/${relayNumber(field) - 1}/command`, payload: on ? "on" : "off" },
      tellAll,
    ],
  };
}
