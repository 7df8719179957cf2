// One's own account as its owner meets it, in a real browser on a small phone: keys for programs, where one is signed in,
// a new password; and an admin's link for who forgot it. In both languages, and readable by everybody (axe).
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { PersonRole } from "@gridwright/contract/roles.ts";
import { joined, PASSWORD } from "@gridwright/runtime/people/desk-fixture.ts";
import { Secret, TOTP } from "otpauth";
import type { Page } from "playwright-core";
import { needs } from "../tools/needs.ts";
import { type Look, overhang, see } from "./browser.ts";
import { findings } from "./findings.ts";
import { villageInBrowser } from "./village-in-browser.ts";
import { BROWSER_NOW } from "./village-moment.ts";

const skip = needs("chromium");
const SHOTS = process.env.GRIDWRIGHT_SCREENSHOTS;
const PHONE: Look = { width: 360, height: 740 };
const SPANISH: Look = { ...PHONE, dark: true, language: "es-ES" };
const at = villageInBrowser(skip, { demo: false });

/** Made once per role; the first account of a desk is an admin. */
const made = new Map<PersonRole, Promise<string>>();
async function account(role: PersonRole): Promise<string> {
  if (role !== "admin") await account("admin");
  const login = made.get(role) ?? joined(at.village.desk, role).then(() => `${role}-x`);
  made.set(role, login);
  return login;
}

async function open(context: TestContext, look: Look, hash = ""): Promise<Page> {
  const view = hash === "" ? {} : { view: hash.slice(1) };
  const seen = await see(at.browser, at.village.url, { ...look, ...view, now: BROWSER_NOW });
  context.after(() => seen.context.close());
  return seen.page;
}

async function signIn(page: Page, login: string, password = PASSWORD): Promise<void> {
  await page.locator("input[name=login]").fill(login);
  await page.locator("input[name=password]").fill(password);
  await page.locator(".door button").click();
  await page.locator(".person").waitFor({ timeout: 10_000 });
}

const says = (page: Page, text: string | RegExp) =>
  page.getByText(text).first().waitFor({ state: "visible", timeout: 10_000 });
const openCard = (page: Page, title: string) => page.locator(".people summary", { hasText: title }).click();

async function readable(page: Page, name: string): Promise<void> {
  assert.deepEqual(await findings(page), []);
  assert.equal(await overhang(page), 0);
  if (SHOTS === undefined) return;
  mkdirSync(SHOTS, { recursive: true });
  const card = page.locator("details.people[open], .door").first();
  await card.screenshot({ path: join(SHOTS, `account-${name}.png`) });
}

const words: [string, Look, Record<"own" | "make" | "once" | "withdraw" | "none", string | RegExp>][] = [
  [
    "in English",
    PHONE,
    {
      own: "My account",
      make: "Make a key",
      once: /shown this once/,
      withdraw: /^Withdraw/,
      none: "You have none.",
    },
  ],
  [
    "in Spanish and the dark",
    SPANISH,
    {
      own: "Mi cuenta",
      make: "Crear una clave",
      once: /solo se muestra esta vez/,
      withdraw: /^Retirar/,
      none: "No tienes ninguna.",
    },
  ],
];
for (const [sentence, look, say] of words)
  test(`account: ${sentence} a member makes a key for a program, sees it once and withdraws it`, {
    skip,
  }, async (context) => {
    const login = await account("member");
    const page = await open(context, look);
    await signIn(page, login);
    await openCard(page, String(say.own));
    await page.locator("input[name=name]").fill("the boiler's script");
    await page.getByRole("button", { name: say.make }).click();
    await says(page, say.once);
    const secret = (await page.locator(".told code").textContent()) ?? "";
    const headers = { authorization: `Bearer ${secret}` };
    const asked = () => fetch(`${at.village.url}api/v1/site`, { headers }).then(({ status }) => status);
    assert.equal(await asked(), 200);
    await readable(page, `own-${look.language ?? "en"}`);
    await page.reload();
    await openCard(page, String(say.own));
    await says(page, /the boiler's script/);
    assert.equal(await page.getByText(secret).count(), 0, "it is shown once");
    await page.getByRole("button", { name: say.withdraw }).click();
    await says(page, say.none);
    assert.equal(await asked(), 401);
  });

test("account: a member ends a session that was left open elsewhere, then all", { skip }, async (context) => {
  const login = await account("member");
  const [here, there] = [await open(context, PHONE), await open(context, PHONE)];
  await signIn(there, login);
  await signIn(here, login);
  await openCard(here, "My account");
  await here
    .getByRole("button", { name: /^Sign out there/ })
    .first()
    .waitFor({ timeout: 10_000 });
  const others = here.getByRole("button", { name: /^Sign out there/ });
  while ((await others.count()) > 0) {
    const before = await others.count();
    await others.first().click();
    await others.nth(before - 1).waitFor({ state: "detached", timeout: 10_000 });
  }
  await there.reload();
  await says(there, "This page is for the people of this community.");
  await here.getByRole("button", { name: "Sign out everywhere" }).click();
  await says(here, "This page is for the people of this community.");
});

test("account: a password is changed by its owner, who needs the old one", { skip }, async (context) => {
  const login = await account("viewer");
  const page = await open(context, PHONE);
  await signIn(page, login);
  await openCard(page, "My account");
  const change = async (old: string): Promise<void> => {
    await page.locator("input[name=old]").fill(old);
    await page.locator("input[name=password]").fill("four wet summers");
    await page.getByRole("button", { name: "Change it" }).click();
  };
  await change("not it at all");
  await says(page, "The present password is wrong.");
  await change(PASSWORD);
  await says(page, "This page is for the people of this community.");
  await signIn(page, login, "four wet summers");
});

test("account: an admin gives a link to who forgot the password, and a link to a screen", {
  skip,
}, async (context) => {
  const login = await account("technician");
  const admin = await open(context, PHONE);
  await signIn(admin, await account("admin"));
  await openCard(admin, "People, for admins");
  const row = admin.locator("tr", { hasText: "A technician" });
  await row.getByRole("button", { name: /^New password/ }).click();
  const link = async (kind: string): Promise<string> => {
    await admin.locator(".told code", { hasText: `#${kind}=` }).waitFor({ timeout: 10_000 });
    return new URL((await admin.locator(".told code").textContent()) ?? "").hash;
  };
  const reset = await link("reset");
  await readable(admin, "admin-en");
  const forgetful = await open(context, SPANISH, reset);
  await says(forgetful, "Elige una contraseña nueva para tu cuenta.");
  await readable(forgetful, "reset-es");
  await forgetful.locator("input[name=password]").fill("five dry winters");
  await forgetful.locator(".door button").click();
  await says(forgetful, /A technician · técnic/);
  const again = await open(context, PHONE, reset);
  await again.locator("input[name=password]").fill("six of them");
  await again.locator(".door button").click();
  await says(again, /used or is too old/);
  await admin.locator("select[name=role]").selectOption("screen");
  await admin.getByRole("button", { name: "Make a link" }).click();
  const screen = await open(context, { width: 1_280, height: 800 }, await link("screen"));
  await screen.locator(".page.wall").waitFor({ timeout: 10_000 });
  assert.equal(await screen.locator(".people").count(), 0);
  await admin.reload();
  await openCard(admin, "People, for admins");
  await admin.getByRole("button", { name: "Show no more" }).click();
  await says(admin, "No screen shows the page.");
  await screen.reload();
  await says(screen, "This page is for the people of this community.");
  assert.ok(login !== "");
});

/** The phone: what it shows now for this secret. */
const phone = (secret: string): string =>
  new TOTP({ digits: 6, period: 30, secret: Secret.fromBase32(secret) }).generate();

test("account: a second step is set up from a picture, asked for at the door, and must be there where an admin says so", {
  skip,
}, async (context) => {
  const admin = await open(context, PHONE);
  await signIn(admin, await account("admin"));
  await openCard(admin, "My account");
  const part = admin.locator("gridwright-second");
  await part.locator("input[name=given]").fill(PASSWORD);
  await part.getByRole("button", { name: "Set it up" }).click();
  await part.locator("svg.qr").waitFor({ timeout: 10_000 });
  await readable(admin, "second-en");
  const secret = (await part.locator(".told code").textContent()) ?? "";
  await part.locator("input[name=given]").fill("000 000");
  await part.getByRole("button", { name: "Turn it on" }).click();
  await says(admin, /That code does not fit/);
  await part.locator("input[name=given]").fill(phone(secret));
  await part.getByRole("button", { name: "Turn it on" }).click();
  await part.locator(".recovery code").first().waitFor({ timeout: 10_000 });
  const recovery = await part.locator(".recovery code").allTextContents();
  assert.equal(recovery.length, 10);
  await readable(admin, "recovery-en");
  await part.getByRole("button", { name: "I have them" }).click();
  await says(admin, "On. Recovery codes left: 10.");
  await openCard(admin, "People, for admins");
  await admin.locator("select[name=second-from]").selectOption("technician");
  await admin.reload();
  await openCard(admin, "People, for admins");
  await admin.locator("select[name=second-from]").waitFor({ timeout: 10_000 });
  await admin
    .locator("option[value=technician]:checked")
    .first()
    .waitFor({ state: "attached", timeout: 10_000 });
  const door = await open(context, PHONE);
  await door.locator("input[name=login]").fill(await account("admin"));
  await door.locator("input[name=password]").fill(PASSWORD);
  await door.locator(".door button").click();
  await says(door, "One more step: the code that your phone shows.");
  await readable(door, "code-en");
  await door.locator("input[name=code]").fill("123 456");
  await door.locator(".door button").click();
  await says(door, /That code does not fit/);
  await door.locator("input[name=code]").fill(recovery[3] ?? "");
  await door.locator(".door button").click();
  await door.locator(".person").waitFor({ timeout: 10_000 });
});

test("account: who must have a second step sets it up before the page begins, in Spanish", {
  skip,
}, async (context) => {
  await joined(at.village.desk, "technician", "house-2");
  const login = "technician-house-2";
  const page = await open(context, SPANISH);
  await page.locator("input[name=login]").fill(login);
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.locator(".door button").click();
  await says(page, /Tu papel debe tener un segundo paso/);
  await page.locator("input[name=given]").fill(PASSWORD);
  await page.getByRole("button", { name: "Activarlo" }).click();
  await page.locator("svg.qr").waitFor({ timeout: 10_000 });
  await readable(page, "second-es");
  const secret = (await page.locator(".told code").textContent()) ?? "";
  await page.locator("input[name=given]").fill(phone(secret));
  await page.getByRole("button", { name: "Activar" }).click();
  await page.getByRole("button", { name: "Ya los tengo" }).click();
  await page.locator(".person").waitFor({ timeout: 10_000 });
});
