// The built panel as people meet it in a real browser, with Grafana's real libraries: what it says of a village, on a phone
// and on a wall, by keyboard and to a screen reader, and that old values never pass for new ones.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, type TestContext, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { type Look, launch, overhang } from "../browser/browser.ts";
import { findings } from "../browser/findings.ts";
import { needs } from "../tools/needs.ts";
import { openPanel, optionNames, type PanelServer, type Shown, servePanel, show } from "./panel-page.ts";
import { influxql, MORNING, NOW, promql, type Told } from "./village-frames.ts";

const skip = needs("chromium");
const SHOTS = process.env.GRIDWRIGHT_SCREENSHOTS;
const DESK: Look = { width: 1_000, height: 560 };
const PHONE: Look = { width: 320, height: 700 };
const SCARCE: readonly Told[] = [
  ...MORNING.filter(({ metric, asset }) => metric !== "soc" && asset !== "grid"),
  { metric: "soc", asset: "battery", kind: "battery", value: 0.17 },
  { metric: "grid_present", asset: "grid", kind: "grid", value: 0 },
];

let server: PanelServer;
let browser: Browser;
before(async () => {
  if (skip !== false) return;
  server = await servePanel();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** A page that shows the panel; at the end nothing may have gone wrong or been asked of a stranger. */
async function opened(context: TestContext, look: Look, shown: Partial<Shown> = {}): Promise<Page> {
  const seen = await openPanel(browser, server, look);
  context.after(() => seen.context.close());
  context.after(() => assert.deepEqual([...seen.errors, ...seen.strangers], []));
  await show(seen.page, { frames: influxql(MORNING), ...shown }, look);
  await seen.page.getByRole("status").waitFor({ state: "attached", timeout: 10_000 });
  return seen.page;
}

/** The table of the parts, a line each, as a screen reader gets it. */
async function parts(page: Page): Promise<readonly string[]> {
  const rows = await page.getByRole("table").getByRole("row").all();
  const texts = await Promise.all(rows.map((row) => row.locator("th, td").allTextContents()));
  return texts.slice(1).map((cells) => cells.filter((text) => text !== "").join("; "));
}
const picture = async (page: Page): Promise<string> =>
  (await page.locator("svg text").allTextContents()).join(" ");
const status = async (page: Page): Promise<string> => (await page.getByRole("status").textContent()) ?? "";

const MORNING_PARTS = [
  "Sun; 9.30 kW; giving; 4 s ago",
  "Public grid; 1.20 kW; taking; 4 s ago",
  "Generator; off",
  "Battery; 63 % · 2.90 kW; filling; 4 s ago",
  "Loads; 4.73 kW; taking, reckoned; 4 s ago",
  "Machines; 2.87 kW; taking; 4 s ago",
];

describe("what it says", { skip }, () => {
  for (const [tongue, frames] of [
    ["InfluxQL", influxql(MORNING)],
    ["PromQL", promql(MORNING)],
  ] as const)
    test(`of a village's morning, from ${tongue}`, async (context) => {
      const page = await opened(context, DESK, { frames });
      assert.deepEqual(await parts(page), MORNING_PARTS);
      const drawn = await picture(page);
      for (const words of [
        "Sun 9.30 kW giving",
        "Battery 63 % · 2.90 kW filling",
        "Loads 4.73 kW taking reckoned",
      ])
        assert.ok(drawn.includes(words), `${words}: ${drawn}`);
      const loads = page.getByRole("region", { name: "Loads" });
      assert.equal(await loads.getByRole("heading").textContent(), "Loads4 of 6 with supply");
      const chips = (await loads.getByRole("listitem").allInnerTexts()).map((text) =>
        text.split(/\s*\n\s*/).join("; "),
      );
      assert.deepEqual(chips, [
        "cold-store; 390 W; on, 40 min ago",
        "house-1-heater; 1.43 kW; on",
        "house-2-heater; 3 W; no supply",
        "house-2-sockets; 212 W; on",
        "house-10-heater; 1.51 kW; on",
        "pump; no supply",
      ]);
    });

  test("in Spanish, without grid and with little charge", async (context) => {
    const page = await opened(context, DESK, { frames: influxql(SCARCE), options: { language: "es" } });
    const said = await parts(page);
    assert.ok(said.includes("Red pública; no está"), said.join("\n"));
    assert.ok(said.includes("Batería; 17 % · 2.90 kW; se carga, casi vacía; hace 4 s"), said.join("\n"));
    assert.equal(await page.locator("[lang=es]").count(), 1);
  });

  test("of data from elsewhere, told which series is what, in the unit chosen", async (context) => {
    const foreign = (name: string, value: number) => ({
      ...{ refId: "B", name },
      fields: [
        { name: "Time", type: "time", values: [NOW - 7_000] },
        { name: "Value", type: "number", values: [value], labels: {} },
      ],
    });
    const page = await opened(context, DESK, {
      frames: [foreign("Solar output", 2_300), foreign("Battery charging", 1_400)],
      options: { roles: { sun: '"Solar output"', battery: '-"Battery charging"' } },
      defaults: { unit: "kwatt", decimals: 1 },
    });
    assert.deepEqual(
      (await parts(page)).map((line) => line.split("; ").slice(0, 3).join("; ")),
      ["Sun; 2.3 MW; giving", "Battery; 1.4 MW; filling", "Loads; 900.0 kW; taking, reckoned"],
    );
  });

  test("that there is nothing, and what to do", async (context) => {
    const page = await opened(context, DESK, { frames: [] });
    await page.getByText("No power flow in these data").waitFor();
    await page.getByText(/Queries named power, battery_power, soc/).waitFor();
  });

  test("that an option cannot be read", async (context) => {
    const page = await opened(context, DESK, { options: { roles: { sun: "power kind=" } } });
    assert.match(await status(page), /Not understood in the panel's options: sun/);
  });
});

describe("how old it is", { skip }, () => {
  //  case                                             shown                                      what stands at the top
  const CASES: readonly (readonly [string, Partial<Shown>, RegExp])[] = [
    ["news of a few seconds", {}, /^$/],
    ["no news for longer than the option allows", { options: { newsS: 3 } }, /^No news for 4 s$/],
    ["the database did not answer", { state: "Error" }, /^The database did not answer/],
    ["another day is no silence", { to: "2026-06-17T12:00:00Z", at: NOW + 4_662_000 }, /^$/],
  ];
  for (const [sentence, shown, expected] of CASES)
    test(sentence, async (context) =>
      assert.match(await status(await opened(context, DESK, shown)), expected),
    );

  test("it grows while nothing comes, and is announced", async (context) => {
    const page = await opened(context, DESK, { options: { newsS: 10 } });
    assert.equal(await status(page), "");
    await page.clock.setFixedTime(NOW + 8_000);
    await page.getByText("No news for 12 s").waitFor();
    await page.clock.setFixedTime(NOW + 1_300_000);
    await page.getByText("No news for 21 min").waitFor();
    assert.ok((await parts(page)).includes("Sun; 9.30 kW; giving, 21 min old; 21 min ago"));
  });
});

const LOOKS: readonly (readonly [string, Look, readonly Told[]])[] = [
  ["panel light", DESK, MORNING],
  ["panel dark", { ...DESK, dark: true }, MORNING],
  ["panel phone", PHONE, MORNING],
  ["panel phone dark", { ...PHONE, dark: true }, SCARCE],
  ["panel wall", { width: 1_920, height: 1_080, dark: true }, SCARCE],
];

describe("who sees it, and where", { skip }, () => {
  for (const [name, look, told] of LOOKS)
    for (const view of ["picture", "table"] as const)
      test(`${name}, ${view}: nothing hangs over, nothing serious for people with other senses`, async (context) => {
        const page = await opened(context, look, { frames: influxql(told), options: { view } });
        await page.getByRole("table").waitFor({ state: "attached" });
        assert.equal(await overhang(page), 0);
        assert.deepEqual(await findings(page), []);
        if (SHOTS === undefined) return;
        mkdirSync(SHOTS, { recursive: true });
        await page.screenshot({ path: join(SHOTS, `${name} ${view}.png`.replaceAll(" ", "-")) });
      });

  test("by keyboard: from picture to table, and into what scrolls", async (context) => {
    const page = await opened(context, PHONE);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowRight");
    await page.locator("svg text").first().waitFor({ state: "detached" });
    assert.equal(await page.locator("svg text").count(), 0);
    await page.keyboard.press("Tab");
    const focused = page.getByRole("region", { name: "Where power comes from and where it goes" });
    assert.ok(await focused.evaluate((node) => node === node.ownerDocument.activeElement));
    await page.keyboard.press("End");
    await page.waitForFunction("document.activeElement.scrollTop > 0");
  });

  test("what flows moves, and stands where people ask for less motion", async (context) => {
    const page = await opened(context, DESK);
    const moving = () =>
      page.evaluate<number>(
        "document.getAnimations().filter(({ playState }) => playState === 'running').length",
      );
    assert.equal(await moving(), 0);
    await page.emulateMedia({ reducedMotion: "no-preference" });
    assert.equal(await moving(), 5);
  });
});

test("the editor offers every option", { skip }, async (context) => {
  const names = await optionNames(await opened(context, DESK));
  assert.equal(names.length, 19);
  assert.equal(new Set(names).size, names.length);
  assert.ok(names.includes("Battery, W; giving is positive"), names.join("\n"));
});
