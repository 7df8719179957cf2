// The card of the past in a real browser: opened when wanted, stepped through days, months and years, its numbers beside its
// curves; on a phone and a desktop, in both languages, light and dark, and readable by everybody (axe).
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { needs } from "../tools/needs.ts";
import { type Look, overhang, see } from "./browser.ts";
import { findings } from "./findings.ts";
import { villageInBrowser } from "./village-in-browser.ts";
import { BROWSER_NOW } from "./village-moment.ts";

const skip = needs("chromium");
const SHOTS = process.env.GRIDWRIGHT_SCREENSHOTS;

const at = villageInBrowser(skip);

interface Case {
  readonly look: Look;
  readonly title: string;
  /** Buttons that are pressed one after the other, the heading then, what stands beside the curves, and rows of its table. */
  readonly steps: readonly (readonly [button: string, heading: RegExp, said: RegExp, rows: number])[];
}

const CASES: readonly Case[] = [
  {
    look: { width: 1280, height: 860, now: BROWSER_NOW },
    title: "What has been",
    steps: [
      ["Day", /12 May 2026/, /Sun\s+80\.0\skWh\s+before: 78\.0\skWh/, 96],
      ["earlier", /11 May 2026/, /Sun\s+78\.0\skWh\s+before: 76\.0\skWh/, 96],
      ["Month", /May 2026/, /Used\s+414\.0\skWh\s+before: 406\.0\skWh · a part is missing/, 31],
      ["Year", /2026/, /Used\s+820\.0\skWh\s+before: —/, 12],
    ],
  },
  {
    look: { width: 320, height: 700, dark: true, language: "es-ES", now: BROWSER_NOW },
    title: "Lo que ha sido",
    steps: [
      ["Día", /12 de mayo de 2026/, /Sol\s+80,0\skWh\s+antes: 78,0\skWh/, 96],
      ["Mes", /mayo de 2026/, /falta una parte/, 31],
    ],
  },
];

for (const { look, title, steps } of CASES)
  test(`past: «${title}» at ${look.width} px`, { skip }, async (context) => {
    const { page, errors, strangers, context: own } = await see(at.browser, at.village.url, look);
    context.after(() => own.close());
    const card = page.locator("details.past");
    await page.getByRole("heading", { name: title }).click();
    for (const [place, [button, heading, said, rows]] of steps.entries()) {
      await card.getByRole("button", { name: button }).click();
      await card.locator("h3").filter({ hasText: heading }).waitFor();
      await card.locator("dl").filter({ hasText: said }).waitFor({ timeout: 8_000 });
      assert.equal(await card.locator(".table tbody tr").count(), rows);
      assert.ok(await card.locator("canvas").isVisible());
      assert.equal(await overhang(page), 0);
      if (SHOTS !== undefined) {
        mkdirSync(SHOTS, { recursive: true });
        await card.screenshot({ path: join(SHOTS, `past-${look.width}-${place}.png`) });
      }
    }
    assert.deepEqual(await findings(page), []);
    assert.deepEqual([errors, strangers], [[], []]);
  });
