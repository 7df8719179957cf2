// Lines of a ledger that were forged, dropped, doubled or put in another order: each is named by its place, by gridwright and by
// the sums of who would rather not trust it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { verifyText } from "@gridwright/runtime/ledger/verify.ts";
import { dataFolder, historyOf, settled } from "./mill.ts";

describe("a ledger whose lines are not as they were written", () => {
  let lines: readonly string[] = [];
  before(async () => {
    const dataDir = dataFolder();
    await settled({ dataDir, history: historyOf(6) });
    lines = readFileSync(join(dataDir, "ledger", "2026-11.jsonl"), "utf8")
      .trimEnd()
      .split("\n");
  });
  const [third, fourth] = [4, 5];
  const without = (place: number): readonly string[] => lines.filter((_, at) => at !== place);
  const table: readonly (readonly [
    sentence: string,
    spoiled: () => readonly string[],
    then: RegExp | undefined,
  ])[] = [
    ["as it was", () => lines, undefined],
    ["one is dropped", () => without(third), /^line 5: /],
    ["the first is dropped", () => without(0), /^line 1: /],
    [
      "one is there twice",
      () => [...lines.slice(0, fourth), lines[third] ?? "", ...lines.slice(fourth)],
      /^line 6: /,
    ],
    [
      "two change places",
      () => [...lines.slice(0, third), lines[fourth] ?? "", lines[third] ?? "", ...lines.slice(fourth + 1)],
      /^line 5: /,
    ],
    [
      "a Wh is forged",
      () =>
        lines.map((line, at) =>
          at === third
            ? line.replace(/"pool","member:inn",(\d+)/, (_, wh) => `"pool","member:inn",${Number(wh) + 7}`)
            : line,
        ),
      /^line 5: /,
    ],
    [
      "a signature is another's",
      () =>
        lines.map((line, at) =>
          at === third
            ? line.replace(/"sig":"[^"]+"/, /"sig":"[^"]+"/.exec(lines[fourth] ?? "")?.[0] ?? "")
            : line,
        ),
      /^line 5: its signature/,
    ],
  ];
  for (const [sentence, spoiled, then] of table)
    it(sentence, () => {
      const fault = verifyText(`${spoiled().join("\n")}\n`);
      if (then === undefined) assert.equal(fault, undefined);
      else assert.match(fault ?? "none", then);
    });
});
