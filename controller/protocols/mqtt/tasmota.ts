// Tasmota over MQTT. Facts from the firmware's sources (support_tasmota.ino) and its Commands page, not from hardware.
// A normally-on relay rests at PowerOnState 1 and PulseTime 0 and is moved to PowerOnState 5 (inverted pulse: OFF
// returns to ON by itself) only while a leased OFF is out: with PowerOnState 5 and PulseTime 0 it would stay dark
// for ever after a power cut, and with a PulseTime at rest nobody could switch it off by hand.
// Every command goes through Backlog0, the device's own queue: it keeps the order, and a cut leaves no half command.
import type { MqttProfile } from "@gridwright/contract/profile.ts";
import type { Millis } from "@gridwright/contract/units.ts";
import {
  asField,
  asObject,
  type Field,
  type Heard,
  jsonObject,
  type MqttDialect,
  type MqttMessage,
  relayFields,
  relayNumber,
  type Silent,
  type SwitchCommand,
} from "./dialect.ts";

/** PulseTime counts tenths of a second up to 111, then seconds + 100, up to 64,900. */
const PULSE_TENTHS_MAX = 111;
const PULSE_SECONDS_OFFSET = 100;
const PULSE_MAX = 64_900;
/** TelePeriod allows 10 s to 3600 s. */
const TELE_SECONDS = [10, 3_600] as const;
/** PowerDelta 101…32000 is watts + 100: a change of 10 W is reported at once. */
const POWER_DELTA = 110;
/** SetOption47 delays a relay after power-up by 3…255 s; spread by topic, so that not all come back in one second. */
const POWER_UP_SECONDS = [3, 20] as const;

const ENERGY: Readonly<Record<string, string>> = {
  Power: "power",
  ApparentPower: "apparent_power",
  ReactivePower: "reactive_power",
  Voltage: "voltage",
  Current: "current",
  Frequency: "frequency",
  Total: "energy",
  ExportActive: "energy_export",
};
const SETTINGS: Readonly<Record<string, string>> = {
  TelePeriod: "TelePeriod",
  PowerDelta: "PowerDelta",
  PowerDelta1: "PowerDelta",
  PowerOnState: "PowerOnState",
};

/** PulseTime that lasts at least `leaseMs`, or the longest there is. */
export function pulseTime(leaseMs: Millis | null): number {
  const tenths = leaseMs === null ? Number.POSITIVE_INFINITY : Math.max(1, Math.ceil(leaseMs / 100));
  if (tenths <= PULSE_TENTHS_MAX) return tenths;
  return Math.min(PULSE_MAX, Math.ceil(tenths / 10) + PULSE_SECONDS_OFFSET);
}

function powerUpSeconds(topic: string): number {
  const [from, to] = POWER_UP_SECONDS;
  let hash = 7;
  for (const character of topic) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  return from + (hash % (to - from + 1));
}

function state(text: unknown): Field {
  const upper = typeof text === "string" ? text.toUpperCase() : "";
  if (upper === "ON") return true;
  return upper === "OFF" ? false : asField(text);
}

/** `POWER` and `POWER1` are the first relay, under both of its names. */
function relayEntries(key: string, value: unknown): [string, Field][] {
  const match = /^POWER(\d{0,2})$/.exec(key);
  if (match === null) return [];
  const place = match[1] === "" ? 1 : Number(match[1]);
  const named: [string, Field] = [`relay_${place}`, state(value)];
  return place === 1 ? [["relay", named[1]], named] : [named];
}

function energyEntries(energy: unknown): [string, Field][] {
  return Object.entries(asObject(energy)).flatMap(([key, value]): [string, Field][] => {
    const field = Object.hasOwn(ENERGY, key) ? ENERGY[key] : undefined;
    if (field === undefined) return [];
    if (!Array.isArray(value)) return [[field, asField(value)]];
    return value.slice(0, 3).map((each, index) => [`${field}_${index + 1}`, asField(each)]);
  });
}

function heardJson(payload: string): Heard {
  const outer = jsonObject(payload);
  const body = { ...outer, ...asObject(outer.StatusSNS), ...asObject(outer.StatusSTS) };
  const fields = Object.fromEntries([
    ...Object.entries(body).flatMap(([key, value]) => relayEntries(key, value)),
    ...energyEntries(body.ENERGY),
  ]);
  const settings = Object.fromEntries(
    Object.entries(body).flatMap(([key, value]) => {
      const name = Object.hasOwn(SETTINGS, key) ? SETTINGS[key] : undefined;
      return name === undefined ? [] : [[name, asField(value)] as const];
    }),
  );
  return {
    ...(Object.keys(fields).length > 0 && { fields }),
    ...(Object.keys(settings).length > 0 && { settings }),
  };
}

const JSON_TOPICS: ReadonlySet<string> = new Set([
  "RESULT",
  "STATE",
  "SENSOR",
  "STATUS8",
  "STATUS10",
  "STATUS11",
]);

function onMessage(own: string, topic: string, payload: string): Heard {
  const prefix = topic.slice(0, 5);
  if ((prefix !== "stat/" && prefix !== "tele/") || !topic.startsWith(`${own}/`, 5)) return {};
  const leaf = topic.slice(5 + own.length + 1);
  if (leaf === "LWT")
    return payload === "Online" || payload === "Offline" ? { online: payload === "Online" } : {};
  const relays = relayEntries(leaf, payload);
  const heard = JSON_TOPICS.has(leaf) ? heardJson(payload) : { fields: Object.fromEntries(relays) };
  if (!JSON_TOPICS.has(leaf) && relays.length === 0) return {};
  return prefix === "stat/" ? { ...heard, reply: true } : heard;
}

const powerOnState = (silent: Silent): string => `PowerOnState ${silent === "hold" ? 3 : silent ? 1 : 0}`;

const indexOf = (field: string): string => (relayNumber(field) === 1 ? "" : String(relayNumber(field)));

/**
 * PowerOnState holds for all relays of a device: while one of several normally-on relays is out on lease, each has a
 * pulse, or a power cut would leave it dark; it goes back by `resting` once all of them are on.
 */
function switching(
  { field, on, leaseMs, silent }: SwitchCommand,
  relays: readonly string[],
): readonly string[] {
  const power = `Power${indexOf(field)} ${on ? "ON" : "OFF"}`;
  if (silent === "hold") return [power];
  if (on === silent) return relays.length > 1 ? [power] : [power, ...restSettings(silent, relays)];
  const pulsed = silent ? relays : [field];
  const pulses = pulsed.map((relay) => `PulseTime${indexOf(relay)} ${pulseTime(leaseMs)}`);
  return [`PowerOnState ${silent ? 5 : 0}`, ...pulses, power];
}

const restSettings = (silent: Silent, relays: readonly string[]): readonly string[] => [
  ...relays.map((relay) => `PulseTime${indexOf(relay)} 0`),
  powerOnState(silent),
];

/** The dialect of one Tasmota device with the topic `topic` and the default full topic `%prefix%/%topic%/`. */
export function tasmota(topic: string, profile: MqttProfile): MqttDialect {
  const [teleMin, teleMax] = TELE_SECONDS;
  const teleSeconds = Math.min(teleMax, Math.max(teleMin, Math.round(profile.reportMs / 1_000)));
  const relays = relayFields(profile);
  const reporting = { TelePeriod: [teleSeconds], PowerDelta: [POWER_DELTA] };
  const backlog = (...commands: readonly string[]): readonly MqttMessage[] => [
    { topic: `cmnd/${topic}/Backlog0`, payload: commands.join(";") },
  ];
  return {
    subscriptions: [`stat/${topic}/+`, `tele/${topic}/+`],
    access: {
      publish: [`stat/${topic}/#`, `tele/${topic}/#`],
      subscribe: [`cmnd/${topic}/#`],
      retain: [`stat/${topic}/#`, `tele/${topic}/#`],
    },
    wanted: (silent) => ({ ...reporting, PowerOnState: silent === "hold" ? [3] : silent ? [1, 5] : [0] }),
    reports: true,
    onMessage: (from, payload) => onMessage(topic, from, payload),
    query: () => [
      { topic: `cmnd/${topic}/POWER`, payload: "" },
      { topic: `cmnd/${topic}/STATUS`, payload: "10" },
    ],
    // SetOption65 1: a plug must not reset itself to factory settings because the island's power came and went.
    commissioning: (silent) =>
      backlog(
        `TelePeriod ${teleSeconds}`,
        `PowerDelta ${POWER_DELTA}`,
        "SetOption65 1",
        `SetOption47 ${silent === true ? powerUpSeconds(topic) : 0}`,
      ),
    resting: (silent) => backlog(...restSettings(silent, relays)),
    command: (command) => backlog(...switching(command, relays)),
  };
}
