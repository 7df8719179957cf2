// What the page says when its word is no longer worth anything, and of alarms that began and ended, in a real browser.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Alarm } from "@gridwright/contract/alarms.ts";
import { epoch } from "@gridwright/contract/units.ts";
import type { Page } from "playwright-core";
import { needs } from "../tools/needs.ts";
import { see } from "./browser.ts";
import { freezableLine } from "./freezable-line.ts";
import { villageInBrowser } from "./village-in-browser.ts";
import { BROWSER_NOW, MOMENT } from "./village-moment.ts";

const skip = needs("chromium");
const DESK = { width: 1_280, height: 800, now: BROWSER_NOW };

const at = villageInBrowser(skip);

const says = (page: Page, text: string | RegExp, timeout = 8_000) =>
  page.getByText(text).first().waitFor({ state: "visible", timeout });
const text = async (page: Page, selector: string) =>
  ((await page.locator(selector).first().textContent()) ?? "").replace(/\s+/g, " ").trim();

test("trust: a line that stays open and says nothing makes everything old, with growing ages and no advice", {
  skip,
}, async (context) => {
  const line = await freezableLine(Number(new URL(at.village.url).port));
  const seen = await see(at.browser, line.url, DESK);
  context.after(async () => {
    await seen.context.close();
    line.close();
  });
  const { page } = seen;
  await page.locator(".is-live").waitFor();
  at.village.tick({ points: { "gx-battery/soc": 0.93 }, assets: {} });
  line.freeze();
  await says(page, "The page has lost touch with the controller", 16_000);
  assert.equal(await page.locator(".is-live").count(), 0);
  await says(page, /1\.5\skW \d+\ss old/);
  const ageOf = async () => Number(/told (\d+)\ss ago/.exec(await text(page, ".battery-line"))?.[1]);
  const first = await ageOf();
  assert.ok(first >= 11, `${first} s`);
  await page.waitForTimeout(3_000);
  assert.ok((await ageOf()) >= first + 2, `${await ageOf()} s after ${first} s`);
  assert.doesNotMatch(await text(page, ".mood"), /good time|Please|Everything that is wanted/);
});

const gridLost: Alarm = {
  id: "grid-lost",
  severity: "warning",
  reason: { code: "alarm-grid-lost", params: {} },
  raisedAt: epoch(MOMENT - 600_000),
};

test("trust: the loss and the return of the grid stand in the story at their times", {
  skip,
}, async (context) => {
  const seen = await see(at.browser, at.village.url, DESK);
  context.after(() => seen.context.close());
  const { page } = seen;
  at.village.alarm("raised", gridLost);
  await page.locator(".alarms").getByText("The public grid is gone").waitFor();
  await page.locator(".entries").getByText("The public grid is gone").waitFor();
  at.village.alarm("cleared", { ...gridLost, clearedAt: epoch(MOMENT - 5_000) });
  await page.locator(".entries").getByText("The public grid is back").waitFor();
  assert.doesNotMatch(await text(page, ".alarms"), /grid/);
  const story = await text(page, ".entries");
  assert.match(
    story,
    /^10:42 The public grid is back\. 10:42 Water heaters .* 10:32 The public grid is gone\./,
  );
});

test("trust: what the controller suffers from is shown to technicians alone", { skip }, async (context) => {
  const seen = await see(at.browser, at.village.url, DESK);
  context.after(() => seen.context.close());
  const { page } = seen;
  const reason = { code: "alarm-lateness", params: { lateMs: 1_740 } } as const;
  at.village.alarm("raised", { ...gridLost, id: "control/lateness", reason });
  await page.locator(".devices summary").getByText("1 notice").waitFor();
  assert.doesNotMatch(await text(page, "main > section .alarms"), /late/);
  await page.locator(".devices summary").click();
  await says(page, /The control loop was 1\.7\ss late/);
});
