// What the operating manual tells of a plant that fights back, played over real sockets: the demo's own processes for each file,
// every expectation looked at each plant second. tests/fights has one night of it; tests/scenario plays all of them in one process.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { figure } from "../tools/figure.ts";
import { playLive } from "../tools/play-live.ts";
import { stoppedMachine } from "../tools/stopped-machine.ts";
import { storySite } from "../tools/story-site.ts";
import { startVillage } from "../tools/village.ts";

const MANUAL = fileURLToPath(new URL("../../controller/twin/scenarios/manual/", import.meta.url));
const STORIES = [
  "dead-bus",
  "silence",
  "bms-zero",
  "bms-empty",
  "bms-full",
  "load-rejection",
  "relay-welded",
  "reactive",
  "gx-frozen",
] as const;
/** No more than the processes can: plant time waits for them. */
const SPEED = 240;

const folder = mkdtempSync(join(tmpdir(), "gridwright-fights-"));
after(() => rmSync(folder, { recursive: true, force: true }));

describe("the manual's stories over real sockets", () => {
  let outcomes = 0;
  const played: string[] = [];
  for (const name of STORIES)
    it(`${name}.yaml comes out as it is told`, async (t) => {
      const own = join(folder, name);
      mkdirSync(own);
      const { story, site, scenario } = storySite(join(MANUAL, `${name}.yaml`), own);
      const village = await startVillage({ speed: SPEED, site, scenario });
      const machine = stoppedMachine(village);
      const run = await playLive(story, { village, machine }).finally(village.stop);
      t.diagnostic(`${name}: ${run.checked} outcomes`);
      assert.deepEqual(run.failures, [], run.trace.join("\n"));
      outcomes += run.checked;
      played.push(name);
    });
  it("all of them were played", () => {
    assert.deepEqual(played, STORIES);
    figure("plant-fights-back", { stories: played.length, outcomes });
  });
});
