// A meter read by hand, told on the page as a technician would on a phone: what is refused in words, the reading that was
// perhaps meant, and what was filled.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import { needs } from "../tools/needs.ts";
import { type Look, overhang, see } from "./browser.ts";
import { findings } from "./findings.ts";
import { villageInBrowser } from "./village-in-browser.ts";
import { BROWSER_NOW } from "./village-moment.ts";

const skip = needs("chromium");
const SHOTS = process.env.GRIDWRIGHT_SCREENSHOTS;
const NARROW: Look = { width: 320, height: 640, now: BROWSER_NOW };

const at = villageInBrowser(skip);

/** The page's own picture, as a phone would give one. */
const PHOTO = join(import.meta.dirname, "../../dashboards/web/public/icon-192.png");

/** A browser says of each refusal that it was one. */
const REFUSED = /the server responded with a status of 409/;

async function account(context: TestContext, role: string, look: Look): Promise<Page> {
  const comesFrom = role === "technician" ? "technician" : "statement";
  const seen = await see(at.browser, at.village.url, { ...look, role, view: comesFrom });
  context.after(() => seen.context.close());
  context.after(() => {
    const errors = seen.errors.filter((error) => !REFUSED.test(error));
    assert.deepEqual([...errors, ...seen.strangers], []);
  });
  if (comesFrom === "technician")
    await seen.page.getByRole("link", { name: /^(The energy account|La cuenta de energía)/ }).click();
  await seen.page.locator(".statement table").waitFor();
  return seen.page;
}

async function shoot(page: Page, name: string): Promise<void> {
  if (SHOTS === undefined) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
}

test("reading: refused in words, then what was perhaps meant is taken, and what it filled is said", {
  skip,
}, async (context) => {
  const page = await account(context, "technician", NARROW);
  const form = page.locator(".read-meter");
  const said = (text: string | RegExp) =>
    form.getByRole("status").getByText(text).waitFor({ timeout: 8_000 });
  const book = () => form.getByRole("button", { name: "Book it" }).click();
  await form.getByText("Last known: 4,870.1 kWh, 6 May, 06:45").waitFor();
  assert.match(
    (await form.getByLabel("Meter").locator("option:checked").textContent()) ?? "",
    /^House 6 \(\d quarters of an hour missing\)$/,
  );
  await form.getByLabel("Display, kWh").fill("4.974");
  await book();
  await said(/^Write it as the display shows it/);
  await form.getByLabel("Display, kWh").fill("4 974");
  await book();
  await said("Not booked. That time is not settled yet; it is until 6 May, 08:00.");
  await form.getByLabel("When (time of the site)").fill("2026-05-06T08:05");
  await form.getByLabel("Photo of the display").setInputFiles(PHOTO);
  await book();
  await said(/^Not booked. More than the breaker lets through .* Perhaps you meant 4,874\skWh\?$/);
  assert.deepEqual([await overhang(page), await findings(page)], [0, []]);
  await shoot(page, "reading-refused");
  await form.getByRole("button", { name: "Yes, take 4,874 kWh" }).click();
  await said("Booked: 4.0 kWh that nobody had counted, from 6 May, 06:45 to 6 May, 08:00.");
  await form.getByText("Last known: 4,874 kWh, 6 May, 08:05").waitFor();
  assert.equal(await form.getByLabel("Display, kWh").inputValue(), "");
  const link = await form.getByRole("link", { name: "Photo of its last reading" }).getAttribute("href");
  const kept = await page.request.get(`${at.village.url}${link}`);
  assert.equal(kept.headers()["content-type"], "image/jpeg");
  assert.equal((await kept.body()).subarray(0, 2).toString("hex"), "ffd8");
  await shoot(page, "reading-booked");
});

test("reading: in Spanish, dark, on a desk", { skip }, async (context) => {
  const look = { width: 1_280, height: 800, now: BROWSER_NOW, dark: true, language: "es-ES" };
  const page = await account(context, "technician", look);
  const form = page.locator(".read-meter");
  await form.getByLabel("Contador").selectOption({ label: "House 2" });
  await form.getByLabel("Lo que marca, kWh").fill("97,4");
  await form.getByLabel("Cuándo").fill("2027-01-06T08:05");
  await form.getByRole("button", { name: "Anotar" }).click();
  await form.getByRole("status").getByText("No anotado. Esa hora aún no ha llegado.").waitFor();
  assert.deepEqual([await overhang(page), await findings(page)], [0, []]);
  await shoot(page, "reading-es-dark");
});

test("reading: a member has no such form", { skip }, async (context) => {
  const page = await account(context, "member", NARROW);
  assert.equal(await page.locator(".read-meter").count(), 0);
});
