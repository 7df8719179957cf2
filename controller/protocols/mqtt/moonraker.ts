// A Klipper printer behind Moonraker: presence on `<instance>/moonraker/status`, changes on `<instance>/klipper/status`
// or, split, on `<instance>/klipper/state/<object>/<item>`; JSON-RPC on `/moonraker/api/request` answers whole. Facts
// from Moonraker's pages («mqtt» section, «Printer Objects»), not from hardware. It is read, never commanded: what is
// switched is its supply, by another device, and never in the middle of a job.
import type { MqttProfile } from "@gridwright/contract/profile.ts";
import {
  asObject,
  type Field,
  type Heard,
  heardFields,
  jsonField,
  jsonObject,
  type MqttDialect,
} from "./dialect.ts";

/** A paused job is still a job: heat and position would be lost. */
const AT_WORK: ReadonlySet<unknown> = new Set(["printing", "paused"]);
const OBJECTS = ["print_stats", "virtual_sdcard", "heater_bed", "extruder"] as const;
/** With less than this done the time left is a guess. */
const PROGRESS_MIN = 0.02;

type Status = Readonly<Record<string, unknown>>;

function timeLeft(status: Status): [string, Field][] {
  const duration = asObject(status.print_stats).print_duration;
  const { progress } = asObject(status.virtual_sdcard);
  if (typeof duration !== "number" || typeof progress !== "number" || progress < PROGRESS_MIN) return [];
  return [["time_left", Math.round(duration * (1 / progress - 1))]];
}

function statusFields(status: Status): [string, Field | null][] {
  const { state } = asObject(status.print_stats);
  const said = (name: string, object: string, item: string): [string, Field | null][] => {
    const value = asObject(status[object])[item];
    return value === undefined ? [] : [[name, jsonField(value)]];
  };
  return [
    ...(typeof state === "string" ? [["printing", AT_WORK.has(state)] as [string, Field]] : []),
    ...said("progress", "virtual_sdcard", "progress"),
    ...said("bed_temperature", "heater_bed", "temperature"),
    ...said("tool_temperature", "extruder", "temperature"),
    ...timeLeft(status),
  ];
}

function onMessage(own: string, topic: string, payload: string): Heard {
  if (!topic.startsWith(`${own}/`)) return {};
  const leaf = topic.slice(own.length + 1);
  const message = jsonObject(payload);
  if (leaf === "moonraker/status") {
    const { server } = message;
    return server === "online" || server === "offline" ? { online: server === "online" } : {};
  }
  if (leaf === "klipper/status") return heardFields(statusFields(asObject(message.status)));
  if (leaf === "moonraker/api/response")
    return { ...heardFields(statusFields(asObject(asObject(message.result).status))), reply: true };
  const [, object, item] = /^klipper\/state\/([^/]+)\/([^/]+)$/.exec(leaf) ?? [];
  if (object === undefined || item === undefined || !Object.hasOwn(message, "value")) return {};
  return heardFields(statusFields({ [object]: { [item]: message.value } }));
}

/** The dialect of one Moonraker whose `instance_name` is `topic`. */
export function moonraker(topic: string, _profile: MqttProfile): MqttDialect {
  const objects = Object.fromEntries(OBJECTS.map((name) => [name, null]));
  const question = { jsonrpc: "2.0", method: "printer.objects.query", params: { objects }, id: 7_125 };
  const status = `${topic}/moonraker/status`;
  return {
    subscriptions: [
      status,
      `${topic}/klipper/status`,
      `${topic}/klipper/state/+/+`,
      `${topic}/moonraker/api/response`,
    ],
    access: {
      publish: [`${topic}/#`],
      subscribe: [`${topic}/moonraker/api/request`],
      retain: [status, `${topic}/klipper/state/#`],
    },
    wanted: () => ({}),
    reports: false,
    onMessage: (from, payload) => onMessage(topic, from, payload),
    query: () => [{ topic: `${topic}/moonraker/api/request`, payload: JSON.stringify(question) }],
    commissioning: () => [],
    resting: () => [],
    command: () => [],
  };
}
