// The site files that one begins with: each is one that `check` takes, and each says in its first line for whom it is.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { check } from "../../controller/cli/commands/check.ts";

const SITES = fileURLToPath(new URL("../../deploy/sites/", import.meta.url));
/** What nobody can cure in an example: no device of it was ever tried, and no address of it is anybody's. */
const EXPECTED =
  /was never tried on hardware|its broker listens on this machine alone|hang it on a Modbus relay/;

describe("site files to begin with", () => {
  const names = readdirSync(SITES);
  it("there is one for each of the usual places", () =>
    assert.deepEqual(names.sort(), ["cooperative.yaml", "eco-village.yaml", "makerspace.yaml", "new.yaml"]));
  for (const name of names)
    it(`${name} has no mistake, and no advice but what an example must leave open`, () => {
      const lines: string[] = [];
      const code = check(join(SITES, name), { json: true, write: (line) => lines.push(line) });
      const { mistakes, advice } = JSON.parse(lines.join("\n"));
      assert.deepEqual(mistakes, []);
      assert.equal(code, 0);
      const other = advice
        .map(({ message }: { message: string }) => message)
        .filter((text: string) => !EXPECTED.test(text));
      assert.deepEqual(other, []);
      assert.match(readFileSync(join(SITES, name), "utf8"), /^# An? .{30}/);
    });
});
