// What an MQTT profile must say for its dialect: a lease that the dialect can carry, and a command where there is none
// by nature. A lease that is promised and not counted would leave a house dark.
import type { MqttPoint, MqttProfile } from "@gridwright/contract/profile.ts";
import type { Mistake } from "@gridwright/contract/site/model.ts";
import { isSwitch } from "./dialect.ts";

type Law = (spec: MqttPoint, point: string) => string | undefined;

const noTimer: Law = ({ lease }) =>
  lease === "none" ? undefined : "its dialect has no timer: say lease: none";
const readOnly: Law = () => "its dialect only reads: switch its supply by another device";

function jsonNumberLaw({ command, lease = "device" }: MqttPoint): string | undefined {
  if (command?.set?.includes("{value}") !== true)
    return "a json number that is written needs command: {topic, set} with {value} in set";
  const counted = command.set.includes("{seconds}") ? "device" : "none";
  return lease === counted || lease === "none"
    ? undefined
    : "without {seconds} in set it counts no lease: say lease: none";
}

const jsonLaw: Law = (spec, point) => (isSwitch(point) ? jsonSwitchLaw(spec) : jsonNumberLaw(spec));

function jsonSwitchLaw({ command, lease = "device" }: MqttPoint): string | undefined {
  if (command?.on === undefined || command.off === undefined)
    return "a json switch that is written needs command: {topic, on, off}";
  const counted = command.offFor !== undefined && command.onFor !== undefined ? "device" : "none";
  if (lease === "on-only" && command.onFor !== undefined) return undefined;
  if (lease === counted || lease === "none") return undefined;
  return "without onFor and offFor it counts no lease: say lease: none, or on-only where it has onFor";
}

const LAWS: Partial<Record<MqttProfile["protocol"], Law>> = {
  "shelly-gen1": noTimer,
  "victron-mqtt": noTimer,
  moonraker: readOnly,
  octoprint: readOnly,
  esphome: ({ timer, lease }) =>
    timer === undefined && lease !== "none"
      ? "without timer: it counts no lease: say lease: none, or name its number"
      : undefined,
  zigbee2mqtt: ({ lease = "device" }) =>
    lease === "device"
      ? "Zigbee has no timed OFF: say lease: on-only where the device takes on_time, else none"
      : undefined,
  json: jsonLaw,
};

export const mqttLaws = ({ protocol, points }: MqttProfile): readonly Mistake[] =>
  Object.entries(points).flatMap(([point, spec]) => {
    const number = !isSwitch(point) && protocol !== "json";
    const law: Law | undefined = number ? () => "only json devices are told a number" : LAWS[protocol];
    const message = spec.write === true ? law?.(spec, point) : undefined;
    return message === undefined ? [] : [{ path: ["points", point], message }];
  });
