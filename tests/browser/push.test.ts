// News on a device, as its owner switches it on: off until then, whose servers see it said before, and what the service worker
// shows of what arrives. The servers in between are left out: the browser is handed the message by its own debugging line.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, type TestContext, test } from "node:test";
import type { PushNotice } from "@gridwright/contract/push.ts";
import { joined } from "@gridwright/runtime/people/desk-fixture.ts";
import type { Browser, Page } from "playwright-core";
import { needs } from "../tools/needs.ts";
import { until } from "../tools/until.ts";
import { launch, overhang, WHOLE_CHROMIUM } from "./browser.ts";
import { type CannedVillage, PUSH_KEY, startCannedVillage } from "./canned-village.ts";
import { findings } from "./findings.ts";
import { BROWSER_NOW } from "./village-moment.ts";

const skip = needs("chromium");
const SHOTS = process.env.GRIDWRIGHT_SCREENSHOTS;
const ENDPOINT = "https://fcm.googleapis.com/fcm/send/c0ffee";
const KEYS = { p256dh: "B".repeat(87), auth: "a".repeat(22) };

/** Stands for the browser maker's server, which a test must not ask; what the page does with it is real. */
const NO_MAKER = `
let there = null;
const made = { endpoint: "${ENDPOINT}", toJSON: () => ({ keys: ${JSON.stringify(KEYS)} }), unsubscribe: async () => { there = null; return true; } };
PushManager.prototype.getSubscription = async () => there;
PushManager.prototype.subscribe = async ({ applicationServerKey }) => { globalThis.givenKey = applicationServerKey; there = made; return made; };
`;

let village: CannedVillage;
let browser: Browser;
let beat: ReturnType<typeof setInterval>;
before(async () => {
  if (skip !== false) return;
  village = await startCannedVillage({ demo: false });
  browser = await launch([], WHOLE_CHROMIUM);
  beat = setInterval(() => village.tick({}), 200);
});
after(async () => {
  clearInterval(beat);
  await browser?.close();
  await village?.stop();
});

interface Who {
  readonly role: "member" | "technician";
  readonly member?: string;
  readonly width: number;
  readonly dark?: boolean;
  readonly language?: string;
}

async function signedIn(context: TestContext, { role, member, ...look }: Who): Promise<Page> {
  if (village.desk.kept.now().accounts.length === 0) await joined(village.desk, "admin");
  const secret = await joined(village.desk, role, member);
  const seen = await browser.newContext({
    viewport: { width: look.width, height: 800 },
    colorScheme: look.dark === true ? "dark" : "light",
    locale: look.language ?? "en-GB",
    reducedMotion: "reduce",
    permissions: ["notifications"],
  });
  context.after(() => seen.close());
  await seen.addCookies([{ name: "gridwright-session", value: secret, url: village.url }]);
  const page = await seen.newPage();
  await page.addInitScript(NO_MAKER);
  await page.clock.setFixedTime(BROWSER_NOW);
  await page.goto(village.url);
  await page.evaluate("navigator.serviceWorker.ready.then(() => 1)");
  return page;
}

async function shoot(page: Page, name: string): Promise<void> {
  if (SHOTS === undefined) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.locator("gridwright-push").screenshot({ path: join(SHOTS, `${name}.png`) });
}

const part = (page: Page) => page.locator("gridwright-push");
const pushes = async () =>
  village.desk.kept
    .now()
    .pushes.map(({ endpoint, language, home, site }) => ({ endpoint, language, home, site }));

test("push: off until it is switched on, then kept with the account, then off again", {
  skip,
}, async (context) => {
  const page = await signedIn(context, { role: "member", member: "house-1", width: 320 });
  await page.locator(".people summary", { hasText: "My account" }).click();
  await part(page)
    .getByText(/^Off until you switch it on\. .* It passes through the servers of your browser's maker/)
    .waitFor();
  assert.deepEqual(await pushes(), []);
  assert.equal(
    await part(page).getByLabel("Alarms of the site").count(),
    0,
    "a member hears the own home alone",
  );
  assert.deepEqual([await overhang(page), await findings(page)], [0, []]);
  await shoot(page, "push-off-phone");
  await part(page).getByRole("button", { name: "Switch it on here" }).click();
  await part(page)
    .getByText(/: my home, since /)
    .waitFor();
  assert.deepEqual(await pushes(), [{ endpoint: ENDPOINT, language: "en", home: true, site: false }]);
  assert.equal(await page.evaluate("givenKey"), PUSH_KEY);
  assert.deepEqual([await overhang(page), await findings(page)], [0, []]);
  await shoot(page, "push-on-phone");
  await part(page)
    .getByRole("button", { name: /^Tell it no more/ })
    .click();
  await until(pushes, []);
  await part(page).getByRole("button", { name: "Switch it on here" }).waitFor();
});

test("push: a technician chooses, in Spanish and the dark; signing out ends it in this browser", {
  skip,
}, async (context) => {
  const page = await signedIn(context, { role: "technician", width: 1_280, dark: true, language: "es-ES" });
  await page.locator(".people summary", { hasText: "Mi cuenta" }).click();
  await part(page).getByLabel("Las alarmas del sitio").uncheck();
  await part(page).getByRole("button", { name: "Encenderlo aquí" }).click();
  await part(page).getByText("Elige qué quieres saber.").waitFor();
  await part(page).getByLabel("Las alarmas del sitio").check();
  await part(page).getByRole("button", { name: "Encenderlo aquí" }).click();
  await part(page)
    .getByText(/: alarmas del sitio, desde /)
    .waitFor();
  assert.deepEqual(await pushes(), [{ endpoint: ENDPOINT, language: "es", home: false, site: true }]);
  assert.deepEqual([await overhang(page), await findings(page)], [0, []]);
  await shoot(page, "push-es-dark");
});

test("push: what arrives is shown by the service worker, and what is over takes its place", {
  skip,
}, async (context) => {
  const page = await signedIn(context, { role: "member", member: "house-2", width: 390 });
  const line = await page.context().newCDPSession(page);
  const registered = new Promise<string>((resolve) =>
    line.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      const [one] = registrations;
      if (one !== undefined) resolve(one.registrationId);
    }),
  );
  await line.send("ServiceWorker.enable");
  const registrationId = await registered;
  const deliver = (notice: PushNotice) =>
    line.send("ServiceWorker.deliverPushMessage", {
      ...{ origin: new URL(village.url).origin, registrationId, data: JSON.stringify(notice) },
    });
  const shown = () =>
    page.evaluate<unknown>(
      `navigator.serviceWorker.ready.then((one) => one.getNotifications()).then((all) => all.map(({ title, body, tag }) => [title, body, tag]))`,
    );
  const notice = {
    title: "Urgent · Valley",
    text: "The public grid is gone.",
    tag: "grid-lost/line",
    at: BROWSER_NOW,
  };
  await deliver(notice);
  await until(shown, [["Urgent · Valley", "The public grid is gone.", "grid-lost/line"]]);
  await deliver({ ...notice, title: "Over · Valley", text: "The public grid is back." });
  await until(shown, [["Over · Valley", "The public grid is back.", "grid-lost/line"]]);
});
