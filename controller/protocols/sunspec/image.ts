// A SunSpec device seen from inside: models and values become the registers that a client reads, and what a client
// writes comes back as values. The twin's inverters are made of this; it holds state, and does nothing by itself.
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { decode, encode } from "../modbus/codec.ts";
import { type RegisterImage, refusal } from "../modbus/server.ts";
import {
  fieldEncoding,
  MODEL_HEAD,
  missingWords,
  SUNSPEC_MODELS,
  type SunspecField,
  type SunspecModel,
} from "./models.ts";

export interface SunspecModelSpec {
  readonly id: number;
  /** By field: a number in the field's unit (scale factors as they are) or a text. Missing: not implemented. */
  readonly values: Readonly<Record<string, number | string>>;
  /** The repeated blocks of a model such as 160. */
  readonly blocks?: readonly Readonly<Record<string, number | string>>[];
}

export interface SunspecImageSpec {
  /** Address of the mark; 40000 unless told. */
  readonly base?: number;
  readonly models: readonly SunspecModelSpec[];
  /** Called after each accepted write with what it touched: `123:WMaxLimPct`. */
  readonly onWrite?: (references: readonly string[]) => void;
}

export interface SunspecImage extends RegisterImage {
  /** Sets `103:W` or, in a block, `160:1:DCW` (the first is 1); undefined: not implemented. Throws `internal` for an unknown name. */
  set(reference: string, value: number | string | undefined): void;
  /** The number that stands there now, in the field's unit; undefined: not implemented. */
  get(reference: string): number | undefined;
}

interface Place {
  readonly reference: string;
  readonly address: number;
  readonly field: SunspecField;
  /** The scale factor's own name. */
  readonly scale?: string;
}

const textWords = (text: string, count: number): number[] =>
  Array.from(
    { length: count },
    (_, index) => ((text.charCodeAt(index * 2) || 0) << 8) | (text.charCodeAt(index * 2 + 1) || 0),
  );

function placesOf(model: SunspecModel, address: number, blocks: number): Place[] {
  const scaleName = (field: SunspecField): { scale?: string } =>
    field.scaleFactor === undefined ? {} : { scale: `${model.id}:${field.scaleFactor}` };
  const fixed = Object.values(model.fields).map((field) => ({
    reference: `${model.id}:${field.name}`,
    address: address + field.offset,
    field,
    ...scaleName(field),
  }));
  const { block } = model;
  if (block === undefined) return fixed;
  const repeated = Array.from({ length: blocks }, (_, index) =>
    Object.values(block.fields).map((field) => ({
      reference: `${model.id}:${index + 1}:${field.name}`,
      address: address + MODEL_HEAD + model.length + index * block.length + field.offset,
      field,
      ...scaleName(field),
    })),
  );
  return [...fixed, ...repeated.flat()];
}

/** Where every field stands, and the words of mark, heads and end. */
function layout(base: number, specs: readonly SunspecModelSpec[]) {
  const words = new Map<number, number>([
    [base, 0x5375],
    [base + 1, 0x6e53],
  ]);
  const places: Place[] = [];
  let address = base + 2;
  for (const { id, blocks = [] } of specs) {
    const model = SUNSPEC_MODELS.get(id);
    if (model === undefined) throw new GridwrightError("internal", `no table of SunSpec model ${id}`);
    const length = model.length + blocks.length * (model.block?.length ?? 0);
    words.set(address, id).set(address + 1, length);
    places.push(...placesOf(model, address, blocks.length));
    address += MODEL_HEAD + length;
  }
  words.set(address, 0xffff).set(address + 1, 0);
  return { words, places: new Map(places.map((place) => [place.reference, place])) };
}

type Layout = ReturnType<typeof layout>;

function placeOf({ places }: Layout, reference: string): Place {
  const place = places.get(reference);
  if (place === undefined)
    throw new GridwrightError("internal", `this device has no SunSpec field ${reference}`);
  return place;
}

const wordsAt = ({ words }: Layout, { address, field }: Place): number[] =>
  Array.from({ length: field.count }, (_, index) => words.get(address + index) ?? 0);

function get(map: Layout, reference: string): number | undefined {
  const place = placeOf(map, reference);
  const encoding = fieldEncoding(place.field);
  if (encoding === undefined) return undefined;
  const power = place.scale === undefined ? 0 : get(map, place.scale);
  const decoded = decode({ ...encoding, scale: encoding.scale * 10 ** (power ?? 0) }, wordsAt(map, place));
  return decoded.kind === "value" && typeof decoded.value === "number" ? decoded.value : undefined;
}

function encodeField(map: Layout, place: Place, value: number | string | undefined): readonly number[] {
  const encoding = fieldEncoding(place.field);
  if (encoding === undefined) return textWords(typeof value === "string" ? value : "", place.field.count);
  if (typeof value !== "number") return missingWords(place.field);
  const power = place.scale === undefined ? 0 : (get(map, place.scale) ?? 0);
  return encode({ ...encoding, scale: encoding.scale * 10 ** power }, value);
}

function set(map: Layout, reference: string, value: number | string | undefined): void {
  const place = placeOf(map, reference);
  if (place.scale !== undefined && value !== undefined && get(map, place.scale) === undefined)
    set(map, place.scale, 0);
  for (const [index, word] of encodeField(map, place, value).entries())
    map.words.set(place.address + index, word);
}

function fill(map: Layout, specs: readonly SunspecModelSpec[]): void {
  for (const reference of map.places.keys()) set(map, reference, undefined);
  const entries = specs.flatMap(({ id, values, blocks = [] }) => [
    ...Object.entries(values).map(([name, value]) => [`${id}:${name}`, value] as const),
    ...blocks.flatMap((block, index) =>
      Object.entries(block).map(([name, value]) => [`${id}:${index + 1}:${name}`, value] as const),
    ),
  ]);
  // Scale factors first: values are written with them.
  entries.sort(([left], [right]) => Number(right.endsWith("_SF")) - Number(left.endsWith("_SF")));
  for (const [reference, value] of entries) set(map, reference, value);
}

/** The registers of a SunSpec device with these models, in this order. */
export function sunspecImage({ base = 40_000, models, onWrite }: SunspecImageSpec): SunspecImage {
  const map = layout(base, models);
  fill(map, models);
  const owner = new Map<number, Place>();
  for (const place of map.places.values())
    for (let index = 0; index < place.field.count; index++) owner.set(place.address + index, place);
  return {
    read(table, address, count) {
      const found = Array.from({ length: count }, (_, index) => map.words.get(address + index));
      const whole = found.filter((word) => word !== undefined);
      return table !== "holding" || whole.length < count ? refusal(2) : whole;
    },
    write(table, address, values) {
      const touched = values.map((_, index) => owner.get(address + index));
      if (table !== "holding" || touched.some((place) => place?.field.writable !== true)) return refusal(2);
      for (const [index, word] of values.entries()) map.words.set(address + index, word);
      onWrite?.([...new Set(touched.flatMap((place) => place?.reference ?? []))]);
      return undefined;
    },
    set: (reference, value) => set(map, reference, value),
    get: (reference) => get(map, reference),
  };
}
