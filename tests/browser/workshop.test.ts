// The workshop on the page in a real browser, with the real queue behind it: asked for, explained, moved, cancelled; in both
// languages, light and dark, from the narrowest phone to a desktop, and readable by everybody (axe).
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, type TestContext, test } from "node:test";
import type { SitePlan, SitePlanStep } from "@gridwright/contract/plan/site-plan.ts";
import type { Answer } from "@gridwright/contract/request.ts";
import type { AssetModel } from "@gridwright/contract/site/model.ts";
import { epoch, millis } from "@gridwright/contract/units.ts";
import { type Oops, startOops } from "@gridwright/runtime/jobs/oops.ts";
import { startWorkshop, type Workshop } from "@gridwright/runtime/jobs/workshop.ts";
import type { Page } from "playwright-core";
import { needs } from "../tools/needs.ts";
import { type Look, overhang, see } from "./browser.ts";
import { findings } from "./findings.ts";
import { villageInBrowser } from "./village-in-browser.ts";
import { BROWSER_NOW, MOMENT } from "./village-moment.ts";

const skip = needs("chromium");
const SHOTS = process.env.GRIDWRIGHT_SCREENSHOTS;
const HOUR = 3_600_000;
const dataDir = mkdtempSync(join(tmpdir(), "gridwright-shop-"));

let workshop: Workshop;
let oops: Oops;

/** Sun to spare from 13 to 15 o'clock, a battery at 63 %. */
function plan(): SitePlan {
  const begin = MOMENT - (MOMENT % HOUR);
  const steps = Array.from({ length: 48 }, (_, hour): SitePlanStep => {
    const spareW = hour === 3 || hour === 4 ? 3_400 : 20;
    return {
      at: epoch(begin + hour * HOUR),
      ...{ sun: { low: 900, mid: 2_100, high: 3_300 }, load: { low: 4_100, mid: 5_200, high: 7_300 } },
      ...{ gridChance: 0.2, soc: 0.63, generatorW: 0, importW: 0, jobW: 0, spareW, unservedW: {} },
    };
  });
  return {
    ...{ madeAt: MOMENT, stepMs: HOUR, historyDays: 8, status: "optimal", gap: 0.003, relaxed: [] },
    ...{ steps, wishes: [], jobs: [], windows: [] },
  };
}

/** Whoever uses this machine must be trained, and not alone. */
function ruled(asset: AssetModel | undefined): AssetModel {
  if (asset?.spec.kind !== "machine") throw new Error("the village has a CNC router");
  const present = [{ who: "buddy" as const, hours: [] }];
  return { ...asset, spec: { ...asset.spec, training: millis(365 * 24 * HOUR), present } };
}

const TAKEN: Answer = {
  ...{ id: "request-5", issuer: "services", outcome: "accepted" },
  reason: { code: "answer-accepted", params: {} },
};
const log = { info: () => undefined, warn: () => undefined, error: console.error };
const at = villageInBrowser(skip, {
  change: ({ assets, ...model }) => ({ ...model, assets: { ...assets, cnc: ruled(assets.cnc) } }),
  shop: ({ model, bus, io, desk }) => {
    const parts = { model, bus, io, dataDir, log, requester: { send: async () => TAKEN } };
    workshop = startWorkshop({ ...parts, plan, trainings: () => desk.kept.now().trainings });
    oops = startOops({ ...parts, stateOf: () => "standby" });
    return { workshop, oops };
  },
});
after(async () => {
  await oops?.close();
  await workshop?.close();
  rmSync(dataDir, { recursive: true });
});

async function open(test: TestContext, look: Look): Promise<Page> {
  const { page, context } = await see(at.browser, at.village.url, { ...look, now: BROWSER_NOW });
  test.after(() => context.close());
  await page.locator(".shop-machine").first().waitFor({ timeout: 10_000 });
  return page;
}

async function shoot(page: Page, name: string): Promise<void> {
  if (SHOTS === undefined) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.locator(".workshop").screenshot({ path: join(SHOTS, `workshop-${name}.png`) });
}

const textOf = async (page: Page, place: string): Promise<string> =>
  ((await page.locator(place).first().textContent()) ?? "").replaceAll(/[\s\u00a0]+/g, " ").trim();

interface Wanted {
  readonly machine?: string;
  readonly minutes?: string;
}

async function askFor(
  page: Page,
  what: string,
  { machine = "kiln", minutes = "60" }: Wanted = {},
): Promise<void> {
  const shop = page.locator(".workshop");
  await shop.locator(".shop-ask select[name=machine]").first().selectOption(machine);
  await shop.locator("input[name=minutes]").fill(minutes);
  await shop.locator("input[name=what]").fill(what);
  await shop.locator(".shop-ask button").click();
}

test("workshop: a member asks, reads when and why, takes the other time and cancels", {
  skip,
}, async (context) => {
  const page = await open(context, { width: 1_280, height: 900 });
  assert.match(await textOf(page, ".shop-machine.is-free"), /free/);
  assert.match(await textOf(page, ".shop-machine.is-works"), /running/);
  await askFor(page, "forty bowls");
  await page
    .getByText(/^Kiln: 13:00–14:00\. That is when most sun is left over/)
    .waitFor({ timeout: 10_000 });
  const told = await textOf(page, ".shop-job");
  for (const part of [/forty bowls/, /promised/, /1\.6 kWh: 100 % sun to spare/, /Or 10:42–11:42/])
    assert.match(told, part);
  assert.deepEqual(await findings(page), []);
  await shoot(page, "desktop");
  await page.getByRole("button", { name: /Take that time/ }).click();
  await page.locator(".shop-time", { hasText: "10:42–11:42" }).waitFor({ timeout: 10_000 });
  await page.getByRole("button", { name: /Cancel/ }).click();
  await page.locator(".shop-over").getByText("forty bowls").waitFor({ timeout: 10_000 });
  assert.match(await textOf(page, ".shop-over li"), /cancelled/);
});

test("workshop: what cannot be is refused in words", { skip }, async (context) => {
  const page = await open(context, { width: 390, height: 844 });
  await page.locator("select[name=within]").selectOption("3");
  await page.locator("input[name=minutes]").fill("300");
  await page.locator(".shop-ask button").click();
  await page
    .getByText(/^Not taken: it takes longer than the time until its deadline/)
    .waitFor({ timeout: 10_000 });
});

const says = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor({ timeout: 12_000 });
async function role(page: Page, name: string): Promise<void> {
  await page.locator(".person select").selectOption(name);
  await page.locator(`.person option[value=${name}]:checked`).waitFor({ state: "attached", timeout: 10_000 });
}

test("workshop: who was not trained is told who trains; once trained and not alone the job may start", {
  skip,
}, async (context) => {
  const member = await open(context, { width: 390, height: 844 });
  await says(member, "You were not trained at it");
  await member.locator("select[name=within]").selectOption("3");
  const router = { machine: "cnc", minutes: "165" };
  await askFor(member, "a sign", router);
  await says(member, /^Not taken: who uses CNC router must be trained at it first: a technician may do that/);
  await shoot(member, "untrained");
  const technician = await open(context, { width: 390, height: 844 });
  await role(technician, "technician");
  await technician.getByText("Trainings", { exact: true }).click();
  const form = technician.locator("gridwright-trainings form");
  await form.locator("select[name=person]").selectOption("demo-member");
  await form.locator("button").click();
  await says(technician, /^member: CNC router, until .* 2027.*, given by technician/);
  assert.deepEqual(await findings(technician), []);
  assert.equal(await overhang(technician), 0);
  await shoot(technician, "trainings");
  await says(member, /^You are trained at it until/);
  await askFor(member, "a sign", router);
  await says(member, "Another person must be there when it starts.");
  assert.equal(await member.getByRole("button", { name: /I am there/ }).count(), 0);
  await technician.getByRole("button", { name: /I am there/ }).click();
  await technician.getByText("Another person must be there").waitFor({ state: "detached", timeout: 12_000 });
  await member
    .locator(".shop-job", { hasText: "a sign" })
    .getByRole("button", { name: /Cancel/ })
    .click();
});

test("workshop: «Oops» holds a machine with a reason that all read, in Spanish too, until a technician lets it go", {
  skip,
}, async (context) => {
  const member = await open(context, { width: 390, height: 844, dark: true, language: "es-ES" });
  const printer = member.locator(".shop-machine", { hasText: "3D printer 2" });
  await printer.locator(".shop-oops summary").click();
  await printer.locator("input[name=why]").fill("la boquilla gotea");
  await printer.getByRole("button", { name: "Retener esta máquina" }).click();
  await says(member, "Retenida, no arranca: la boquilla gotea.");
  assert.equal(await printer.locator(".shop-held button").count(), 0, "a member releases nothing");
  assert.deepEqual(await findings(member), []);
  await shoot(member, "oops");
  const technician = await open(context, { width: 390, height: 844 });
  await role(technician, "technician");
  await technician.getByRole("button", { name: /It is safe again.*3D printer 2/ }).click();
  await technician.locator(".shop-held").waitFor({ state: "detached", timeout: 12_000 });
});

test("workshop: an onlooker sees the queue and asks for nothing", { skip }, async (context) => {
  const page = await open(context, { width: 390, height: 844 });
  await page.locator(".person select").selectOption("viewer");
  await page.locator(".shop-ask").waitFor({ state: "detached", timeout: 10_000 });
});

const looks: [string, Look][] = [
  ["a narrow phone", { width: 320, height: 640 }],
  ["a phone in the dark, in Spanish", { width: 390, height: 844, dark: true, language: "es-ES" }],
  ["a tablet in Spanish", { width: 820, height: 1_180, language: "es-ES" }],
  ["a desktop in the dark", { width: 1_280, height: 900, dark: true }],
];
for (const [device, look] of looks)
  test(`workshop: on ${device} nothing overhangs, and everybody can read it (axe)`, {
    skip,
  }, async (context) => {
    const page = await open(context, look);
    await askFor(page, "platos y tazas para la fiesta de la cosecha");
    await page.locator(".shop-job").first().waitFor({ timeout: 10_000 });
    assert.equal(await overhang(page), 0);
    assert.deepEqual(await findings(page), []);
    if (look.language === "es-ES") {
      assert.match(await textOf(page, ".workshop"), /Taller.*libre.*Pedir hora.*prometido/);
      assert.doesNotMatch(await textOf(page, ".workshop"), /promised|free|Queue/);
    }
    await shoot(page, device.replace(/^a /, "").replaceAll(/,? /g, "-"));
  });
