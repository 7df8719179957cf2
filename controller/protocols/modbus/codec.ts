// Register words ↔ values, as a profile describes them: type, word order, scale, unit, sign, sentinels.
// The client decodes what it reads with it, the twin encodes what it answers: one table, two directions.
// It must not judge plausibility: quality rules stand in core/observe.
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { PROFILE_UNITS, type RegisterPoint, type RegisterType } from "@gridwright/contract/profile.ts";

/** What a codec needs to know of a register. */
export type Encoding = Pick<
  RegisterPoint,
  "type" | "words" | "scale" | "unit" | "sign" | "sentinels" | "mask" | "above" | "trueWhen" | "falseWhen"
>;

export type Decoded =
  | { readonly kind: "value"; readonly value: number | boolean }
  /** The device says that it has no value. */
  | { readonly kind: "sentinel"; readonly raw: number }
  | { readonly kind: "not-a-number"; readonly raw: string };

interface Shape {
  /** Registers it takes; a bool takes one coil or one register. */
  readonly count: 1 | 2 | 4;
  readonly min: number;
  readonly max: number;
}

const SHAPES: Readonly<Record<RegisterType, Shape>> = {
  bool: { count: 1, min: 0, max: 1 },
  uint16: { count: 1, min: 0, max: 0xffff },
  int16: { count: 1, min: -0x8000, max: 0x7fff },
  uint32: { count: 2, min: 0, max: 0xffff_ffff },
  int32: { count: 2, min: -0x8000_0000, max: 0x7fff_ffff },
  uint64: { count: 4, min: 0, max: Number.MAX_SAFE_INTEGER },
  int64: { count: 4, min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER },
  float32: { count: 2, min: -3.4028234663852886e38, max: 3.4028234663852886e38 },
};

/** Registers (or coils) that a value of this type takes. */
export const wordCount = (type: RegisterType): number => SHAPES[type].count;

const scratch = new DataView(new ArrayBuffer(4));

/** A float32 knows seven digits; more are noise of the conversion. */
const FLOAT_DIGITS = 8;

function floatOf(bits: number): number {
  scratch.setUint32(0, bits);
  return Number(scratch.getFloat32(0).toPrecision(FLOAT_DIGITS));
}

function bitsOfFloat(value: number): bigint {
  scratch.setFloat32(0, value);
  return BigInt(scratch.getUint32(0));
}

const highFirst = (encoding: Pick<Encoding, "words">, words: readonly number[]): readonly number[] =>
  encoding.words === "big" ? words : words.toReversed();

const unsignedOf = (words: readonly number[]): bigint =>
  words.reduce((sum, word) => (sum << 16n) | BigInt(word & 0xffff), 0n);

function wordsOf(encoding: Encoding, unsigned: bigint): readonly number[] {
  const { count } = SHAPES[encoding.type];
  const words = Array.from({ length: count }, (_, index) =>
    Number((unsigned >> BigInt(16 * (count - 1 - index))) & 0xffffn),
  );
  return highFirst(encoding, words);
}

const isSigned = (type: RegisterType): boolean => type.startsWith("int");

function numberOf(type: RegisterType, unsigned: bigint): number {
  if (type === "float32") return floatOf(Number(unsigned));
  return Number(isSigned(type) ? BigInt.asIntN(16 * wordCount(type), unsigned) : unsigned);
}

/** Removes what binary fractions add (2305 × 0.1) and negative zero. */
const tidy = (value: number): number => Number(value.toPrecision(15)) + 0;

const masked = ({ mask }: Encoding, unsigned: bigint): bigint =>
  mask === undefined ? unsigned : unsigned & BigInt(mask);

const factorOf = ({ scale, unit, sign }: Encoding): number => scale * (PROFILE_UNITS[unit] ?? 1) * sign;

function isOn({ trueWhen, falseWhen }: Encoding, raw: number): boolean {
  if (falseWhen !== undefined) return !falseWhen.includes(raw);
  return trueWhen === undefined ? raw !== 0 : raw === trueWhen;
}

/**
 * The value in `words`, in the point's own unit and sign; a switch gives a boolean.
 * Throws `internal` when the number of words does not fit the type: the planner cut a value.
 */
export function decode(
  encoding: Encoding,
  words: readonly number[],
  value: "number" | "switch" = "number",
): Decoded {
  if (words.length !== wordCount(encoding.type))
    throw new GridwrightError("internal", `${encoding.type} given ${words.length} words`);
  const unsigned = unsignedOf(highFirst(encoding, words));
  if (encoding.sentinels.includes(Number(unsigned))) return { kind: "sentinel", raw: Number(unsigned) };
  const raw = numberOf(encoding.type, masked(encoding, unsigned));
  if (!Number.isFinite(raw)) return { kind: "not-a-number", raw: String(raw) };
  const scaled = tidy(raw * factorOf(encoding));
  if (encoding.above !== undefined) return { kind: "value", value: scaled > encoding.above };
  const isSwitch = value === "switch" || encoding.type === "bool";
  return { kind: "value", value: isSwitch ? isOn(encoding, raw) : scaled };
}

function rawOf(encoding: Encoding, value: number | boolean): number {
  if (typeof value === "number") return value / factorOf(encoding);
  const set = encoding.mask ?? 1;
  const yes = encoding.trueWhen ?? set;
  if (value) return yes;
  return encoding.falseWhen?.[0] ?? (yes === 0 ? set : 0);
}

/** Whether `value` (in the point's unit) can be written without being clamped. */
export function fits(encoding: Encoding, value: number | boolean): boolean {
  const raw = rawOf(encoding, value);
  const { min, max } = SHAPES[encoding.type];
  return Number.isFinite(raw) && Math.round(raw) >= min && Math.round(raw) <= max;
}

/**
 * The words of `value` (in the point's own unit and sign), rounded and clamped to the type's range.
 * Throws `internal` for NaN and infinities: unknown is no number.
 */
export function encode(encoding: Encoding, value: number | boolean): readonly number[] {
  const wanted = rawOf(encoding, value);
  if (Number.isNaN(wanted)) throw new GridwrightError("internal", `cannot encode ${value}`);
  const { min, max, count } = SHAPES[encoding.type];
  const raw = Math.min(max, Math.max(min, wanted));
  if (encoding.type === "float32") return wordsOf(encoding, bitsOfFloat(raw));
  return wordsOf(encoding, BigInt.asUintN(16 * count, BigInt(Math.round(raw))));
}

/** The words by which this register says «no value»: its first sentinel, NaN for a float, else 0. */
export function encodeAbsent(encoding: Encoding): readonly number[] {
  const [sentinel] = encoding.sentinels;
  if (sentinel !== undefined) return wordsOf(encoding, BigInt(sentinel));
  return wordsOf(encoding, encoding.type === "float32" ? 0x7fc0_0000n : 0n);
}
