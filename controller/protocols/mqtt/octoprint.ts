// OctoPrint with its MQTT plugin: `<base>/event/<Event>`, `<base>/progress/printing`, `<base>/temperature/<tool>`,
// presence on `<base>/mqtt`. Facts from the plugin's README and published samples, not from hardware. It cannot be asked
// and says only what changes: an idle, cold printer falls silent, and its readings grow stale. Read, never commanded.
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

/** `state_id` of PrinterStateChanged: a job has the printer. */
const AT_WORK: ReadonlySet<unknown> = new Set([
  "STARTING",
  "PRINTING",
  "PAUSING",
  "PAUSED",
  "RESUMING",
  "FINISHING",
  "CANCELLING",
]);
const EVENTS: Readonly<Record<string, boolean>> = {
  PrintStarted: true,
  PrintPaused: true,
  PrintResumed: true,
  PrintDone: false,
  PrintFailed: false,
  PrintCancelled: false,
};
const TEMPERATURES: Readonly<Record<string, string>> = { bed: "bed_temperature", tool0: "tool_temperature" };
const PERCENT = 100;

type Message = Readonly<Record<string, unknown>>;

function eventHeard(event: string, message: Message): Heard {
  if (event === "PrinterStateChanged")
    return typeof message.state_id === "string"
      ? heardFields([["printing", AT_WORK.has(message.state_id)]])
      : {};
  const printing = Object.hasOwn(EVENTS, event) ? EVENTS[event] : undefined;
  return printing === undefined ? {} : heardFields([["printing", printing]]);
}

function progressHeard({ progress, printer_data }: Message): Heard {
  if (typeof progress !== "number") return {};
  const left = asObject(asObject(printer_data).progress).printTimeLeft;
  const entries: [string, Field | null][] = [
    ["progress", progress / PERCENT],
    ["printing", progress < PERCENT],
  ];
  return heardFields(left === undefined ? entries : [...entries, ["time_left", jsonField(left)]]);
}

function onMessage(own: string, topic: string, payload: string): Heard {
  if (!topic.startsWith(`${own}/`)) return {};
  const [kind, name = "", more] = topic.slice(own.length + 1).split("/");
  if (more !== undefined) return {};
  if (kind === "mqtt" && name === "")
    return payload === "connected" || payload === "disconnected" ? { online: payload === "connected" } : {};
  const message = jsonObject(payload);
  if (kind === "event") return eventHeard(name, message);
  if (kind === "progress" && name === "printing") return progressHeard(message);
  const field = kind === "temperature" && Object.hasOwn(TEMPERATURES, name) ? TEMPERATURES[name] : undefined;
  if (field === undefined || message.actual === undefined) return {};
  return heardFields([[field, jsonField(message.actual)]]);
}

/** The dialect of one OctoPrint whose base topic is `topic`. */
export function octoprint(topic: string, _profile: MqttProfile): MqttDialect {
  return {
    subscriptions: [
      `${topic}/mqtt`,
      `${topic}/event/+`,
      `${topic}/progress/printing`,
      `${topic}/temperature/+`,
    ],
    access: {
      publish: [`${topic}/#`],
      subscribe: [`${topic}/#`],
      retain: [`${topic}/mqtt`, `${topic}/progress/#`, `${topic}/temperature/#`],
    },
    wanted: () => ({}),
    reports: true,
    lasts: (field) => field === "printing" || field === "progress" || field === "time_left",
    onMessage: (from, payload) => onMessage(topic, from, payload),
    query: () => [],
    commissioning: () => [],
    resting: () => [],
    command: () => [],
  };
}
