// One night over real sockets: the demo's own processes, started as a user starts them, while the plant fights back. Every
// expectation of the file is looked at each plant second, in the twin's truth and in what the page tells.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { figure } from "../tools/figure.ts";
import { playLive } from "../tools/play-live.ts";
import { storySite } from "../tools/story-site.ts";
import { startVillage } from "../tools/village.ts";

/** No more than the processes can: plant time waits for them. */
const SPEED = 240;

const folder = mkdtempSync(join(tmpdir(), "gridwright-fights-"));
after(() => rmSync(folder, { recursive: true, force: true }));

describe("three houses in one night", () => {
  it("a slip of the battery, a welded relay, a frozen gateway, a dead bus: each is borne and told", async () => {
    const { story, site, scenario } = storySite(join(import.meta.dirname, "one-night.yaml"), folder);
    const village = await startVillage({ speed: SPEED, site, scenario });
    const { checked, failures, trace } = await playLive(story, { village }).finally(village.stop);
    assert.deepEqual(failures, [], trace.join("\n"));
    figure("plant-fights-back", { quick: checked });
  });
});
