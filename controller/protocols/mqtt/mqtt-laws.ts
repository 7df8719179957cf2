// What an MQTT profile must say for its dialect: a lease that the dialect can carry, and a command where there is none
// by nature. A lease that is promised and not counted would leave a house dark.
import type { MqttPoint, MqttProfile } from "@gridwright/contract/profile.ts";
import type { Mistake } from "@gridwright/contract/site/model.ts";

type Law = (spec: MqttPoint) => string | undefined;

const noTimer: Law = ({ lease }) =>
  lease === "none" ? undefined : "its dialect has no timer: say lease: none";
const readOnly: Law = () => "its dialect only reads: switch its supply by another device";

function jsonLaw({ command, lease = "device" }: MqttPoint): string | undefined {
  if (command === undefined) return "a json point that is written needs command: {topic, on, off}";
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
    const message = spec.write === true ? LAWS[protocol]?.(spec) : undefined;
    return message === undefined ? [] : [{ path: ["points", point], message }];
  });
