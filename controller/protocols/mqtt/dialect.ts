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
  readonly fields?: Readonly<Record<string, Field>>;
  /** It answers a command or a question; telemetry says the same without being asked. */
  readonly reply?: true;
  /** The device's own presence, or its last will. */
  readonly online?: boolean;
  /** Settings that the device reported, by the names of `wanted`. */
  readonly settings?: Readonly<Record<string, Field>>;
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

/** What the broker lets a device do: MQTT filters. */
export interface MqttAccess {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
  /** Topics whose messages may stay at the broker. */
  readonly retain: readonly string[];
}

export interface MqttDialect {
  /** Filters of what the device says. */
  readonly subscriptions: readonly string[];
  /** The device's own topics and no others. */
  readonly access: MqttAccess;
  /** Settings that commissioning makes; a device that reports another value is commissioned again. */
  readonly wanted: Readonly<Record<string, Field>>;
  /** The device reports by itself as often as its profile says; otherwise it must be asked. */
  readonly reports: boolean;
  onMessage(topic: string, payload: string): Heard;
  /** Asks for every value now. */
  query(): readonly MqttMessage[];
  /** Settings that may be made at any time: they touch neither relay nor lease. */
  commissioning(silent: Silent): readonly MqttMessage[];
  /** Settings for a device that stands in its silent state and counts no lease. */
  resting(silent: Silent): readonly MqttMessage[];
  /** Switches a relay, counted by the device itself where it deviates from its silent state. */
  command(command: SwitchCommand): readonly MqttMessage[];
}

export type DialectOf = (topic: string, profile: MqttProfile) => MqttDialect;

/** Fields of the relays that a profile may switch, in its order. */
export const relayFields = (profile: MqttProfile): readonly string[] =>
  Object.values(profile.points).flatMap(({ field, write }) => (write === true ? [field] : []));

/** The relay's place on the device: 1 for `relay` and `relay_1`, 2 for `relay_2`. */
export const relayNumber = (field: string): number => Number(/_(\d+)$/.exec(field)?.[1] ?? "1");

const RAW_TEXT_MAX = 64;

function sampleOf(point: string, spec: MqttPoint, field: Field): Sample {
  const isSwitch = parsePointName(point)?.kind.value === "switch";
  if (isSwitch && typeof field !== "string") return { point, value: field === true || field === 1 };
  const factor = PROFILE_UNITS[spec.unit] ?? Number.NaN;
  const value = typeof field === "number" ? field * factor * spec.sign : Number.NaN;
  if (Number.isFinite(value)) return { point, value };
  const raw = typeof field === "number" ? field : String(field).slice(0, RAW_TEXT_MAX);
  return { point, bad: "not-a-number", raw };
}

/** Samples of the profile's points that stand in `fields`, in the points' own unit and sign. */
export const samplesOf = (profile: MqttProfile, fields: Readonly<Record<string, Field>>): Sample[] =>
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

/** A value of a message as a field: text where it is neither number nor state. */
export const asField = (value: unknown): Field =>
  typeof value === "number" || typeof value === "boolean" ? value : String(JSON.stringify(value) ?? "");
