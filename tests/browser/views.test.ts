// The page's other views in a real browser: the community with its story and filters, the technicians', a home's week for
// paper, the screen on a wall. On phones and desktops, in both languages, light and dark, readable by everybody (axe).
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { invite, isRefusal } from "@gridwright/runtime/people/people.ts";
import type { Page } from "playwright-core";
import { needs } from "../tools/needs.ts";
import { type Look, overhang, see } from "./browser.ts";
import { startCannedVillage } from "./canned-village.ts";
import { findings } from "./findings.ts";
import { villageInBrowser } from "./village-in-browser.ts";
import { BROWSER_NOW } from "./village-moment.ts";

const skip = needs("chromium");
const SHOTS = process.env.GRIDWRIGHT_SCREENSHOTS;
const PHONE: Look = { width: 360, height: 740, now: BROWSER_NOW };
const DESK: Look = { width: 1_280, height: 800, now: BROWSER_NOW };
const NARROW: Look = { width: 320, height: 640, now: BROWSER_NOW };
const WALL: Look = { width: 2_560, height: 1_440, now: BROWSER_NOW };

const at = villageInBrowser(skip);

const says = (page: Page, text: string | RegExp) =>
  page.getByText(text).first().waitFor({ state: "visible", timeout: 8_000 });

interface Opening {
  readonly look: Look;
  readonly view: string;
  readonly role?: string;
}

async function open(context: TestContext, { look, view, role = "member" }: Opening): Promise<Page> {
  const seen = await see(at.browser, at.village.url, { ...look, role, view });
  context.after(() => seen.context.close());
  context.after(() => assert.deepEqual([...seen.errors, ...seen.strangers], []));
  await seen.page.locator(".is-live").waitFor();
  return seen.page;
}

async function shoot(page: Page, name: string): Promise<void> {
  if (SHOTS === undefined) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
}

/** `ready`: words that stand there once everything was asked and told. */
const VIEWS: readonly { view: string; role: string; en: RegExp; es: RegExp; ready: string }[] = [
  { view: "now", role: "member", en: /My home: House 1/, es: /Mi casa: House 1/, ready: ".home" },
  {
    view: "community",
    role: "member",
    en: /of .* on now/,
    es: /de .* con corriente ahora/,
    ready: ".book .entry",
  },
  {
    view: "technician",
    role: "technician",
    en: /Alarms that stand/,
    es: /Alarmas activas/,
    ready: ".tail li",
  },
  {
    view: "sheet",
    role: "member",
    en: /The week of House 1/,
    es: /La semana de House 1/,
    ready: ".sheet table",
  },
  {
    view: "statement",
    role: "technician",
    en: /Energy account of House 1/,
    es: /Cuenta de energía de House 1/,
    ready: ".statement table",
  },
  {
    view: "year",
    role: "member",
    en: /The community's year 2026/,
    es: /El año 2026 de la comunidad/,
    ready: ".year tfoot",
  },
  {
    view: "wall",
    role: "viewer",
    en: /Where the energy flows/,
    es: /Por dónde va/,
    ready: ".story .entry",
  },
];
const LOOKS: readonly [string, Look][] = [
  ["phone", PHONE],
  ["narrow-dark-es", { ...NARROW, dark: true, language: "es-ES" }],
  ["desktop", DESK],
  ["wall-dark", { ...WALL, dark: true }],
];
for (const { view, role, en, es, ready } of VIEWS)
  for (const [name, look] of LOOKS)
    test(`views: «${view}» on ${name} says its things, hangs over no edge, everybody can read it (axe)`, {
      skip,
    }, async (context) => {
      const page = await open(context, { look, view, role });
      await says(page, look.language === undefined ? en : es);
      await page.locator(ready).first().waitFor({ timeout: 8_000 });
      assert.equal(await overhang(page), 0);
      assert.deepEqual(await findings(page), []);
      await shoot(page, `${view}-${name}`);
    });

test("views: the story is filtered by asset, house, act and time, and goes back to where the journal begins", {
  skip,
}, async (context) => {
  const page = await open(context, { look: DESK, view: "community" });
  const book = page.locator(".book");
  const filters = book.locator(".filters");
  const text = async () => ((await book.locator(".entries").textContent()) ?? "").replace(/\s+/g, " ");
  await book.locator(".entry").first().waitFor();
  for (let pages = 0; pages < 4; pages += 1) {
    await book.getByText(/^\s*(Show older|This is where the journal begins.)\s*$/).waitFor();
    const older = book.getByRole("button", { name: "Show older" });
    if ((await older.count()) === 0) break;
    await older.click();
  }
  await says(page, "This is where the journal begins.");
  assert.match(await text(), /7 May/);
  await filters.getByLabel("About").selectOption({ label: "my home alone" });
  await book.locator(".entries").getByText("Table saw").first().waitFor({ state: "detached" });
  await book
    .getByText(/Water heater of house 1 switched off/)
    .first()
    .waitFor();
  assert.doesNotMatch(await text(), /house [2-8]|diesel/i);
  await filters.getByLabel("About").selectOption({ label: "everything" });
  await filters.getByLabel("What").selectOption({ label: "asked for by people" });
  await book
    .getByText(/switched off/)
    .first()
    .waitFor({ state: "detached" });
  await book
    .getByText(/Table saw switched on/)
    .first()
    .waitFor();
  await filters.getByLabel("When").selectOption({ label: "last 24 hours" });
  await book.getByRole("button", { name: "Show older" }).waitFor({ state: "detached" });
  await book.locator(".entry").first().waitFor();
  assert.equal(await book.locator(".entry").count(), 1);
});

test("views: by keyboard from the first view to the community and back, the address says where one is", {
  skip,
}, async (context) => {
  const page = await open(context, { look: DESK, view: "now" });
  await page.getByRole("link", { name: "Community" }).focus();
  await page.keyboard.press("Enter");
  await page.locator(".key-figures").waitFor();
  assert.equal(new URL(page.url()).hash, "#community");
  assert.equal(await page.evaluate("document.activeElement.tagName"), "MAIN");
  assert.equal(await page.getByRole("link", { name: "Community" }).getAttribute("aria-current"), "page");
  await page.goBack();
  await page.locator(".home").waitFor();
});

test("views: a technician holds a load, is answered, and has seen an alarm", { skip }, async (context) => {
  const page = await open(context, { look: DESK, view: "technician", role: "technician" });
  const form = page.locator(".tech-ask");
  await form.getByLabel("Load").selectOption({ label: "Table saw" });
  await form.getByLabel("What").selectOption({ label: "hold off until cleared" });
  await form.getByLabel("Why").fill("new belt");
  await form.getByRole("button", { name: "Ask" }).click();
  await says(page, /^Taken: /);
  await form.getByLabel("What").selectOption({ label: "try: on for 15 min" });
  await form.getByRole("button", { name: "Ask" }).click();
  await says(page, /^Refused: it is held off: fuse work\./);
  await page.getByRole("button", { name: "I have seen it" }).first().click();
  await says(page, /^Taken: /);
  for (const fact of [/connect ECONNREFUSED/, /control 191\sMB/, /the boards for the school/])
    await says(page, fact);
});

test("views: the technicians' view is not offered to a member, and says so by its address", {
  skip,
}, async (context) => {
  const page = await open(context, { look: PHONE, view: "technician" });
  await says(page, "This part is for technicians.");
  assert.equal(await page.getByRole("link", { name: "Technician" }).count(), 0);
});

test("views: a home's week fits on one sheet of paper", { skip }, async (context) => {
  const page = await open(context, { look: DESK, view: "sheet" });
  await page.locator(".sheet table").waitFor();
  const pdf = (await page.pdf({ format: "A4", preferCSSPageSize: true })).toString("latin1");
  assert.equal(pdf.match(/\/Type\s*\/Page\b/g)?.length, 1);
});

test("views: a screen that came in by its link shows itself as one, and asks nobody for anything", {
  skip,
}, async (context) => {
  const village = await startCannedVillage({ demo: false });
  context.after(() => village.stop());
  const beat = setInterval(() => village.tick({}), 200);
  context.after(() => clearInterval(beat));
  const invited = await invite(village.desk, "person-1", { role: "viewer", screen: true });
  assert.ok(!isRefusal(invited));
  const seen = await see(at.browser, `${village.url}#screen=${invited.secret}`, WALL);
  context.after(() => seen.context.close());
  await seen.page.locator(".wall .story").waitFor({ timeout: 8_000 });
  await seen.page.locator(".is-live").waitFor();
  assert.equal(await seen.page.locator("nav, main form").count(), 0);
  assert.equal(await overhang(seen.page), 0);
});
