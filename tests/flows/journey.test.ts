// A technician's way from an example to a change of the plant and back, in a real browser with the real editor: imported,
// refused with what is wrong where, mended, tried on the twin, deployed, seen at work, compared and brought back.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { setPriority } from "node:os";
import { join } from "node:path";
import { after, before, type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { ApiState } from "@gridwright/contract/api.ts";
import type { Browser, Page } from "playwright-core";
import { launch, overhang, see } from "../browser/browser.ts";
import { findings } from "../browser/findings.ts";
import { needs } from "../tools/needs.ts";
import { startVillage, until, type Village } from "../tools/village.ts";
import { editorOf, untilFlowsRun } from "./editor.ts";

const skip = needs("chromium");
const SHOTS = process.env.GRIDWRIGHT_SCREENSHOTS;
const PREPARE = fileURLToPath(new URL("../../flows/prepare.ts", import.meta.url));
const PATIENCE_MS = 60_000;
/** Node-RED is made ready niced, after everything else. */
const START_MS = 240_000;
const WHY = "the room is used for a lesson";

let village: Village;
let browser: Browser;
let page: Page;
let errors: readonly string[];
let strangers: readonly string[];
const url = (): string => `http://127.0.0.1:${village.processes().services.ports.page}/`;

before(async () => {
  if (skip !== false) return;
  execFileSync(process.execPath, [PREPARE, "--with-tests"], { stdio: "ignore" });
  village = await startVillage({ speed: 1, flows: true });
  browser = await launch();
  await untilFlowsRun(village, editorOf(village), START_MS);
  const seen = await see(browser, url(), { width: 1_280, height: 860 });
  ({ page, errors, strangers } = seen);
  page.setDefaultTimeout(PATIENCE_MS);
});
after(async () => {
  await browser?.close();
  await village?.stop();
});

/** One step of the way: without it there is none further. What it came to is shown where screenshots are wanted. */
let steps = 0;
let stuckAt: string | undefined;
function step(sentence: string, act: (context: TestContext) => Promise<void>): void {
  test(`journey: ${sentence}`, { skip }, async (context) => {
    assert.equal(stuckAt, undefined, "the way ended before");
    stuckAt = sentence;
    steps += 1;
    try {
      await act(context);
      stuckAt = undefined;
    } finally {
      await shot(`${steps}`);
    }
  });
}
async function shot(name: string): Promise<void> {
  if (SHOTS === undefined) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.waitForFunction("window.$ === undefined || $(':animated').length === 0");
  await page.screenshot({ path: join(SHOTS, `journey-${name.padStart(2, "0")}.png`) });
}

const says = (text: string | RegExp): Promise<void> =>
  page.getByText(text).first().waitFor({ state: "visible" });
const printer = async () => (await village.api<ApiState>("/api/v1/state")).assets["printer-1"];
const when = (sentence: string, holds: () => Promise<boolean>) =>
  until(sentence, holds, { withinMs: PATIENCE_MS, terminal: village.terminal, everyMs: 100 });

const node = (label: string) => page.locator(".red-ui-flow-node-group").filter({ hasText: label });
const deploy = () => page.locator("#red-ui-header-button-deploy:not(.disabled)").click();
const refusal = () => page.locator(".gridwright-refused");

/** A trial gives way to all else on the machine; where others work on it, too, nobody would see its end. */
function hurry(parent: number): void {
  if (process.getuid?.() !== 0) return;
  const children = readFileSync(`/proc/${parent}/task/${parent}/children`, "utf8").trim();
  for (const child of children === "" ? [] : children.split(" ").map(Number)) {
    setPriority(child, 0);
    hurry(child);
  }
}

/** Opens a node's form, fills it in and takes it. */
async function edit(label: string, fields: Readonly<Record<string, string | true>>): Promise<void> {
  await node(label).dblclick();
  for (const [name, value] of Object.entries(fields)) {
    const input = page.locator(`#node-input-${name}`);
    await (value === true ? input.check() : input.fill(value));
  }
  await page.locator("#node-dialog-ok").click();
  await page.locator("#node-dialog-ok").waitFor({ state: "detached" });
}

step("somebody looks as a technician, and the page leads to the editor", async () => {
  await page.locator(".person select").selectOption("technician");
  await page.getByRole("link", { name: "Technician" }).click();
  await says("They run.");
  await page.getByRole("link", { name: "Open the editor" }).scrollIntoViewIfNeeded();
});

step("the editor opens with what runs, and no error", async () => {
  await page.getByRole("link", { name: "Open the editor" }).click();
  await page.locator(".red-ui-palette-node[data-palette-type=gridwright-request]").waitFor();
  await node("2 kW free").waitFor();
});

step("an example is imported", async () => {
  await page.keyboard.press("Control+i");
  await page.locator("#red-ui-clipboard-dialog-import-tabs").getByText("Examples").click();
  const tree = page.locator("#red-ui-clipboard-dialog-import-tab-examples .red-ui-treeList-label");
  await tree.filter({ hasText: "gridwright" }).click();
  await tree.filter({ hasText: "pump-hours" }).click();
  await page.locator("#red-ui-clipboard-dialog-ok").click();
  // The site's own node is there already; the copy takes it.
  await page.getByRole("button", { name: "Import copy" }).click();
  await page.locator("#red-ui-workspace-tabs").getByText("Pump by day").click();
  await node("at night").waitFor();
});

step("made one's own with a slip, it is refused with the node's name and what is wrong", async () => {
  await edit("at night", { once: true });
  await edit("pump", { name: "printer stands", asset: "printr-1", reason: WHY });
  await deploy();
  await refusal().getByText("Pump by day › printer stands").waitFor();
  assert.match((await refusal().textContent()) ?? "", /the site has no «printr-1»/);
});

step("the line leads to the node", async () => {
  await page.locator("#red-ui-workspace-tabs").getByText("Water heater").click();
  await node("at night").waitFor({ state: "detached" });
  await refusal().locator("a").first().click();
  await node("printer stands").waitFor();
});

step("mended, it must be tried first", async () => {
  await edit("printer stands", { asset: "printer-1" });
  await deploy();
  await refusal().getByText("it was not tried").waitFor();
});

step("a day on the twin tells what would differ", async (context) => {
  await page.locator(".red-ui-notification-error").getByRole("button", { name: "Try it" }).click();
  await page.locator("#gridwright-trial-weather").selectOption("sunny");
  await page.locator("#gridwright-trial-hours").selectOption("1");
  const begun = performance.now();
  await page.locator("#gridwright-trial-start").click();
  await page.locator("#gridwright-trial-progress").waitFor();
  await shot("08-running");
  await when("the trial is over", async () => {
    hurry(village.processes().services.pid);
    return page.locator(".gridwright-trial-table").isVisible();
  });
  context.diagnostic(`an hour was tried in ${Math.round(performance.now() - begun)} ms`);
  const rows = await page.locator(".gridwright-trial-table tbody tr").allInnerTexts();
  context.diagnostic(rows.join(" | "));
  // On in the beginning, off for a quarter of an hour, on again.
  assert.ok(rows.some((row) => /^switchings of printer-1\s+0\s+2\s+\+2$/.test(row)));
});

step("tried, it is deployed", async () => {
  await deploy();
  await says("Successfully deployed");
  await when("the printer stands, for a flow asked", async () => {
    const { wanted, reason } = (await printer()) ?? {};
    return wanted === false && reason?.code === "flow-off";
  });
});

step("the page's story says who asked and why", async () => {
  await page.goto(url());
  await page.locator(".story").scrollIntoViewIfNeeded();
  await says(`3D printer 1 switched off: a technician's flow asked to switch it off: ${WHY}`);
});

step("the technician's view has it as a version, with what it asked", async () => {
  await page.getByRole("link", { name: "Technician" }).click();
  await says(/2: .*demo-technician/);
  await page.locator(".tail").getByText(WHY).first().waitFor();
  await page.locator(".tail").scrollIntoViewIfNeeded();
  assert.deepEqual(await findings(page), []);
});

step("versions are compared", async () => {
  const [newest] = await page.locator("section[aria-labelledby=tech-flows] ol > li").all();
  await newest?.getByRole("button", { name: "What changed" }).click();
  await page.locator(".flows-compared").getByText("printer stands").waitFor();
  await page.locator(".flows-compared").scrollIntoViewIfNeeded();
  assert.equal(await overhang(page), 0);
});

step("the one before is brought back, and the printer has supply again", async () => {
  await page.getByRole("button", { name: "Bring back" }).click();
  await says("It is deployed again.");
  await when("the printer has supply", async () => (await printer())?.wanted === true);
  await says(/3: .*version 1 again/);
});

step("and the story says that, too", async () => {
  await page.goto(url());
  // Perhaps together with others for which there is room again.
  await page
    .locator(".story .entry")
    .filter({ hasText: /3D printer 1\b.* on\b/ })
    .first()
    .waitFor();
  await page.locator(".story").scrollIntoViewIfNeeded();
  const refusals = errors.filter((text) => /status of 400/.test(text));
  assert.deepEqual([refusals.length, errors.length, strangers], [2, 2, []]);
});
