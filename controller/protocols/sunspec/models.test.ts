// Compares our tables with the published models, where those are beside the repository.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { SUNSPEC_MODELS, type SunspecModel } from "./models.ts";

interface PublishedPoint {
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly sf?: string | number;
  readonly access?: string;
}
interface PublishedGroup {
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
    [field.name, field.offset, field.type, field.count, field.scaleFactor ?? "-", field.writable].join(" "),
  );

test("our tables are those of the published SunSpec models", { skip }, () => {
  for (const [id, model] of SUNSPEC_MODELS) {
    const text = readFileSync(new URL(`model_${id}.json`, `file://${folder}`), "utf8");
    const { group } = JSON.parse(text) as { group: PublishedGroup };
    assert.deepEqual(ours(model.fields), rows(group.points.slice(2), 2), `model ${id}`);
    const [block] = group.groups ?? [];
    assert.deepEqual(ours(model.block?.fields ?? {}), rows(block?.points ?? [], 0), `block of model ${id}`);
  }
});

test("models are as long as the handbook of each says", () => {
  const lengths = Object.fromEntries([...SUNSPEC_MODELS].map(([id, { length }]) => [id, length]));
  assert.deepEqual(lengths, { 1: 66, 101: 50, 102: 50, 103: 50, 120: 26, 121: 30, 122: 44, 123: 24, 160: 8 });
  assert.equal(SUNSPEC_MODELS.get(160)?.block?.length, 20);
});
