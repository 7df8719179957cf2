// Lines of a ledger that were forged, dropped, doubled or put in another order: each is named by its place, by gridwright and by
// the sums of who would rather not trust it.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { SLOT_MS } from "@gridwright/contract/ledger.ts";
import { verifyLedger, verifyText } from "@gridwright/runtime/ledger/verify.ts";
import { BEGIN, dataFolder, historyOf, settled } from "./mill.ts";

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
  it("the newest are cut off: what is left is whole, and says that it ends sooner", async () => {
    const folder = join(dataFolder(), "ledger");
    mkdirSync(folder, { recursive: true });
    const ends = async (kept: readonly string[]) => {
      writeFileSync(join(folder, "2026-11.jsonl"), `${kept.join("\n")}\n`);
      const { fault, to, records } = await verifyLedger(folder);
      return [fault, to, records];
    };
    const all = BEGIN + 5 * SLOT_MS;
    assert.deepEqual(await ends(lines), [undefined, all, lines.length]);
    assert.deepEqual(await ends(lines.slice(0, -2)), [undefined, all - 2 * SLOT_MS, lines.length - 2]);
  });
});
