import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { describe, it } from "node:test";
import { Broken } from "@gridwright/twin/simulate/broken.ts";
import { figure } from "../tools/figure.ts";
import { checked } from "./checked.ts";
import { hardNight } from "./hard-night.ts";
import type { PlantedBug } from "./planting.ts";

const SOC = 52;
const AREAS = globSync("planted/*.ts", { cwd: import.meta.dirname }).sort();

const bugs: PlantedBug[] = [];
for (const path of AREAS) {
  const { BUGS } = (await import(`./${path}`)) as { readonly BUGS: readonly PlantedBug[] };
  bugs.push(...BUGS);
}

const storyOf = ({ story, soc = SOC }: PlantedBug) => story?.() ?? hardNight(soc);

describe("each planted bug is caught by the invariant that names it", () => {
  it("and without a bug every story passes", () => {
    for (const bug of new Map(bugs.map((row) => [row.story ?? row.soc ?? SOC, row])).values())
      checked(storyOf(bug));
  });
  it("no two bugs are the same", () => {
    assert.equal(new Set(bugs.map(({ bug }) => bug)).size, bugs.length);
  });
  let caught = 0;
  for (const row of bugs)
    it(row.bug, () => {
      assert.throws(
        () =>
          checked({
            ...storyOf(row),
            ...(row.brain && { brain: row.brain }),
            ...(row.hands && { hands: row.hands }),
          }),
        (error) =>
          error instanceof Broken && row.caughtBy.test(error.invariant) ? true : assert.fail(String(error)),
      );
      caught += 1;
    });
  it("so that all are caught", () => {
    assert.equal(caught, bugs.length);
    figure("planted-bugs", { planted: bugs.length, caught });
  });
});
