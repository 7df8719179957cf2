// The demo as a stranger watches it: within two minutes an overload, loads shed in order with the reason in words,
// their return one by one, and the public grid lost. In a real browser, on the real processes.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { needs } from "../tools/needs.ts";
import { startVillage, type Village } from "../tools/village.ts";
import { launch, overhang, type Seen, see } from "./browser.ts";

const skip = needs("chromium");
const SHOTS = process.env.GRIDWRIGHT_SCREENSHOTS;
const STORY_MS = 120_000;

let village: Village;
let browser: Browser;
let desk: Seen;
let url: string;
/** What the phone complained about, and what stood over its edge. */
let phone: { readonly seen: Seen; readonly overhang: number } | undefined;
/** It comes and goes again, perhaps while something else is waited for: looked out for from the beginning. */
let gridLost: Promise<unknown>;

before(async () => {
  if (skip !== false) return;
  village = await startVillage({ speed: 60 });
  browser = await launch();
  url = `http://127.0.0.1:${village.processes().services.ports.page}/`;
  desk = await see(browser, url, { width: 1_280, height: 860 });
  gridLost = appears(desk.page, /public grid is gone/, 3 * STORY_MS).catch((error: unknown) => error);
});
after(async () => {
  await browser?.close();
  await village?.stop();
});

const appears = (page: Page, text: RegExp, timeout = STORY_MS): Promise<void> =>
  page.getByText(text).first().waitFor({ state: "visible", timeout });

async function shot(page: Page, name: string): Promise<void> {
  if (SHOTS === undefined) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.evaluate("scrollTo(0, 0)");
  await page.screenshot({ path: join(SHOTS, `${name}.png`) });
}

test("demo: it says that it is catching up, and since when", { skip }, async () => {
  await appears(desk.page, /Catching up/);
  await appears(desk.page, /yesterday/);
});

test("demo: an overload is shed by need, and the page says why and when it comes back", {
  skip,
}, async () => {
  await appears(desk.page, /switched off: too much was running at once/);
  await appears(desk.page, /Battery inverter had used \d+\s% of its overload time/);
  await appears(desk.page, /comes back when [\d.]+\skVA are free/);
  await shot(desk.page, "page-desktop");
  const seen = await see(browser, url, { width: 390, height: 844, language: "es-ES" });
  await appears(seen.page, /había gastado/);
  await shot(seen.page, "page-phone");
  phone = { seen, overhang: await overhang(seen.page) };
  await seen.context.close();
});

test("demo: what was shed is what was needed least", { skip }, async () => {
  const { assets } = await village.api<{ assets: Record<string, { shed: boolean }> }>("/api/v1/state");
  const shed = Object.keys(assets).filter((id) => assets[id]?.shed);
  assert.ok(shed.length > 0);
  assert.deepEqual(
    shed.filter((id) => /basics|router|lights|health/.test(id)),
    [],
  );
});

test("demo: they come back one by one", { skip }, () => appears(desk.page, /back on: .*there is room again/));

test("demo: the public grid is lost, and the page says so", { skip }, async () =>
  assert.equal(await gridLost, undefined),
);

test("demo: no error, no request to a stranger, nothing over the edge of the phone", { skip }, async () => {
  assert.ok(phone);
  const pages = [desk, phone.seen];
  assert.deepEqual(
    pages.flatMap(({ errors, strangers }) => [...errors, ...strangers]),
    [],
  );
  assert.equal(phone.overhang, 0);
});
