// The page without the controller's computer: it opens from what the browser keeps, shows the last state marked as old, and
// gives way to a newer page by itself. On loopback and by TLS of the site's own authority.
import assert from "node:assert/strict";
import { createHash, X509Certificate } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { openTls } from "@gridwright/runtime/tls/site-tls.ts";
import type { Page } from "playwright-core";
import { needs } from "../tools/needs.ts";
import { launch, see } from "./browser.ts";
import { PAGE_DIR, startCannedVillage } from "./canned-village.ts";
import { villageInBrowser } from "./village-in-browser.ts";
import { BROWSER_NOW } from "./village-moment.ts";

const skip = needs("chromium");
const PHONE = { width: 360, height: 740, now: BROWSER_NOW };

const at = villageInBrowser(skip);

const says = (page: Page, text: string | RegExp) =>
  page.getByText(text).first().waitFor({ state: "visible", timeout: 10_000 });
const live = (page: Page) => page.locator(".is-live").waitFor({ timeout: 15_000 });
/** Until the browser keeps the page. */
const isKept = (page: Page) => page.evaluate<unknown>("navigator.serviceWorker.ready.then(() => 1)");

function folder(context: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "gridwright-page-"));
  context.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test("offline: the server cut, the page opens with the last state, marked old, and comes back by itself", {
  skip,
}, async (context) => {
  const seen = await see(at.browser, at.village.url, PHONE);
  context.after(() => seen.context.close());
  const { page } = seen;
  await live(page);
  await isKept(page);
  await at.village.stop();
  await page.reload();
  await says(page, /As of 10:42, no news since/);
  assert.equal(await page.locator(".is-live").count(), 0);
  await says(page, "My home: House 1");
  await says(page, /Water heaters of houses 1 and 4 switched off/);
  await page.goto("about:blank");
  await page.goto(at.village.url);
  await says(page, /As of 10:42, no news since/);
  await at.village.start();
  await live(page);
  assert.equal(await page.locator(".lost").count(), 0);
  assert.deepEqual(seen.strangers, []);
});

test("offline: a browser that remembers nothing says that nobody answers, in its own language", {
  skip,
}, async (context) => {
  const seen = await see(at.browser, at.village.url, { ...PHONE, language: "es-ES" });
  context.after(() => seen.context.close());
  const { page } = seen;
  await live(page);
  await isKept(page);
  await at.village.stop();
  await page.goto("about:blank");
  await page.addInitScript("localStorage.clear()");
  await page.goto(at.village.url);
  await says(page, "No se alcanza el ordenador del controlador");
  await at.village.start();
  await live(page);
});

test("offline: after an upgrade the new page takes the old one's place, also where it stays open", {
  skip,
}, async (context) => {
  const pageDir = folder(context);
  cpSync(PAGE_DIR, pageDir, { recursive: true });
  const village = await startCannedVillage({ pageDir });
  context.after(() => village.stop());
  const beat = setInterval(() => village.tick({}), 200);
  context.after(() => clearInterval(beat));
  const seen = await see(at.browser, village.url, PHONE);
  context.after(() => seen.context.close());
  const { page } = seen;
  await live(page);
  await isKept(page);
  const replace = (name: string, from: RegExp, to: string) => {
    const path = join(pageDir, name);
    writeFileSync(path, readFileSync(path, "utf8").replace(from, to));
    for (const packed of ["br", "gz"]) rmSync(`${path}.${packed}`, { force: true });
  };
  replace("index.html", /<body>/, '<body data-upgraded="yes">');
  replace("worker.js", /"version":"\w+"/, '"version":"another"');
  await page.reload();
  await live(page);
  assert.equal(await page.locator("[data-upgraded]").count(), 0, "first what is kept is shown");
  await page.locator("[data-upgraded]").waitFor({ state: "attached", timeout: 15_000 });
  await live(page);
  assert.deepEqual(await page.evaluate("caches.keys()"), ["gridwright-page-another"]);
  replace("index.html", /yes/, "twice");
  replace("worker.js", /"version":"\w+"/, '"version":"third"');
  await village.stop();
  await village.start();
  await page.locator('[data-upgraded="twice"]').waitFor({ state: "attached", timeout: 20_000 });
});

test("offline: by TLS of the site's own authority, where the device trusts it", { skip }, async (context) => {
  const address = "127.0.0.7";
  const tls = await openTls({
    dataDir: folder(context),
    name: "page",
    site: "Village",
    hosts: [address],
    io: hostClock(),
  });
  const { publicKey } = new X509Certificate(tls.server.cert);
  const trusted = createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("base64");
  const browser = await launch([`--ignore-certificate-errors-spki-list=${trusted}`]);
  context.after(() => browser.close());
  const village = await startCannedVillage({ lan: { address, port: 0, tls: async () => tls } });
  context.after(() => village.stop());
  const beat = setInterval(() => village.tick({}), 200);
  context.after(() => clearInterval(beat));
  const { page, strangers } = await see(browser, village.secureUrl, PHONE);
  await live(page);
  await isKept(page);
  await village.stop();
  await page.reload();
  await says(page, /As of 10:42, no news since/);
  assert.deepEqual(strangers, []);
});

test("offline: the browser finds nothing that keeps the page from being installed", {
  skip,
}, async (context) => {
  const seen = await see(at.browser, at.village.url, PHONE);
  context.after(() => seen.context.close());
  await live(seen.page);
  await isKept(seen.page);
  const cdp = await seen.context.newCDPSession(seen.page);
  const { errors } = await cdp.send("Page.getAppManifest");
  assert.deepEqual(errors, []);
  const { installabilityErrors } = await cdp.send("Page.getInstallabilityErrors");
  const ids = installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito");
  assert.deepEqual(ids, []);
});
