// The second copy of what people agreed: written when it changed, read with its times counted anew, put aside when damaged.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { mono } from "@gridwright/contract/units.ts";
import type { Agreed } from "@gridwright/core/agreements/agreed.ts";
import { openAgreements } from "./agreements-file.ts";

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const siege: Agreed = {
  ...{ id: "siege", title: "the river rises", begins: null, ends: 1_750_000_900_000, tiers: { mill: 3 } },
  ...{ allowancesWh: { ash: 700 }, ladder: {}, emergency: true, by: ["person-2"], endsAt: mono(95_000) },
};

async function inFolder(run: (dir: string) => Promise<void>): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), "gridwright-agreed-"));
  try {
    await run(dir);
  } finally {
    rmSync(dir, { recursive: true });
  }
}
async function written(path: string): Promise<string> {
  for (let turn = 0; turn < 500 && !existsSync(path); turn += 1)
    await new Promise((done) => setTimeout(done, 5));
  return readFileSync(path, "utf8");
}

test("agreements file: another process reads what was kept, its end counted from its own time", () =>
  inFolder(async (dir) => {
    openAgreements(dir, quiet).keep([siege], mono(60_000));
    await written(join(dir, "agreements.json"));
    assert.deepEqual(openAgreements(dir, quiet).read(mono(2_000)), [{ ...siege, endsAt: 37_000 }]);
  }));

test("agreements file: nothing is written where nothing was ever agreed", () =>
  inFolder(async (dir) => {
    const file = openAgreements(dir, quiet);
    assert.deepEqual(file.read(mono(300)), []);
    file.keep([], mono(400));
    await new Promise((done) => setImmediate(done));
    assert.equal(existsSync(join(dir, "agreements.json")), false);
  }));

for (const [sentence, text] of [
  ["torn", '{"version":1,"agree'],
  ["of another form", '{"version":1,"agreements":[{"id":"siege"}]}'],
] as const)
  test(`agreements file: one that is ${sentence} is put aside`, () =>
    inFolder(async (dir) => {
      const path = join(dir, "agreements.json");
      writeFileSync(path, text);
      assert.deepEqual(openAgreements(dir, quiet).read(mono(300)), []);
      assert.equal(readFileSync(`${path}.damaged`, "utf8"), text);
    }));
