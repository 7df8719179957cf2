// Coming in as a person does, in a real browser: the set-up link, an invitation, a wrong password, going out; on a phone
// and a desktop, in both languages, light and dark, and readable by everybody (axe).
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, type TestContext, test } from "node:test";
import { setUpInvite } from "@gridwright/runtime/people/people.ts";
import type { Browser, Page } from "playwright-core";
import { needs } from "../tools/needs.ts";
import { type Look, launch, overhang } from "./browser.ts";
import { type CannedVillage, startCannedVillage } from "./canned-village.ts";
import { findings } from "./findings.ts";
import { BROWSER_NOW } from "./village-moment.ts";

const skip = needs("chromium");
const SHOTS = process.env.GRIDWRIGHT_SCREENSHOTS;
const PHONE: Look = { width: 390, height: 844 };
const PASSWORD = "three dry years";

let village: CannedVillage;
let demo: CannedVillage;
let browser: Browser;
let beat: ReturnType<typeof setInterval>;

before(async () => {
  if (skip !== false) return;
  village = await startCannedVillage({ demo: false });
  demo = await startCannedVillage();
  browser = await launch();
  beat = setInterval(() => {
    village.tick({});
    demo.tick({});
  }, 200);
});
after(async () => {
  clearInterval(beat);
  await browser?.close();
  await village?.stop();
  await demo?.stop();
});

async function open(context: TestContext, url: string, look: Look): Promise<Page> {
  const seen = await browser.newContext({
    viewport: { width: look.width, height: look.height },
    colorScheme: look.dark === true ? "dark" : "light",
    locale: look.language ?? "en-GB",
    reducedMotion: "reduce",
  });
  context.after(() => seen.close());
  const page = await seen.newPage();
  await page.clock.setFixedTime(BROWSER_NOW);
  await page.goto(url);
  return page;
}

async function shoot(page: Page, name: string): Promise<void> {
  if (SHOTS === undefined) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
}

const says = (page: Page, text: string | RegExp) =>
  page.getByText(text).first().waitFor({ state: "visible", timeout: 8_000 });

const card = (page: Page, title: string) => page.locator(".people summary", { hasText: title });

async function become(page: Page, { name, login }: { name: string; login: string }): Promise<void> {
  await page.getByLabel("Your name").fill(name);
  await page.getByLabel("Login").fill(login);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Come in" }).click();
}

test("people: the set-up link makes an admin, who invites a member, who comes in by phone", {
  skip,
}, async (context) => {
  const setUp = await setUpInvite(village.desk);
  assert.ok(setUp !== undefined);
  const admin = await open(context, `${village.url}#invite=${setUp.secret}`, { width: 1_280, height: 800 });
  await says(admin, "You are invited.");
  assert.deepEqual(await findings(admin), []);
  await become(admin, { name: "Ada", login: "ada" });
  await says(admin, "Ada · admin");
  await card(admin, "People, for admins").click();
  await admin.locator("select[name=member]").selectOption({ index: 2 });
  await admin.getByRole("button", { name: "Make a link" }).click();
  const link = (await admin.locator(".told code").textContent()) ?? "";
  assert.match(link, /^http:\/\/127\.0\.0\.1:\d+\/#invite=/);
  await card(admin, "Who did what").click();
  await says(admin, /Ada invited somebody/);
  assert.deepEqual(await findings(admin), []);
  await shoot(admin, "people-admin");
  const member = await open(context, link, PHONE);
  await says(member, "You are invited.");
  await shoot(member, "people-join-phone");
  await become(member, { name: "Bo", login: "bo" });
  await says(member, "Bo · member");
  await card(member, "Who did what").waitFor({ state: "visible", timeout: 8_000 });
  assert.equal(await card(member, "People, for admins").count(), 0, "a member has no admin's part");
  assert.equal(await overhang(member), 0);
  await member.getByRole("button", { name: "Sign out" }).click();
  await says(member, "This page is for the people of this community.");
  assert.equal(await member.evaluate<string | null>('localStorage.getItem("gridwright-last")'), null);
  await member.goto(link);
  await member.reload();
  await become(member, { name: "Cy", login: "cy" });
  await says(member, "This invitation was used or is too old.");
});

const looks: [string, Look, RegExp, RegExp][] = [
  ["a phone in English", PHONE, /^This page is for the people/, /Login or password is wrong/],
  [
    "a desktop in Spanish and the dark",
    { width: 1_280, height: 800, dark: true, language: "es-ES" },
    /^Esta página es para la gente/,
    /El usuario o la contraseña no son correctos/,
  ],
];
for (const [device, look, greeting, refusal] of looks)
  test(`people: the door on ${device} says who it is for, and that a password was wrong`, {
    skip,
  }, async (context) => {
    const page = await open(context, village.url, look);
    await says(page, greeting);
    await page.locator("input[name=login]").fill("ada");
    await page.locator("input[name=password]").fill("not it at all");
    await page.locator("button").click();
    await says(page, refusal);
    assert.deepEqual(await findings(page), []);
    assert.equal(await overhang(page), 0);
    await shoot(page, `people-door-${device.replace(/^a /, "").replaceAll(" ", "-")}`);
  });

test("people: in the demo one looks in any role, without a password", { skip }, async (context) => {
  const page = await open(context, demo.url, PHONE);
  await says(page, "You look at the demo as");
  assert.equal(await card(page, "People, for admins").count(), 0);
  await page.locator(".person select").selectOption("admin");
  await card(page, "People, for admins").waitFor({ state: "attached", timeout: 8_000 });
  await shoot(page, "people-demo-phone");
});

const pages: [string, Look][] = [
  ["a phone", PHONE],
  ["a phone in the dark, in Spanish", { ...PHONE, dark: true, language: "es-ES" }],
  ["a desktop in the dark", { width: 1_280, height: 800, dark: true }],
  ["a desktop in Spanish", { width: 1_280, height: 800, language: "es-ES" }],
];
for (const [device, look] of pages)
  test(`people: everybody can read the page on ${device} (axe)`, { skip }, async (context) => {
    const page = await open(context, demo.url, look);
    await page.locator(".story").waitFor({ timeout: 8_000 });
    assert.deepEqual(await findings(page), []);
  });

const homes: [string, Look, RegExp, RegExp, RegExp][] = [
  ["a phone", PHONE, /^My home: House 1/, /Ask to switch off/, /Answer: yes, taken\./],
  [
    "a desktop in the dark, in Spanish",
    { width: 1_280, height: 800, dark: true, language: "es-ES" },
    /^Mi casa: House 1/,
    /Pedir que se apague/,
    /Respuesta: sí/,
  ],
];
for (const [device, look, title, button, yes] of homes)
  test(`people: on ${device} a member finds the own home, and asks for a load and is answered`, {
    skip,
  }, async (context) => {
    const page = await open(context, demo.url, look);
    await says(page, title);
    const home = page.locator(".home");
    const text = ((await home.textContent()) ?? "").replace(/\s+/g, " ");
    assert.match(text, /Water heater/);
    assert.doesNotMatch(text, /House [2-8]/, "no other house is named");
    await home.getByRole("button", { name: button }).first().click();
    await says(page, yes);
    assert.deepEqual(await findings(page), []);
    assert.equal(await overhang(page), 0);
    await shoot(page, `home-${device.replace(/^a /, "").replaceAll(/,? /g, "-")}`);
  });

test("people: what is asked and refused says why", { skip }, async (context) => {
  const page = await open(context, demo.url, PHONE);
  await page
    .locator(".home")
    .getByRole("button", { name: /Ask to switch on/ })
    .click();
  await says(page, /Answer: no, it is held off: fuse work\./);
});

test("people: an onlooker has no home to switch", { skip }, async (context) => {
  const page = await open(context, demo.url, PHONE);
  await page.locator(".person select").selectOption("viewer");
  await page.locator(".home").waitFor({ state: "detached", timeout: 8_000 });
});

test("people: the description of the API shows itself and asks nobody else", { skip }, async (context) => {
  const page = await open(context, "about:blank", { width: 1_280, height: 800 });
  const strangers: string[] = [];
  const errors: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(demo.url) && !request.url().startsWith("data:"))
      strangers.push(request.url());
  });
  page.on("console", (message) => {
    // One style attribute of the reader's; the policy blocks it, and it is not missed.
    if (message.type() === "error" && !/^Applying inline style/.test(message.text()))
      errors.push(message.text());
  });
  await page.goto(`${demo.url}api/docs`);
  await says(page, "Everything as it is now");
  assert.deepEqual([strangers, errors], [[], []]);
  await shoot(page, "api-docs");
});
