// Joins a SunSpec profile with the models that a device has: `103:W` becomes an address with its scale factor, and a
// limit the three registers that it takes to set it. What the device does not have is listed as missing.
import { parsePointName } from "@gridwright/contract/points.ts";
import type { SunspecPoint, SunspecProfile } from "@gridwright/contract/profile.ts";
import type { Register } from "../modbus/registers.ts";
import { CONTROLS, type SunspecControl } from "./controls.ts";
import type { Discovered } from "./discovery.ts";
import { fieldEncoding, findField, MODEL_HEAD, type SunspecField } from "./models.ts";

/** Where a limit is set: value (with its scale factor), the device's own timer in seconds, and the switch that arms it. */
export interface LimitRegisters {
  readonly register: Register;
  readonly revertAt?: number;
  /** Registers of that timer; 1 unless told. */
  readonly revertWords?: 1 | 2;
  /** The share that acts after the timer, encoded as the value itself. */
  readonly revertToAt?: number;
  /** Where 0 says that after the timer nothing acts, 1 that share. */
  readonly enableAfterAt?: number;
  /** Where 0 says that the value is a share. */
  readonly modeAt?: number;
  readonly enableAt?: number;
  /** The bits of `enableAt` that arm this limit; none: all of it. Others belong to a limit with the same timer. */
  readonly enableMask?: number;
}

export interface Resolved {
  readonly registers: readonly Register[];
  /** By point. */
  readonly limits: Readonly<Record<string, LimitRegisters>>;
  /** Points of the profile that this device does not have. */
  readonly missing: readonly string[];
}

export interface Located {
  readonly address: number;
  readonly field: SunspecField;
  readonly scaleAt?: number;
}

/** Finds a field in the models of a device, whose tables may be shorter than ours; undefined: it is not there. */
export function locate(reference: string, found: Discovered): Located | undefined {
  const known = findField(reference);
  const place = found.models.find(({ id }) => id === known?.model.id);
  if (known === undefined || place === undefined) return undefined;
  const { field, model, offset } = known;
  if (offset + field.count > place.length + MODEL_HEAD) return undefined;
  const scale = field.scaleFactor === undefined ? undefined : model.fields[field.scaleFactor];
  const at = { address: place.address + offset, field };
  return scale === undefined ? at : { ...at, scaleAt: place.address + scale.offset };
}

const addressOf = (reference: string | undefined, found: Discovered): number | undefined =>
  reference === undefined ? undefined : locate(reference, found)?.address;

/** The first of the references that this device has. */
const firstOf = (spec: SunspecPoint, found: Discovered): string | undefined =>
  spec.sunspec.find((reference) => locate(reference, found) !== undefined);

/** The switch and timer of a control: what the models say of it, else what the profile says. */
function controlOf(spec: SunspecPoint, found: Discovered): SunspecControl {
  return CONTROLS[firstOf(spec, found) ?? ""] ?? spec.write ?? {};
}

function registerOf(point: string, spec: SunspecPoint, found: Discovered): Register | undefined {
  const reference = firstOf(spec, found);
  const located = reference === undefined ? undefined : locate(reference, found);
  const encoding = located && fieldEncoding(located.field);
  if (located === undefined || encoding === undefined) return undefined;
  const { enable, mask } = spec.write === undefined ? {} : controlOf(spec, found);
  const enableAt = addressOf(enable, found);
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
    ...(mask !== undefined && { enableMask: mask }),
  };
}

function limitOf(
  { enable, mask, revert, ...after }: SunspecControl,
  found: Discovered,
): Omit<LimitRegisters, "register"> {
  const timer = revert === undefined ? undefined : locate(revert, found);
  const revertToAt = addressOf(after.revertTo, found);
  const enableAfterAt = addressOf(after.enableAfter, found);
  const [modeAt, enableAt] = [addressOf(after.mode, found), addressOf(enable, found)];
  return {
    ...(timer && { revertAt: timer.address, ...(timer.field.count === 2 && { revertWords: 2 as const }) }),
    ...(revertToAt !== undefined && { revertToAt }),
    ...(enableAfterAt !== undefined && { enableAfterAt }),
    ...(modeAt !== undefined && { modeAt }),
    ...(enableAt !== undefined && { enableAt }),
    ...(mask !== undefined && { enableMask: mask }),
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
    limits[point] = { register, ...limitOf(controlOf(spec, found), found) };
  }
  return { registers, limits, missing };
}
