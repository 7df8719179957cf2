// What the doctor found, on the technicians' view of a phone: the gravest first, each with what to do, in both languages.
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
    /At once: The supply's voltage is too low now.*What to do: The maker's own power supply/s,
    /To know: Version 1\.6\.0 is there to be installed\..*gridwright update \/media\/stick\/gridwright-1\.6\.0/s,
    "Looked at 2 more things: all well, or not told by this machine.",
  ],
  "es-ES": [
    /Enseguida: La tensión de alimentación es demasiado baja ahora.*Qué hacer: La fuente del propio fabricante/s,
    /Para saber: La versión 1\.6\.0 está lista para instalarse\./s,
    "Ha mirado 2 cosas más: todas bien, o esta máquina no las dice.",
  ],
} as const;
for (const [language, [first, second, rest]] of Object.entries(SAID))
  test(`doctor: what is not well stands on the technicians' view with its cure (${language})`, {
    skip,
  }, async (context) => {
    const look = {
      width: 320,
      height: 640,
      now: BROWSER_NOW,
      language,
      role: "technician",
      view: "technician",
    };
    const { page, context: browsing } = await see(at.browser, at.village.url, look);
    context.after(() => browsing.close());
    const found = page.locator(".finding");
    await found.first().waitFor();
    const texts = (await found.allTextContents()).map((text) => text.replaceAll(/\s+/g, " "));
    assert.equal(texts.length, 2);
    assert.match(texts[0] ?? "", first);
    assert.match(texts[1] ?? "", second);
    await page.getByText(rest).waitFor();
    assert.deepEqual([await overhang(page), await findings(page)], [0, []]);
    if (process.env.GRIDWRIGHT_SCREENSHOTS !== undefined)
      await page
        .locator(".findings")
        .locator("xpath=ancestor::section")
        .screenshot({ path: `${process.env.GRIDWRIGHT_SCREENSHOTS}/doctor-${language}.png` });
  });
