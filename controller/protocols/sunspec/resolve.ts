// Joins a SunSpec profile with the models that a device has: `103:W` becomes an address with its scale factor, and a
// limit the three registers that it takes to set it. What the device does not have is listed as missing.
import { parsePointName } from "@gridwright/contract/points.ts";
import type { SunspecPoint, SunspecProfile } from "@gridwright/contract/profile.ts";
import type { Register } from "../modbus/registers.ts";
import type { Discovered } from "./discovery.ts";
import { fieldEncoding, findField, type SunspecField } from "./models.ts";

/** Where a limit is set: value (with its scale factor), the device's own timer in seconds, and the switch that arms it. */
export interface LimitRegisters {
  readonly register: Register;
  readonly revertAt?: number;
  readonly enableAt?: number;
}

export interface Resolved {
  readonly registers: readonly Register[];
  /** By point. */
  readonly limits: Readonly<Record<string, LimitRegisters>>;
  /** Points of the profile that this device does not have. */
  readonly missing: readonly string[];
}

interface Located {
  readonly address: number;
  readonly field: SunspecField;
  readonly scaleAt?: number;
}

/** Finds a field in the models of a device, whose tables may be shorter than ours; undefined: it is not there. */
function locate(reference: string, found: Discovered): Located | undefined {
  const known = findField(reference);
  const place = found.models.find(({ id }) => id === known?.model.id);
  if (known === undefined || place === undefined) return undefined;
  const { field, model } = known;
  if (field.offset + field.count > place.length + 2) return undefined;
  const scale = field.scaleFactor === undefined ? undefined : model.fields[field.scaleFactor];
  const at = { address: place.address + field.offset, field };
  return scale === undefined ? at : { ...at, scaleAt: place.address + scale.offset };
}

const addressOf = (reference: string | undefined, found: Discovered): number | undefined =>
  reference === undefined ? undefined : locate(reference, found)?.address;

function registerOf(point: string, spec: SunspecPoint, found: Discovered): Register | undefined {
  const located = spec.sunspec
    .map((reference) => locate(reference, found))
    .find((place) => place !== undefined);
  const encoding = located && fieldEncoding(located.field);
  if (located === undefined || encoding === undefined) return undefined;
  const enableAt = addressOf(spec.write?.enable, found);
  return {
    point,
    poll: spec.poll,
    table: "holding",
    address: located.address,
    count: located.field.count,
    encoding: { ...encoding, unit: spec.unit, sign: spec.sign },
    value: parsePointName(point)?.kind.value ?? "number",
    missing: "not-fitted",
    ...(located.scaleAt !== undefined && { scaleAt: located.scaleAt }),
    ...(enableAt !== undefined && { enableAt }),
  };
}

/** The registers of a profile on a device with these models. */
export function resolve(profile: SunspecProfile, found: Discovered): Resolved {
  const registers: Register[] = [];
  const limits: Record<string, LimitRegisters> = {};
  const missing: string[] = [];
  for (const [point, spec] of Object.entries(profile.points)) {
    const register = registerOf(point, spec, found);
    if (register === undefined) {
      missing.push(point);
      continue;
    }
    registers.push(register);
    if (spec.write === undefined) continue;
    const [revertAt, enableAt] = [addressOf(spec.write.revert, found), addressOf(spec.write.enable, found)];
    limits[point] = {
      register,
      ...(revertAt !== undefined && { revertAt }),
      ...(enableAt !== undefined && { enableAt }),
    };
  }
  return { registers, limits, missing };
}
