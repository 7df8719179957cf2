// What a command wants of a device's field, and the words that say it in its dialect. Pure.
import type { Command } from "@gridwright/contract/ports.ts";
import { type MqttPoint, type MqttProfile, PROFILE_UNITS } from "@gridwright/contract/profile.ts";
import {
  isSwitch,
  type MqttDialect,
  type MqttMessage,
  type Silent,
} from "@gridwright/protocols/mqtt/dialect.ts";
import type { Told } from "./confirmation.ts";

interface Of {
  readonly profile: MqttProfile;
  readonly dialect: MqttDialect;
  readonly silent: Silent;
}

export interface Wish {
  readonly field: string;
  /** In the device's own unit and sign. */
  readonly value: Told;
  readonly messages: readonly MqttMessage[];
}

/** A share in the device's own unit and sign. */
const numberOf = ({ unit, sign }: MqttPoint, share: number): number =>
  share / ((PROFILE_UNITS[unit] ?? Number.NaN) * sign);

/** What the device said of a field that is written; undefined: nothing that could be a state. */
export function toldOf(point: string, said: unknown): Told | undefined {
  if (typeof said !== "boolean" && typeof said !== "number") return undefined;
  return isSwitch(point) ? said !== false && said !== 0 : Number(said);
}

/** Undefined: it cannot be told so; or, in words, why it must not. */
export function wishOf(
  { profile, dialect, silent }: Of,
  { point, set, leaseMs, full = 1 }: Command,
): Wish | string {
  const spec = Object.hasOwn(profile.points, point) ? profile.points[point] : undefined;
  const refused = `${point} cannot be told to ${set.kind}`;
  if (spec?.write !== true || isSwitch(point) !== (set.kind === "switch")) return refused;
  const { field } = spec;
  if (set.kind !== "switch") {
    const value = numberOf(spec, set.share * full);
    return { field, value, messages: dialect.tell?.({ field, value, leaseMs }) ?? [] };
  }
  if (leaseMs === null && silent !== "hold" && set.on !== silent)
    return `${point} was to deviate without a lease`;
  return { field, value: set.on, messages: dialect.command({ field, on: set.on, leaseMs, silent }) };
}
