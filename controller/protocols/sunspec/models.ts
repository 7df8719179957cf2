// The SunSpec models that gridwright uses, from compact tables (tables/*): name, type, scale factor or fixed power of
// ten, rw. Offsets follow from the sizes. Facts from the SunSpec information models (github.com/sunspec/models); a test
// compares them where they are.
import type { RegisterType } from "@gridwright/contract/profile.ts";
import type { Encoding } from "../modbus/codec.ts";
import * as battery from "./tables/battery.ts";
import * as der from "./tables/der.ts";
import * as inverter from "./tables/inverter.ts";
import * as meter from "./tables/meter.ts";
import * as weather from "./tables/weather.ts";

export interface SunspecField {
  readonly name: string;
  /** Registers after the model's first one, its ID. */
  readonly offset: number;
  readonly type: string;
  readonly count: number;
  /** The field that holds the power of ten. */
  readonly scaleFactor?: string;
  /** The power of ten, where the model fixes it. */
  readonly power?: number;
  readonly writable: boolean;
}
type Fields = Readonly<Record<string, SunspecField>>;

export interface SunspecModel {
  readonly id: number;
  /** Registers after ID and L, without repeated blocks. */
  readonly length: number;
  readonly fields: Fields;
  /** A block that repeats until L is used up; offsets count from the block's first register. */
  readonly block?: { readonly length: number; readonly fields: Fields };
}

/** Registers before a model's first field: its ID and its length. */
export const MODEL_HEAD = 2;

const COMMON = `
  Mn string16, Md string16, Opt string8, Vr string8, SN string16, DA uint16 rw, Pad pad
`;

interface Word {
  readonly count: number;
  readonly type: RegisterType;
  /** The raw value that means «not implemented», word by word. */
  readonly missing: readonly number[];
}
const WORDS: Readonly<Record<string, Word>> = {
  uint16: { count: 1, type: "uint16", missing: [0xffff] },
  enum16: { count: 1, type: "uint16", missing: [0xffff] },
  bitfield16: { count: 1, type: "uint16", missing: [0xffff] },
  count: { count: 1, type: "uint16", missing: [0xffff] },
  int16: { count: 1, type: "int16", missing: [0x8000] },
  sunssf: { count: 1, type: "int16", missing: [0x8000] },
  pad: { count: 1, type: "int16", missing: [0x8000] },
  uint32: { count: 2, type: "uint32", missing: [0xffff, 0xffff] },
  bitfield32: { count: 2, type: "uint32", missing: [0xffff, 0xffff] },
  int32: { count: 2, type: "int32", missing: [0x8000, 0] },
  float32: { count: 2, type: "float32", missing: [0x7fc0, 0] },
  acc32: { count: 2, type: "uint32", missing: [0, 0] },
  uint64: { count: 4, type: "uint64", missing: [0xffff, 0xffff, 0xffff, 0xffff] },
  acc64: { count: 4, type: "uint64", missing: [0, 0, 0, 0] },
};

const sizeOf = (type: string): number => WORDS[type]?.count ?? Number(type.replace("string", ""));

/** The words by which a field says «not implemented». */
export const missingWords = ({ type, count }: SunspecField): readonly number[] =>
  WORDS[type]?.missing ?? Array.from({ length: count }, () => 0);

/** How a numeric field stands in its registers, without the device's own scale; undefined for a string. */
export function fieldEncoding({ type, power = 0 }: SunspecField): Encoding | undefined {
  const word = WORDS[type];
  if (word === undefined) return undefined;
  const missing = Number(word.missing.reduce((sum, part) => (sum << 16n) | BigInt(part), 0n));
  return { type: word.type, words: "big", scale: 10 ** power, unit: "1", sign: 1, sentinels: [missing] };
}

function fieldsOf(table: string, start: number): { readonly fields: Fields; readonly end: number } {
  const fields: Record<string, SunspecField> = {};
  let offset = start;
  for (const row of table.split(",")) {
    const [name = "", type = "", ...rest] = row.trim().split(" ");
    const scale = rest.find((word) => word !== "rw");
    const fixed = scale !== undefined && Number.isInteger(Number(scale));
    const count = sizeOf(type);
    const writable = rest.includes("rw");
    const scaled = fixed ? { power: Number(scale) } : { ...(scale && { scaleFactor: scale }) };
    fields[name] = { name, offset, type, count, writable, ...scaled };
    offset += count;
  }
  return { fields, end: offset };
}

/** A model of these tables; one without fields of its own is nothing but blocks. */
function model(id: number, table: string | undefined, blockTable?: string): SunspecModel {
  const { fields, end } = table === undefined ? { fields: {}, end: MODEL_HEAD } : fieldsOf(table, MODEL_HEAD);
  const head = { id, length: end - MODEL_HEAD, fields };
  if (blockTable === undefined) return head;
  const block = fieldsOf(blockTable, 0);
  return { ...head, block: { length: block.end, fields: block.fields } };
}

/** Meters of several phases name their line voltages otherwise than the single-phase one. */
const METER_PHASES = meter.METER.replaceAll(/PPVph(AB|BC|CA)/g, "PhVph$1");

/** Model id → its table. */
export const SUNSPEC_MODELS: ReadonlyMap<number, SunspecModel> = new Map(
  [
    model(1, COMMON),
    ...[101, 102, 103].map((id) => model(id, inverter.INVERTER)),
    ...[111, 112, 113].map((id) => model(id, inverter.INVERTER_FLOAT)),
    model(120, inverter.NAMEPLATE),
    model(121, inverter.SETTINGS),
    model(122, inverter.STATUS),
    model(123, inverter.CONTROLS),
    model(124, inverter.STORAGE),
    model(160, inverter.MPPT, inverter.MPPT_MODULE),
    model(201, meter.METER),
    ...[202, 203, 204].map((id) => model(id, METER_PHASES)),
    ...[211, 212, 213, 214].map((id) => model(id, meter.METER_FLOAT)),
    model(302, undefined, weather.IRRADIANCE),
    model(303, undefined, weather.MODULE_TEMPERATURE),
    model(304, undefined, weather.INCLINOMETER),
    model(305, weather.LOCATION),
    model(306, weather.REFERENCE_POINT),
    model(307, weather.WEATHER),
    model(701, der.DER_MEASURE),
    model(702, der.DER_CAPACITY),
    model(703, der.DER_ENTER),
    model(704, der.DER_CONTROLS),
    model(713, der.DER_STORAGE),
    model(714, der.DER_DC, der.DER_DC_PORT),
    model(802, battery.BATTERY),
    model(803, battery.LITHIUM_BANK, battery.LITHIUM_STRING),
  ].map((entry) => [entry.id, entry]),
);

export interface SunspecReference {
  readonly model: SunspecModel;
  readonly field: SunspecField;
  /** Registers after the model's ID: for a block, counted through those before it. */
  readonly offset: number;
}

/** Looks `103:W` up, or `160:2:DCW` in the second block; undefined when no table has it. */
export function findField(reference: string): SunspecReference | undefined {
  const [id, ...rest] = reference.split(":");
  const found = SUNSPEC_MODELS.get(Number(id));
  const name = rest.at(-1) ?? "";
  if (found === undefined) return undefined;
  if (rest.length < 2) {
    const field = found.fields[name];
    return field && { model: found, field, offset: field.offset };
  }
  const [block, field] = [found.block, found.block?.fields[name]];
  if (block === undefined || field === undefined) return undefined;
  const before = MODEL_HEAD + found.length + (Number(rest[0]) - 1) * block.length;
  return { model: found, field, offset: before + field.offset };
}
