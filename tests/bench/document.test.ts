import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { replaceSection, sectionsIn } from "./document.ts";
import { percentile, plain, table } from "./figures.ts";

const IDS = ["speed", "weight", "colour"];

describe("BENCHMARKS.md", () => {
  const cases: readonly [
    string,
    readonly (readonly [string, string])[],
    readonly (readonly [string, string])[],
  ][] = [
    ["one section alone", [["weight", "heavy"]], [["weight", "heavy"]]],
    [
      "sections stand in the document's order, whatever came first",
      [
        ["colour", "red"],
        ["speed", "quick"],
      ],
      [
        ["speed", "quick"],
        ["colour", "red"],
      ],
    ],
    [
      "a section measured anew is replaced, the others stay",
      [
        ["speed", "quick"],
        ["weight", "heavy\n\n| a | b |"],
        ["speed", "slow"],
      ],
      [
        ["speed", "slow"],
        ["weight", "heavy\n\n| a | b |"],
      ],
    ],
    ["a section that is measured no more is dropped", [["taste", "sour"]], []],
  ];
  for (const [sentence, written, left] of cases)
    it(sentence, () => {
      const folder = mkdtempSync(join(tmpdir(), "gridwright-document-"));
      const file = join(folder, "BENCHMARKS.md");
      for (const [id, text] of written) replaceSection(file, IDS, { id, text });
      assert.deepEqual([...sectionsIn(readFileSync(file, "utf8"))], left);
      rmSync(folder, { recursive: true });
    });

  it("says that it was measured on no Pi, even over what stood there before", () => {
    const folder = mkdtempSync(join(tmpdir(), "gridwright-document-"));
    const file = join(folder, "BENCHMARKS.md");
    writeFileSync(file, "# Something else\n");
    replaceSection(file, IDS, { id: "speed", text: "quick" });
    const text = readFileSync(file, "utf8");
    assert.match(text, /no Raspberry Pi/);
    assert.doesNotMatch(text, /Something else/);
    rmSync(folder, { recursive: true });
  });
});

describe("figures", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  const shares: readonly [string, readonly number[], number, number][] = [
    ["the median of an odd number is the middle one", [9, 2, 5], 0.5, 5],
    ["99 of 100 lie at or below the 99th", hundred, 0.99, 99],
    ["the largest", hundred, 1, 100],
    ["numbers are sorted as numbers", [10, 9, 100], 0.3, 9],
  ];
  for (const [sentence, values, share, then] of shares)
    it(sentence, () => assert.equal(percentile(values, share), then));

  const texts: readonly [number, string][] = [
    [0.0471, "0.05"],
    [7.256, "7.26"],
    [31.42, "31.4"],
    [217.6, "218"],
    [13_646.6, "13,647"],
    [Number.NaN, "–"],
  ];
  for (const [value, text] of texts)
    it(`${value} is written ${text}`, () => assert.equal(plain(value), text));

  it("a table has its figures to the right", () => {
    assert.equal(table(["what", "ms"], [["a read", "3"]]), "| what | ms |\n| --- | ---: |\n| a read | 3 |");
  });
});
