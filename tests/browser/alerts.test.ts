// Channels of alerts tried from the technicians' view: what each said, in words, on a phone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { needs } from "../tools/needs.ts";
import { overhang, see } from "./browser.ts";
import { findings } from "./findings.ts";
import { villageInBrowser } from "./village-in-browser.ts";
import { BROWSER_NOW } from "./village-moment.ts";

const skip = needs("chromium");
const at = villageInBrowser(skip);

const SAID = {
  "en-GB": [
    "Try it",
    "It took the message. Look whether it is there.",
    "It did not take it: it answered 535.",
  ],
  "es-ES": ["Probar", "Tomó el mensaje. Mire si llegó.", "No lo tomó: respondió 535."],
} as const;
for (const [language, [button, took, not]] of Object.entries(SAID))
  test(`alerts: each channel is tried by its button and says what came of it (${language})`, {
    skip,
  }, async (context) => {
    const look = { width: 320, height: 640, now: BROWSER_NOW, language, role: "admin", view: "technician" };
    const { page, context: browsing } = await see(at.browser, at.village.url, look);
    context.after(() => browsing.close());
    const channel = (id: string) => page.locator(".channel", { hasText: id });
    await channel("phones").getByRole("button", { name: button }).click();
    await channel("phones").getByRole("status").getByText(took).waitFor();
    await channel("office").getByRole("button", { name: button }).click();
    await channel("office").getByRole("status").getByText(not).waitFor();
    assert.deepEqual([await overhang(page), await findings(page)], [0, []]);
    if (process.env.GRIDWRIGHT_SCREENSHOTS !== undefined)
      await page
        .locator(".channel")
        .first()
        .locator("xpath=ancestor::section")
        .screenshot({
          path: `${process.env.GRIDWRIGHT_SCREENSHOTS}/alerts-${language}.png`,
        });
  });
