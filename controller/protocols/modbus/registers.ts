// What is read of one device and what it means: the registers of a poll class, and the samples that come of their
// words. Modbus profiles and SunSpec devices give the same shape, so that the client knows one way to poll.
import { parsePointName } from "@gridwright/contract/points.ts";
import type { Sample } from "@gridwright/contract/ports.ts";
import type { ModbusProfile, PollClass, RegisterPoint } from "@gridwright/contract/profile.ts";
import { decode, type Encoding, wordCount } from "./codec.ts";
import type { Span } from "./plan.ts";

export interface Register extends Span {
  readonly point: string;
  readonly poll: PollClass;
  readonly encoding: Encoding;
  readonly value: "number" | "switch";
  readonly absentWhen?: RegisterPoint["absentWhen"];
  readonly range?: RegisterPoint["range"];
  readonly sentinelValue?: number;
  /** SunSpec: where the power of ten stands. */
  readonly scaleAt?: number;
  /** SunSpec: while this register is 0 the value does not act: a limit counts as 1, a setpoint as 0. */
  readonly enableAt?: number;
  /** The bits of that register that count; all unless told. */
  readonly enableMask?: number;
  /** Registers with the same name change together and are read in one answer. */
  readonly sync?: string;
  /** What the device's «no value» means: a sensor's fault, or that it is not built in. */
  readonly missing: "sentinel" | "not-fitted";
}

/** Sums of points, by the point they give; `-name` is taken away. */
export type Sums = Readonly<Record<string, readonly string[]>>;

/** Words of a span; undefined where the device refuses it. */
export type WordsAt = (span: Span) => readonly number[] | undefined;

const kindOf = (point: string): "number" | "switch" => parsePointName(point)?.kind.value ?? "number";

/** The registers of a profile, channels expanded: `relay_1` … */
export function registersOf(profile: ModbusProfile): readonly Register[] {
  return Object.entries(profile.points).flatMap(([name, spec]) => {
    const { count, stride } = spec.repeat ?? { count: 1, stride: 1 };
    return Array.from({ length: count }, (_, index): Register => {
      const point = spec.repeat === undefined ? name : `${name}_${index + 1}`;
      return {
        point,
        poll: spec.poll,
        table: spec.table,
        address: spec.address + index * stride,
        count: wordCount(spec.type),
        encoding: spec,
        value: kindOf(point),
        missing: "sentinel",
        ...(spec.absentWhen && { absentWhen: spec.absentWhen }),
        ...(spec.sync !== undefined && { sync: spec.sync }),
        ...(spec.range && { range: spec.range }),
        ...(spec.sentinelValue !== undefined && { sentinelValue: spec.sentinelValue }),
      };
    });
  });
}

const oneWord = (register: Register, address: number): Span => ({ table: register.table, address, count: 1 });

/** Most registers that the standard allows in one read. */
const REGISTERS_MAX = 125;

const partsOf = (register: Register): readonly Span[] => [
  { table: register.table, address: register.address, count: register.count },
  ...[register.scaleAt, register.enableAt].flatMap((address) =>
    address === undefined ? [] : [oneWord(register, address)],
  ),
];

const endOf = ({ address, count }: Span): number => address + count;

/** One span over all parts, so that no plan can tear them apart; the parts alone where one answer cannot hold them. */
function together(parts: readonly Span[], registersMax: number): readonly Span[] {
  const [first] = parts;
  if (first === undefined || parts.some(({ table }) => table !== first.table)) return parts;
  const address = Math.min(...parts.map((part) => part.address));
  const count = Math.max(...parts.map(endOf)) - address;
  return count > registersMax ? parts : [{ table: first.table, address, count }];
}

/**
 * All that must be read for these registers: each with its scale factor and enable, and all of one `sync` name, in one
 * answer.
 */
export function spansOf(registers: readonly Register[], registersMax = REGISTERS_MAX): readonly Span[] {
  const groups = Map.groupBy(registers, ({ sync, point }) =>
    sync === undefined ? `point ${point}` : `sync ${sync}`,
  );
  return [...groups.values()].flatMap((group) => together(group.flatMap(partsOf), registersMax));
}

/** Largest power of ten of the SunSpec specification; 0x8000 («not implemented») lies far outside. */
const POWER_MAX = 10;

/** The power of ten in a scale factor register; undefined where the device does not give one. */
export function powerOfTen(raw: number | undefined): number | undefined {
  if (raw === undefined) return undefined;
  const power = raw > 0x7fff ? raw - 0x1_0000 : raw;
  return Math.abs(power) > POWER_MAX ? undefined : power;
}

const absent = (point: string, reason: "not-available" | "not-fitted"): Sample => ({ point, absent: reason });

/** The encoding with the scale that the device itself gives; undefined: the device does not have the value. */
function scaled(register: Register, wordsAt: WordsAt): Encoding | undefined {
  const { encoding, scaleAt } = register;
  if (scaleAt === undefined) return encoding;
  const power = powerOfTen(wordsAt(oneWord(register, scaleAt))?.[0]);
  return power === undefined ? undefined : { ...encoding, scale: encoding.scale * 10 ** power };
}

function within({ point, range }: Register, value: number | boolean): Sample {
  const outside = typeof value === "number" && range !== undefined && (value < range[0] || value > range[1]);
  return outside ? { point, bad: "out-of-range", raw: value } : { point, value };
}

/** What a control that is switched off counts as: a limit as none, a setpoint as rest. */
const IDLE: Readonly<Record<string, number>> = { battery_setpoint: 0 };

function sampleOf(register: Register, wordsAt: WordsAt): Sample {
  const { point, enableAt, enableMask = 0xffff } = register;
  const words = wordsAt(register);
  const encoding = scaled(register, wordsAt);
  if (words === undefined || encoding === undefined) return absent(point, "not-fitted");
  const armed = enableAt === undefined ? undefined : wordsAt(oneWord(register, enableAt))?.[0];
  const idle = armed !== undefined && (armed & enableMask) === 0;
  if (idle) return { point, value: IDLE[point] ?? 1 };
  const decoded = decode(encoding, words, register.value);
  if (decoded.kind === "value") return within(register, decoded.value);
  if (decoded.kind === "not-a-number") return { point, bad: "not-a-number", raw: decoded.raw };
  if (register.sentinelValue !== undefined) return { point, value: register.sentinelValue };
  return register.missing === "sentinel"
    ? { point, bad: "sentinel", raw: decoded.raw }
    : absent(point, register.missing);
}

/** The point of a summand, and whether it is added or taken away. */
export const summandOf = (summand: string): readonly [point: string, sign: 1 | -1] =>
  summand.startsWith("-") ? [summand.slice(1), -1] : [summand, 1];

function sumOf(point: string, parts: readonly string[], samples: ReadonlyMap<string, Sample>): Sample {
  let total = 0;
  for (const summand of parts) {
    const [part, sign] = summandOf(summand);
    const sample = samples.get(part);
    if (sample === undefined) return absent(point, "not-available");
    if (!("value" in sample)) return { ...sample, point };
    total += sign * Number(sample.value);
  }
  return { point, value: Number(total.toPrecision(15)) };
}

/** The samples of registers that were read together, with the sums of them. */
export function samplesOf(registers: readonly Register[], sums: Sums, wordsAt: WordsAt): readonly Sample[] {
  const samples = new Map(registers.map((register) => [register.point, sampleOf(register, wordsAt)]));
  const judged = new Map(samples);
  for (const { point, absentWhen } of registers) {
    if (absentWhen === undefined) continue;
    const witness = samples.get(absentWhen.point);
    if (witness !== undefined && "value" in witness && Number(witness.value) === absentWhen.equals)
      judged.set(point, absent(point, "not-available"));
  }
  for (const [point, parts] of Object.entries(sums))
    if (parts.some((part) => judged.has(summandOf(part)[0]))) judged.set(point, sumOf(point, parts, judged));
  return [...judged.values()];
}
