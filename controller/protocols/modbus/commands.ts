// Commands as writes: which registers, in which order, and what must be read back to believe it. Leases are the
// device's own timers, so that a deviation ends by itself when nobody renews it. Pure; the client only sends.
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { Command } from "@gridwright/contract/ports.ts";
import type { ModbusProfile, RegisterPoint } from "@gridwright/contract/profile.ts";
import type { LimitRegisters } from "../sunspec/resolve.ts";
import { type Encoding, encode, fits } from "./codec.ts";
import type { Span } from "./plan.ts";

export type Write =
  /** Function 5; a raw value that is neither on (0xff00) nor off (0) is a vendor's timed command. */
  | { readonly function: 5; readonly address: number; readonly raw: number }
  | { readonly function: 6 | 16; readonly address: number; readonly words: readonly number[] }
  | { readonly function: 15; readonly address: number; readonly bits: readonly number[] };

export interface CommandPlan {
  readonly writes: readonly Write[];
  /** The command counts as done when these words are read. */
  readonly verify: readonly { readonly span: Span; readonly words: readonly number[] }[];
}

const COIL_ON = 0xff00;
/** RvrtTms is a uint16 whose 0xffff means «not implemented». */
const SECONDS_MAX = 0xfffe;

const refuse = (point: string, why: string): GridwrightError =>
  new GridwrightError("internal", `${point} cannot be commanded: ${why}`);

const valueOfSetting = ({ set, full = 1 }: Command): number | boolean =>
  set.kind === "switch" ? set.on : set.share * full;

function wordsFor(point: string, encoding: Encoding, value: number | boolean): readonly number[] {
  if (!fits(encoding, value)) throw refuse(point, `${value} does not fit its register`);
  return encode(encoding, value);
}

function plainWrite(code: 5 | 6 | 15 | 16, address: number, words: readonly number[]): Write {
  if (code === 5) return { function: 5, address, raw: words[0] === 0 ? 0 : COIL_ON };
  return code === 15 ? { function: 15, address, bits: words } : { function: code, address, words };
}

interface Target {
  readonly point: string;
  readonly spec: RegisterPoint;
  /** Addresses after the first channel's. */
  readonly offset: number;
}

/** The register behind `relay_3` or `power_limit`. Throws `internal` where the profile has no such point. */
function targetOf(profile: ModbusProfile, point: string): Target {
  const exact = profile.points[point];
  if (exact !== undefined && exact.repeat === undefined) return { point, spec: exact, offset: 0 };
  const [, base = "", channel] = /^(.*)_([1-9]\d*)$/.exec(point) ?? [];
  const spec = profile.points[base];
  const index = Number(channel) - 1;
  if (spec?.repeat === undefined || !(index < spec.repeat.count))
    throw refuse(point, `profile ${profile.profile} has no such point`);
  return { point, spec, offset: index * spec.repeat.stride };
}

/** How the register behind `relay_3` or `power_limit` is written; undefined: it is not. */
export function writeRuleOf(profile: ModbusProfile, point: string): RegisterPoint["write"] {
  const spec = profile.points[point] ?? profile.points[point.replace(/_\d+$/, "")];
  return spec?.write;
}

function timedWrites({ point, spec, offset }: Target, words: readonly number[], leaseMs: number): Write[] {
  const { write } = spec;
  if (write?.lease === undefined) throw refuse(point, "its device counts no lease");
  const { lease } = write;
  const plain = plainWrite(write.function, (write.address ?? spec.address) + offset, words);
  if (lease.kind === "revert") {
    const seconds = Math.min(lease.secondsMax, Math.max(1, Math.ceil(leaseMs / 1_000)));
    const timer: Write = { function: 16, address: lease.address, words: [seconds] };
    const enable: Write[] =
      lease.enableAddress === undefined ? [] : [{ function: 16, address: lease.enableAddress, words: [1] }];
    return [plain, timer, ...enable];
  }
  const units = Math.min(lease.unitsMax, Math.max(1, Math.ceil(leaseMs / lease.unitMs)));
  const address = (words[0] === 0 ? lease.offAddress : lease.onAddress) + offset;
  return [{ function: 5, address, raw: units }];
}

/**
 * The writes of a command to a device with a register profile. A lease longer than the device can count is cut to its
 * longest; a device without a timer of its own is written plainly. Throws `internal` for a point that cannot be written.
 */
export function planCommand(profile: ModbusProfile, command: Command): CommandPlan {
  const { point, leaseMs } = command;
  const target = targetOf(profile, point);
  const { spec, offset } = target;
  if (spec.write === undefined) throw refuse(point, "the profile does not say how to write it");
  const value = valueOfSetting(command);
  const { limits } = spec.write;
  if (limits !== undefined && typeof value === "number" && (value < limits[0] || value > limits[1]))
    throw refuse(point, `its profile allows ${limits[0]} to ${limits[1]}, not ${value}`);
  const words = wordsFor(point, spec, value);
  const timed = leaseMs !== null && spec.write.lease !== undefined;
  const address = (spec.write.address ?? spec.address) + offset;
  const writes = timed
    ? timedWrites(target, words, leaseMs)
    : [plainWrite(spec.write.function, address, words)];
  const span = { table: spec.table, address: spec.address + offset, count: words.length };
  return { writes, verify: [{ span, words }] };
}

/** What the device says before a limit is set. */
export interface LimitState {
  /** The power of ten of its value. */
  readonly scaleFactor: number;
  /** What stands in the register that arms it; needed where only some of its bits do. */
  readonly enabled?: number;
}

type Place = readonly [address: number | undefined, words: readonly number[]];

/** What acts when the timer has ended: the share that the device is to keep to, or nothing. */
function afterwards(
  { revertToAt, enableAfterAt }: LimitRegisters,
  { point, set, revertTo }: Command,
  wordsOf: (share: number) => readonly number[],
): readonly Place[] {
  if (revertTo !== undefined && (revertToAt === undefined || enableAfterAt === undefined))
    throw new GridwrightError("modbus-exception", `this device keeps no value of ${point} by itself`);
  // A setpoint ends at rest even where a device takes the old value for the one that acts after its time.
  const share = revertTo ?? (set.kind === "setpoint" ? 0 : undefined);
  return [
    ...(share === undefined ? [] : [[revertToAt, wordsOf(share)] as const]),
    [enableAfterAt, [revertTo === undefined ? 0 : 1]],
  ];
}

/**
 * The writes of a SunSpec limit, in the order that arms it last: value, what acts after its time, timer, switch.
 * Full power without a lease switches the limit off; so does a setpoint of nothing. Throws `modbus-exception` where the
 * device is to keep a share and has no place for it.
 */
export function planLimit(
  limit: LimitRegisters,
  command: Command,
  { scaleFactor, enabled = 0 }: LimitState,
): CommandPlan {
  const { register, revertAt, revertWords = 1, modeAt, enableAt, enableMask } = limit;
  const { point, set, leaseMs } = command;
  if (set.kind === "switch") throw refuse(point, "it takes a limit, not a switch");
  const wordsOf = (share: number) =>
    wordsFor(point, { ...register.encoding, scale: 10 ** scaleFactor }, share);
  const rest = set.kind === "limit" ? 1 : 0;
  const acts = set.share !== rest || leaseMs !== null;
  // Bits of another limit stay as they are; a switch of its own is 1 or 0.
  const others = enableMask === undefined ? 0 : enabled & ~enableMask;
  const seconds = leaseMs === null ? 0 : Math.min(SECONDS_MAX, Math.max(1, Math.ceil(leaseMs / 1_000)));
  const timer: Place = [revertAt, revertWords === 2 ? [0, seconds] : [seconds]];
  const after = afterwards(limit, command, wordsOf);
  const value: Place = [register.address, wordsOf(set.share)];
  const mode: Place = [modeAt, [0]];
  const armed: Place = [enableAt, [others | (acts ? (enableMask ?? 1) : 0)]];
  // A timer that another limit still needs is not stopped.
  const timed = leaseMs === null && others !== 0 ? [] : [timer];
  const known = (places: readonly Place[]) =>
    places.flatMap(([address, words]) => (address === undefined ? [] : [{ address, words }]));
  return {
    writes: known([value, mode, ...after, ...timed, armed]).map((one) => ({ function: 16, ...one })),
    verify: known([value, mode, ...after, armed]).map(({ address, words }) => ({
      span: { table: "holding", address, count: words.length },
      words,
    })),
  };
}
