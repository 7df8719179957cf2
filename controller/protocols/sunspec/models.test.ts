// Compares our tables with the published models, where those are beside the repository.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { decode } from "../modbus/codec.ts";
import { fieldEncoding, findField, missingWords, SUNSPEC_MODELS, type SunspecModel } from "./models.ts";

interface PublishedPoint {
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly sf?: string | number;
  readonly access?: string;
}
interface PublishedGroup {
  readonly name: string;
  /** Absent: it stands once. */
  readonly count?: number | string;
  readonly points: readonly PublishedPoint[];
  readonly groups?: readonly PublishedGroup[];
}

const folder = fileURLToPath(new URL("../../../../shared/sunspec/json/", import.meta.url));
const skip = existsSync(folder)
  ? false
  : "the SunSpec models (../shared/sunspec) are not beside this repository";

function rows(points: readonly PublishedPoint[], start: number): string[] {
  let offset = start;
  return points.map(({ name, type, size, sf, access }) => {
    const row = [
      name,
      offset,
      type === "string" ? `string${size}` : type,
      size,
      sf ?? "-",
      access === "RW",
    ].join(" ");
    offset += size;
    return row;
  });
}

const ours = (fields: SunspecModel["fields"]): string[] =>
  Object.values(fields).map((field) =>
    [
      field.name,
      field.offset,
      field.type,
      field.count,
      field.scaleFactor ?? field.power ?? "-",
      field.writable,
    ].join(" "),
  );

/** The fields of a model: its own, then those of groups that stand once, as group_point. */
const flat = ({ points, groups = [] }: PublishedGroup): readonly PublishedPoint[] => [
  ...points.slice(2),
  ...groups
    .filter(({ count }) => count === undefined)
    .flatMap((group) => group.points.map((point) => ({ ...point, name: `${group.name}_${point.name}` }))),
];

test("our tables are those of the published SunSpec models", { skip }, () => {
  for (const [id, model] of SUNSPEC_MODELS) {
    const text = readFileSync(new URL(`model_${id}.json`, `file://${folder}`), "utf8");
    const { group } = JSON.parse(text) as { group: PublishedGroup };
    assert.deepEqual(ours(model.fields), rows(flat(group), 2), `model ${id}`);
    const block = group.groups?.find(({ count }) => count !== undefined);
    assert.deepEqual(ours(model.block?.fields ?? {}), rows(block?.points ?? [], 0), `block of model ${id}`);
  }
});

test("models are as long as the handbook of each says", () => {
  const lengths = Object.fromEntries([...SUNSPEC_MODELS].map(([id, { length }]) => [id, length]));
  assert.deepEqual(lengths, {
    ...{ 1: 66, 101: 50, 102: 50, 103: 50, 111: 60, 112: 60, 113: 60 },
    ...{ 120: 26, 121: 30, 122: 44, 123: 24, 124: 24, 160: 8 },
    ...{ 201: 105, 202: 105, 203: 105, 204: 105, 211: 124, 212: 124, 213: 124, 214: 124 },
    ...{ 302: 0, 303: 0, 304: 0, 305: 36, 306: 4, 307: 11 },
    ...{ 701: 153, 702: 50, 703: 17, 704: 65, 713: 7, 714: 18, 802: 62, 803: 26 },
  });
  const blocks = [...SUNSPEC_MODELS].flatMap(([id, { block }]) => (block ? [[id, block.length]] : []));
  assert.deepEqual(Object.fromEntries(blocks), { 160: 20, 302: 5, 303: 1, 304: 6, 714: 25, 803: 32 });
});

test("a field is where its model's handbook has it", () => {
  const cases: readonly (readonly [string, number])[] = [
    ["123:WMaxLimPct", 5],
    ["123:WMaxLimPct_RvrtTms", 7],
    ["123:WMaxLim_Ena", 9],
    ["124:StorCtl_Mod", 5],
    ["124:InWRte", 13],
    ["704:WMaxLimPctEna", 14],
    ["704:WMaxLimPctRvrtTms", 18],
    ["704:WSet", 24],
    ["802:SoC", 11],
    ["802:CtrlHb", 19],
    ["160:2:DCW", 10 + 20 + 11],
    ["714:3:DCW", 20 + 2 * 25 + 12],
  ];
  for (const [reference, offset] of cases) assert.equal(findField(reference)?.offset, offset, reference);
});

test("each type has its own «not implemented»", () => {
  const cases: readonly (readonly [string, readonly number[]])[] = [
    ["103:W", [0x8000]],
    ["103:A", [0xffff]],
    ["103:WH", [0, 0]],
    ["701:Hz", [0xffff, 0xffff]],
    ["704:WSet", [0x8000, 0]],
    ["113:W", [0x7fc0, 0]],
    ["701:TotWhInj", [0xffff, 0xffff, 0xffff, 0xffff]],
    ["123:WMaxLimPct_SF", [0x8000]],
  ];
  for (const [reference, words] of cases) {
    const field = findField(reference)?.field;
    assert.ok(field, reference);
    assert.deepEqual(missingWords(field), words, reference);
    const encoding = fieldEncoding(field);
    assert.equal(encoding && decode(encoding, words).kind, "sentinel", reference);
  }
});
