// What every MQTT dialect can do, and how its fields become samples. A dialect turns messages into fields and wishes
// into messages; it keeps no state, sends nothing and never throws on what a device sent: garbage is bad or nothing.
import { parsePointName } from "@gridwright/contract/points.ts";
import type { Sample } from "@gridwright/contract/ports.ts";
import { type MqttPoint, type MqttProfile, PROFILE_UNITS } from "@gridwright/contract/profile.ts";
import type { Millis } from "@gridwright/contract/units.ts";

export interface MqttMessage {
  readonly topic: string;
  readonly payload: string;
}

/** A number or state as the device gave it; text where it was neither. */
export type Field = number | boolean | string;

/** What one message said. */
export interface Heard {
  /** null: the device says that it has no value. */
  readonly fields?: Readonly<Record<string, Field | null>>;
  /** It answers a command or a question; telemetry says the same without being asked. */
  readonly reply?: true;
  /** The device's own presence, or its last will. */
  readonly online?: boolean;
  /** Settings that the device reported, by the names of `wanted`. */
  readonly settings?: Readonly<Record<string, Field>>;
  /** The relay whose command the device took; it need not tell a state that did not change. */
  readonly confirms?: string;
}

/** The relay state that the device falls back to without commands; `hold`: it stays as it is. */
export type Silent = boolean | "hold";

export interface SwitchCommand {
  /** The relay's field: `relay`, `relay_2`. */
  readonly field: string;
  readonly on: boolean;
  /** Length of the deviation, in ms of the device's own time; null: none is wanted any more. */
  readonly leaseMs: Millis | null;
  readonly silent: Silent;
}

export interface NumberCommand {
  readonly field: string;
  /** In the device's own unit and sign. */
  readonly value: number;
  /** As of a switch. */
  readonly leaseMs: Millis | null;
}

/** What the broker lets a device do: MQTT filters. */
export interface MqttAccess {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
  /** Topics whose messages may stay at the broker. */
  readonly retain: readonly string[];
  /** Largest packet, where it says more in one message than devices do; in bytes. */
  readonly packetBytesMax?: number;
  /** Most topics that it may retain, where it speaks for many devices. */
  readonly retainedMax?: number;
  /** The client id that its firmware uses, where it cannot be given one. */
  readonly clientId?: string;
}

export interface MqttDialect {
  /** Filters of what the device says. */
  readonly subscriptions: readonly string[];
  /** The device's own topics and no others. */
  readonly access: MqttAccess;
  /** Settings that commissioning and rest make; a device that reports none of these values is commissioned again. */
  wanted(silent: Silent): Readonly<Record<string, readonly Field[]>>;
  /** The device reports by itself as often as its profile says; otherwise it must be asked. */
  readonly reports: boolean;
  /** Tells a relay only when it changes: a command that changes nothing gets no answer. */
  readonly quiet?: true;
  /** The device falls silent unless it hears this so often. */
  readonly keepAlive?: { readonly everyMs: Millis; readonly messages: readonly MqttMessage[] };
  /** Whether a field is told when it changes and holds until then: then even what the broker retained of it counts,
   * as long as the device is there. None: no field. */
  lasts?(field: string): boolean;
  onMessage(topic: string, payload: string): Heard;
  /** Asks for every value now. */
  query(): readonly MqttMessage[];
  /** Settings that may be made at any time: they touch neither relay nor lease. */
  commissioning(silent: Silent): readonly MqttMessage[];
  /** Settings for a device that stands in its silent state and counts no lease. */
  resting(silent: Silent): readonly MqttMessage[];
  /** Switches a relay, counted by the device itself where it deviates from its silent state. */
  command(command: SwitchCommand): readonly MqttMessage[];
  /** Tells it how much; none: its dialect has no such command. */
  tell?(command: NumberCommand): readonly MqttMessage[];
}

export type DialectOf = (topic: string, profile: MqttProfile) => MqttDialect;

export const isSwitch = (point: string): boolean => parsePointName(point)?.kind.value === "switch";

/** Fields of the relays that a profile may switch, in its order. */
export const relayFields = (profile: MqttProfile): readonly string[] =>
  Object.entries(profile.points).flatMap(([point, { field, write }]) =>
    write === true && isSwitch(point) ? [field] : [],
  );

/** The relay's place on the device: 1 for `relay` and `relay_1`, 2 for `relay_2`. */
export const relayNumber = (field: string): number => Number(/_(\d+)$/.exec(field)?.[1] ?? "1");

const RAW_TEXT_MAX = 64;

function sampleOf(point: string, spec: MqttPoint, field: Field | null): Sample {
  if (field === null) return { point, absent: "not-available" };
  if (isSwitch(point) && typeof field !== "string" && !Number.isNaN(field))
    return { point, value: field !== false && field !== 0 };
  const factor = PROFILE_UNITS[spec.unit] ?? Number.NaN;
  const value = typeof field === "number" ? field * factor * spec.sign : Number.NaN;
  if (Number.isFinite(value)) return { point, value };
  const raw = typeof field === "number" ? field : String(field).slice(0, RAW_TEXT_MAX);
  return { point, bad: "not-a-number", raw };
}

/** Samples of the profile's points that stand in `fields`, in the points' own unit and sign. */
export const samplesOf = (profile: MqttProfile, fields: Readonly<Record<string, Field | null>>): Sample[] =>
  Object.entries(profile.points).flatMap(([point, spec]) => {
    const field = Object.hasOwn(fields, spec.field) ? fields[spec.field] : undefined;
    return field === undefined ? [] : [sampleOf(point, spec, field)];
  });

/** The object that a payload holds; empty when it holds none. */
export function jsonObject(payload: string): Readonly<Record<string, unknown>> {
  try {
    return asObject(JSON.parse(payload));
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

export const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};

const WORDS: Readonly<Record<string, boolean | null>> = {
  on: true,
  true: true,
  off: false,
  false: false,
  nan: null,
  null: null,
  "": null,
};

/** A word of a message as a field: a state, a number, null where it says that there is none, else the text itself. */
export function wordField(text: string): Field | null {
  const word = text.trim().toLowerCase();
  const known = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
  if (known !== undefined) return known;
  const number = Number(word);
  return Number.isFinite(number) ? number : text;
}

/** A value inside JSON as a field; its words are read as `wordField` reads them. */
export function jsonField(value: unknown): Field | null {
  if (value === null) return null;
  return typeof value === "string" ? wordField(value) : asField(value);
}

/** Nothing where there are no fields. */
export const heardFields = (entries: readonly (readonly [string, Field | null])[]): Heard =>
  entries.length > 0 ? { fields: Object.fromEntries(entries) } : {};

export const leaseSeconds = (leaseMs: Millis): number => Math.max(1, Math.ceil(leaseMs / 1_000));

/** Seconds after which a command is to end by itself; undefined where it does not deviate from the silent state. */
export const countedSeconds = ({ on, leaseMs, silent }: SwitchCommand): number | undefined =>
  silent === "hold" || on === silent || leaseMs === null ? undefined : leaseSeconds(leaseMs);

/** A value of a message as a field: text where it is neither number nor state. */
export const asField = (value: unknown): Field =>
  typeof value === "number" || typeof value === "boolean" ? value : String(JSON.stringify(value) ?? "");

/** A setting as the device gave it: a word stays as it is. */
export const settingField = (value: unknown): Field => (typeof value === "string" ? value : asField(value));
