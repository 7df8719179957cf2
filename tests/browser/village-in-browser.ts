// A canned village and a browser for all tests of a file: begun before the first, ended after the last; the village says
// five times a second that it lives.
import { after, before } from "node:test";
import type { Browser } from "playwright-core";
import type { needs } from "../tools/needs.ts";
import { launch } from "./browser.ts";
import { type CannedVillage, startCannedVillage } from "./canned-village.ts";

const BEAT_MS = 200;

export interface VillageInBrowser {
  readonly village: CannedVillage;
  readonly browser: Browser;
}

/** Nothing is begun where `skip` says why; what it gives may be asked for within tests alone. */
export function villageInBrowser(
  skip: ReturnType<typeof needs>,
  options?: Parameters<typeof startCannedVillage>[0],
): VillageInBrowser {
  const stage: Partial<{ village: CannedVillage; browser: Browser; beat: ReturnType<typeof setInterval> }> =
    {};
  before(async () => {
    if (skip !== false) return;
    const village = await startCannedVillage(options);
    stage.village = village;
    stage.browser = await launch();
    stage.beat = setInterval(() => village.tick({}), BEAT_MS);
  });
  after(async () => {
    clearInterval(stage.beat);
    await stage.browser?.close();
    await stage.village?.stop();
  });
  return stage as VillageInBrowser;
}
