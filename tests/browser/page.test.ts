// The community's page as a member meets it in a real browser: what it says, on which devices, in which language, and
// that it never lets old values pass for live ones.
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, type TestContext, test } from "node:test";
import { gzipSync } from "node:zlib";
import type { Browser, Locator, Page } from "playwright-core";
import { needs } from "../tools/needs.ts";
import { type Look, launch, overhang, type Seen, see } from "./browser.ts";
import { type CannedVillage, PAGE_DIR, startCannedVillage } from "./canned-village.ts";
import { BROWSER_NOW, decisionOn, heatersShed, lostMeter, MOMENT, villageStatus } from "./village-moment.ts";

const skip = needs("chromium");
const PHONE: Look = { width: 390, height: 844, now: BROWSER_NOW };
const DESK: Look = { width: 1_280, height: 800, now: BROWSER_NOW };
const SHOTS = process.env.GRIDWRIGHT_SCREENSHOTS;

let village: CannedVillage;
let browser: Browser;
let beat: ReturnType<typeof setInterval>;
/** While false, control says nothing. */
let speaking = true;

before(async () => {
  if (skip !== false) return;
  village = await startCannedVillage();
  browser = await launch();
  beat = setInterval(() => {
    if (speaking) village.tick({});
  }, 200);
});
after(async () => {
  clearInterval(beat);
  await browser?.close();
  await village?.stop();
});

/** Opens the page; at the end nothing may have gone wrong or been asked of a stranger. */
async function open(context: TestContext, look: Look): Promise<Page> {
  const seen: Seen = await see(browser, village.url, look);
  context.after(() => seen.context.close());
  context.after(() => assert.deepEqual([...seen.errors, ...seen.strangers], []));
  return seen.page;
}

const says = (page: Page, text: string | RegExp) =>
  page.getByText(text).first().waitFor({ state: "visible", timeout: 8_000 });
const card = (page: Page, name: string) =>
  page.getByRole("article").filter({ has: page.getByRole("heading", { name: new RegExp(`^${name}`) }) });
/** What a part of the page says, in one line. */
const words = async (part: Locator) => ((await part.textContent()) ?? "").replace(/\s+/g, " ").trim();
const text = (page: Page, selector: string) => words(page.locator(selector).first());

const looks: [string, Look][] = [
  ["a phone", PHONE],
  ["a small phone in the dark", { ...PHONE, width: 360, height: 640, dark: true }],
  ["a desktop", DESK],
  ["a desktop in the dark", { ...DESK, dark: true }],
];
for (const [device, look] of looks)
  test(`page: on ${device} nothing hangs over the edge and every word is legible`, {
    skip,
  }, async (context) => {
    const page = await open(context, look);
    await says(page, "Too much is running at once");
    await page.locator(".devices summary").click();
    await page.locator(".entry summary").first().click();
    assert.equal(await overhang(page), 0);
    const faint = await page.evaluate<string[]>(
      readFileSync(join(import.meta.dirname, "faint-text.js"), "utf8"),
    );
    assert.deepEqual(faint, []);
    if (SHOTS === undefined) return;
    mkdirSync(SHOTS, { recursive: true });
    await page.locator(".entry summary").first().click();
    await page.locator(".devices summary").click();
    await page.evaluate("scrollTo(0, 0)");
    await page.screenshot({ path: join(SHOTS, `${device.replace(/^a /, "").replaceAll(" ", "-")}.png`) });
  });

test("page: the top says in one sentence how much there is, and that it is yesterday", {
  skip,
}, async (context) => {
  const page = await open(context, PHONE);
  await says(page, "Too much is running at once");
  const top = await text(page, ".mood");
  assert.match(top, /2 loads are off for a while, until there is room again/);
  assert.match(top, /Battery 63 %, giving 3\.5 kW · with the public grid/);
  assert.match(top, /Catching up: 60 × real time — this was yesterday 10:42/);
});

test("page: the story tells what happened, why, and when it comes back", { skip }, async (context) => {
  const page = await open(context, DESK);
  await says(page, "What happened and why");
  const story = await text(page, ".story");
  assert.match(
    story,
    /10:42 Water heaters of houses 1 and 4 switched off: too much was running at once on these houses' phase; it comes back when 2\.4 kVA are free\. Battery inverter had used 50 % of its overload time \(128 % of its rating at most, above it for 9 s, phase L1\)\./,
  );
  await page.locator(".entry summary").first().click();
  const exactly = await text(page, ".exactly");
  for (const part of [
    "overload of the inverter",
    "village/power_l1 9.6 kW",
    "310 VA are free",
    "takes too little",
  ])
    assert.ok(exactly.includes(part), `${part}: ${exactly}`);
});

test("page: a house finds its loads, and its part of the story", { skip }, async (context) => {
  const page = await open(context, PHONE);
  const house = card(page, "House 4");
  const heater = house.getByRole("listitem").filter({ hasText: "Water heater" });
  assert.match(await words(heater), /off, others need it more · least needed/);
  assert.match(await words(heater), /it comes back when 2\.4\skVA are free/);
  await heater.locator("summary").click();
  await heater.locator(".exactly").waitFor({ state: "visible", timeout: 8_000 });
  assert.match(await words(heater), /It saw .*village\/power_l1 9\.6\skW/);
  assert.match(await words(card(page, "House 5")), /Water heater\s+1\.5\skW\s+on/);
  await page.getByRole("combobox", { name: "Show" }).selectOption({ label: "House 6" });
  await page.getByText("Table saw switched on").waitFor({ state: "detached" });
  const story = await text(page, ".entries");
  assert.match(story, /Water heater of house 6 back on: there is room again/);
  assert.doesNotMatch(story, /house 4/);
});

test("page: what moves in the plant moves on the page", { skip }, async (context) => {
  context.after(() => village.snapshot());
  const page = await open(context, DESK);
  await says(page, "Too much is running at once");
  village.tick({
    points: { "gx-battery/soc": 0.91, "house-4-heater-meter/power": 1_440, "gx-system/grid_present": false },
    mode: "island-inverter",
    assets: villageStatus(village.model, new Set()),
  });
  village.decide(
    decisionOn("house-4-heater", MOMENT + 5_000, {
      set: { kind: "switch", on: true },
      rule: "restoration",
      reason: { code: "restored", params: { freeVa: 3_310, needVa: 1_875 } },
    }),
  );
  await says(page, "There is plenty of energy");
  await says(page, /Water heater of house 4 back on/);
  assert.match(await words(card(page, "House 4")), /Water heater\s+1\.4\skW\s+on/);
  assert.match(await words(page.locator(".flow .for-readers")), /Public grid: not there/);
  village.tick({ assets: villageStatus(village.model, heatersShed) });
});

test("page: alarms stand on top while they last", { skip }, async (context) => {
  context.after(() => village.snapshot());
  const page = await open(context, PHONE);
  await says(page, /The meter of House 7 has not answered for 2/);
  const dead = { ...lostMeter, id: "dead-bus/inverter", severity: "critical" as const };
  village.alarm("raised", { ...dead, reason: { code: "alarm-dead-bus", params: {} } });
  await says(page, "The inverter's output is dead");
  assert.match(await text(page, ".alarms"), /^Urgent: The inverter's output is dead\. since 10:39 Warning/);
  village.alarm("cleared", dead);
  village.alarm("cleared", lostMeter);
  await page.locator(".alarms").waitFor({ state: "hidden" });
});

test("page: a lost meter shows its last value with its age, never zero", { skip }, async (context) => {
  const page = await open(context, DESK);
  const head = card(page, "House 7").getByRole("heading");
  assert.match(await words(head), /410\sW\s2\smin old/);
  await page.locator(".devices summary").click();
  assert.match(
    await text(page, ".device-lost"),
    /house-7-meter lost 2 min ago Errors 47 no answer within 200 ms/,
  );
});

test("page: Spanish by the browser, by choice, and remembered", { skip }, async (context) => {
  const page = await open(context, { ...PHONE, language: "es-ES" });
  await says(page, "Hay demasiado encendido a la vez");
  assert.match(
    await text(page, ".story"),
    /Battery inverter había gastado el 50 % de su tiempo de sobrecarga/,
  );
  assert.equal(await page.locator("html").getAttribute("lang"), "es");
  await page.getByRole("button", { name: "English" }).click();
  await says(page, "Too much is running at once");
  await page.reload();
  await says(page, "Too much is running at once");
});

test("page: a silent controller is said at once, and nothing passes for live", { skip }, async (context) => {
  const page = await open(context, DESK);
  await page.locator(".is-live").waitFor();
  speaking = false;
  context.after(() => {
    speaking = true;
    village.snapshot();
  });
  village.skip(42_000);
  await says(page, /Last word from the controller 4\d\ss ago/);
  assert.equal(await page.locator(".is-live").count(), 0);
  assert.match(await words(card(page, "House 5")), /1\.5\skW \d+\ss old/);
  village.control("offline");
  await says(page, /The controller is not running; last word/);
  speaking = true;
  village.control("online");
  await page.locator(".is-live").waitFor();
  assert.equal(await page.locator(".lost").count(), 0);
});

test("page: without services it keeps the last state, marked, and comes back by itself", {
  skip,
}, async (context) => {
  const seen = await see(browser, village.url, PHONE);
  context.after(() => seen.context.close());
  await says(seen.page, "Too much is running at once");
  await village.stop();
  await says(seen.page, /As of 10:42, no news since \(\d+\ss\): the controller's computer cannot be reached/);
  assert.match(await words(card(seen.page, "House 4")), /Water heater/);
  await village.start();
  await seen.page.locator(".is-live").waitFor({ timeout: 10_000 });
});

test("page: opened without services' answers it shows what it knew, marked as old", {
  skip,
}, async (context) => {
  const seen = await see(browser, village.url, PHONE);
  context.after(() => seen.context.close());
  await seen.page.locator(".is-live").waitFor();
  await seen.page.route("**/api/**", (route) => route.abort());
  await seen.page.reload();
  await says(seen.page, /As of 10:42, no news since/);
  await says(seen.page, "Too much is running at once");
});

test("page: hidden it lets go of its stream, seen again it takes a new one", { skip }, async (context) => {
  const page = await open(context, PHONE);
  await page.locator(".is-live").waitFor();
  const turn = (state: string) =>
    page.evaluate(`
      Object.defineProperty(document, "visibilityState", { value: "${state}", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));`);
  const streams = async (count: number) => {
    for (let tries = 0; tries < 40 && (await village.streams()) !== count; tries += 1)
      await page.waitForTimeout(50);
    assert.equal(await village.streams(), count);
  };
  await streams(1);
  await turn("hidden");
  await streams(0);
  await turn("visible");
  await streams(1);
  await page.locator(".is-live").waitFor();
});

test("page: its script travels compressed to those who take it so", { skip }, async () => {
  const name = readdirSync(join(PAGE_DIR, "assets")).find((path) => /^index-.*\.js$/.test(path)) ?? "";
  const plain = readFileSync(join(PAGE_DIR, "assets", name), "utf8");
  for (const [accepted, encoding] of [
    ["gzip", "gzip"],
    ["br, gzip", "br"],
    ["identity", null],
  ] as const) {
    const answer = await fetch(`${village.url}assets/${name}`, { headers: { "accept-encoding": accepted } });
    assert.equal(answer.headers.get("content-encoding"), encoding);
    assert.equal(answer.headers.get("cache-control"), "public, max-age=31536000, immutable");
    assert.match(answer.headers.get("content-type") ?? "", /javascript/);
    assert.equal(await answer.text(), plain);
  }
});

test("page: the script of its first view stays below 60 kB gzipped", () => {
  const named = [...readFileSync(join(PAGE_DIR, "index.html"), "utf8").matchAll(/assets\/[\w-]+\.js/g)];
  const bytes = named.reduce((sum, [name]) => sum + gzipSync(readFileSync(join(PAGE_DIR, name))).length, 0);
  assert.ok(bytes > 5_000 && bytes < 60_000, `${bytes} bytes`);
});
