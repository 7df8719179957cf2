// Shelly Gen2 and later over MQTT: JSON-RPC on `<topic>/rpc`, notifications on `<topic>/events/rpc`. Facts from the
// vendor's API pages (Switch, MQTT, RPC protocol), not from hardware. Answers come to `<src>/rpc`, so `src` lies in
// the device's own tree and its credential needs nothing outside. A lease is `toggle_after`, counted by the device.
import type { MqttProfile } from "@gridwright/contract/profile.ts";
import {
  asField,
  asObject,
  countedSeconds,
  type Field,
  type Heard,
  heardFields,
  jsonObject,
  type MqttDialect,
  type MqttMessage,
  relayFields,
  relayNumber,
  type Silent,
  type SwitchCommand,
  settingField,
} from "./dialect.ts";

const STATUS: Readonly<Record<string, string>> = {
  output: "relay",
  apower: "power",
  voltage: "voltage",
  current: "current",
  freq: "frequency",
};

/** Fields of one switch; those of the first carry no number, and its relay both names. */
function switchFields(status: unknown): [string, Field][] {
  const values = asObject(status);
  const id = typeof values.id === "number" ? values.id : 0;
  const suffix = id === 0 ? "" : `_${id + 1}`;
  const fields = Object.entries(values).flatMap(([key, value]): [string, Field][] => {
    const field = Object.hasOwn(STATUS, key) ? STATUS[key] : undefined;
    return field === undefined ? [] : [[`${field}${suffix}`, asField(value)]];
  });
  const energy = asObject(values.aenergy).total;
  if (energy !== undefined) fields.push([`energy${suffix}`, asField(energy)]);
  if (id === 0 && values.output !== undefined) fields.push(["relay_1", asField(values.output)]);
  return fields;
}

/** An answer: a switch's state, or its settings. */
function answered({ id, result }: Readonly<Record<string, unknown>>): Heard {
  if (id !== "Switch.GetConfig") return { ...heardFields(switchFields(result)), reply: true };
  const { initial_state } = asObject(result);
  return initial_state === undefined ? {} : { settings: { initial_state: settingField(initial_state) } };
}

function onMessage(own: string, topic: string, payload: string): Heard {
  if (!topic.startsWith(`${own}/`)) return {};
  const leaf = topic.slice(own.length + 1);
  if (leaf === "online")
    return payload === "true" || payload === "false" ? { online: payload === "true" } : {};
  const message = jsonObject(payload);
  if (/^status\/switch:\d$/.test(leaf)) return heardFields(switchFields(message));
  if (leaf === "gridwright/rpc") return answered(message);
  if (leaf !== "events/rpc") return {};
  const params = Object.entries(asObject(message.params));
  return heardFields(
    params.flatMap(([key, status]) => (/^switch:\d$/.test(key) ? switchFields(status) : [])),
  );
}

const initialState = (silent: Silent): string => (silent === "hold" ? "restore_last" : silent ? "on" : "off");

/** Parameters of Switch.Set; `toggle_after` in s, rounded up, only where the command deviates. */
function setParams(command: SwitchCommand): Readonly<Record<string, unknown>> {
  const seconds = countedSeconds(command);
  const id = relayNumber(command.field) - 1;
  return { id, on: command.on, ...(seconds !== undefined && { toggle_after: seconds }) };
}

/** The dialect of one Shelly of generation 2 or later whose MQTT topic prefix is `topic`. */
export function shellyGen2(topic: string, profile: MqttProfile): MqttDialect {
  const rpc = (method: string, params: Readonly<Record<string, unknown>>): MqttMessage => ({
    topic: `${topic}/rpc`,
    payload: JSON.stringify({ id: method, src: `${topic}/gridwright`, method, params }),
  });
  const ids = relayFields(profile).map((field) => relayNumber(field) - 1);
  const switches = ids.length > 0 ? ids : [0];
  return {
    subscriptions: [`${topic}/online`, `${topic}/events/rpc`, `${topic}/status/+`, `${topic}/gridwright/rpc`],
    access: {
      publish: [`${topic}/#`],
      subscribe: [`${topic}/#`],
      retain: [`${topic}/online`, `${topic}/status/#`],
    },
    wanted: (silent) => ({ initial_state: [initialState(silent)] }),
    reports: false,
    onMessage: (from, payload) => onMessage(topic, from, payload),
    query: () => switches.map((id) => rpc("Switch.GetStatus", { id })),
    commissioning: (silent) =>
      switches.flatMap((id) => [
        rpc("Switch.SetConfig", {
          id,
          config: { initial_state: initialState(silent), auto_on: false, auto_off: false },
        }),
        rpc("Switch.GetConfig", { id }),
      ]),
    resting: () => [],
    // Set answers with what was; the state that counts is asked for at once.
    command: (command) => [
      rpc("Switch.Set", setParams(command)),
      rpc("Switch.GetStatus", { id: relayNumber(command.field) - 1 }),
    ],
  };
}
