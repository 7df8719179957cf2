// What the community agreed, in a real browser on a small phone: one proposes, another consents, everybody sees an emergency
// rule; in both languages, and readable by everybody (axe).
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { epoch } from "@gridwright/contract/units.ts";
import type { Page } from "playwright-core";
import { needs } from "../tools/needs.ts";
import { type Look, overhang, see } from "./browser.ts";
import { findings } from "./findings.ts";
import { villageInBrowser } from "./village-in-browser.ts";
import { BROWSER_NOW, MOMENT } from "./village-moment.ts";

const skip = needs("chromium");
const SHOTS = process.env.GRIDWRIGHT_SCREENSHOTS;
const PHONE: Look = { width: 360, height: 740, now: BROWSER_NOW };
const SPANISH: Look = { ...PHONE, dark: true, language: "es-ES" };
const at = villageInBrowser(skip);

/** A page of the demo in this role, with the card open. */
async function open(context: TestContext, look: Look, role: string): Promise<Page> {
  const seen = await see(at.browser, at.village.url, look);
  context.after(() => seen.context.close());
  const { page } = seen;
  const roles = page.locator(".person select");
  if ((await roles.inputValue()) !== role) {
    // Another role is another page: what is done before it comes is done on the one that goes.
    const came = page.waitForEvent("load");
    await roles.selectOption(role);
    await came;
  }
  await page.locator(`.person option[value=${role}]:checked`).waitFor({ state: "attached", timeout: 10_000 });
  await page.locator(".people summary").first().click();
  await page.locator("gridwright-agreements p").first().waitFor({ timeout: 10_000 });
  return page;
}
const says = (page: Page, text: string | RegExp) =>
  page.getByText(text).first().waitFor({ state: "visible", timeout: 12_000 });

async function readable(page: Page, name: string, inside = "gridwright-agreements"): Promise<void> {
  assert.deepEqual(await findings(page), []);
  assert.equal(await overhang(page), 0);
  if (SHOTS === undefined) return;
  mkdirSync(SHOTS, { recursive: true });
  await page
    .locator("details.people[open]")
    .filter({ has: page.locator(inside) })
    .screenshot({ path: join(SHOTS, `agreed-${name}.png`) });
}

test("agreements: a technician proposes, cannot consent alone, and an admin does, in Spanish too", {
  skip,
}, async (context) => {
  const technician = await open(context, PHONE, "technician");
  await technician.locator(".propose input[name=title]").fill("harvest week");
  await technician.locator(".propose select[name=load]").selectOption({ index: 3 });
  await technician.locator(".propose select[name=tier]").selectOption("1");
  await technician.getByRole("button", { name: "Propose it" }).click();
  await says(technician, "You stand behind it; somebody else must consent.");
  await readable(technician, "proposed-en");
  const member = await open(context, PHONE, "member");
  await says(member, "waits for a second person");
  assert.equal(await member.locator("gridwright-agreements button").count(), 0);
  const admin = await open(context, SPANISH, "admin");
  await says(admin, "espera a una segunda persona");
  await readable(admin, "consent-es");
  await admin.getByRole("button", { name: /^Doy mi acuerdo/ }).click();
  await says(admin, "acordado");
  await says(admin, /lo respaldan technician, admin/);
});

test("agreements: an emergency rule is declared by an admin and seen by every onlooker", {
  skip,
}, async (context) => {
  const admin = await open(context, PHONE, "admin");
  await admin.locator(".declare input[name=title]").fill("the river rises");
  await admin.locator(".declare select[name=load]").selectOption({ index: 4 });
  await admin.locator(".declare select[name=hours]").selectOption("48");
  await admin.getByRole("button", { name: "Declare it" }).click();
  await says(admin, "the river rises");
  const reason = {
    code: "alarm-emergency-rule",
    params: { title: "the river rises", forMs: 172_800_000 },
  } as const;
  at.village.alarm("raised", { id: "agreement/flood", severity: "warning", reason, raisedAt: epoch(MOMENT) });
  const viewer = await open(context, SPANISH, "viewer");
  await says(viewer, /norma de emergencia durante 48\sh como mucho: the river rises/);
  await readable(viewer, "emergency-es");
});

test("contests: a member contests a decision from the story, an admin reads the evidence and rules, all read it", {
  skip,
}, async (context) => {
  const member = await open(context, PHONE, "member");
  const entry = member
    .locator(".story .entry")
    .filter({ has: member.locator(".exactly") })
    .first();
  await entry.locator("summary").first().click();
  await entry.locator(".contest-ask summary").click();
  await entry.locator("input[name=why]").fill("the pump was not running");
  await entry.getByRole("button", { name: "Contest it" }).click();
  await says(member, /^Taken: an admin rules on it/);
  assert.deepEqual(await findings(member), []);
  const admin = await open(context, SPANISH, "admin");
  await admin.getByText("Decisiones impugnadas", { exact: true }).click();
  const contest = admin.locator(".contest");
  await contest.getByText("member la impugna: the pump was not running").waitFor({ timeout: 12_000 });
  await contest.locator(".evidence summary").click();
  await contest.getByText("Lo que se vio").waitFor({ timeout: 12_000 });
  await readable(admin, "contest-es", "gridwright-contests");
  await contest.locator("select[name=outcome]").selectOption("wrong");
  await contest.locator("input[name=why]").fill("el contador iba al revés");
  await contest.locator("input[name=correction]").fill("2 kWh a casa 3");
  await contest.getByRole("button", { name: "Resolver" }).click();
  await says(admin, "Se corrige: 2 kWh a casa 3");
  await member.getByText("Who did what", { exact: true }).click();
  await says(member, /put right: 2 kWh a casa 3/);
});
