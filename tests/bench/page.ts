// The members' page on a slow phone: Chromium that is slowed down fourfold behind a line of 1.6 Mbit/s and 150 ms. Cold is a
// phone that never saw the page, warm the same phone a moment later. Must be run with the page built.
import { setTimeout as wait } from "node:timers/promises";
import type { Browser, BrowserContext, CDPSession } from "playwright-core";
import { launch } from "../browser/browser.ts";
import { type CannedVillage, startCannedVillage } from "../browser/canned-village.ts";
import { plain, spread, table } from "./figures.ts";

const ROUNDS = 9;
const QUICK_ROUNDS = 2;
const CPU_SLOWDOWN = 4;
const LINE = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 93_750 } as const;
const TICK_MS = 1_000;
/** After the last words are there nothing larger is painted. */
const QUIET_MS = 1_500;
const WORDS_MAX_MS = 60_000;
const TARGETS = { cold: 2_000, warm: 800, scriptKb: 60 } as const;

/** One look at the page: ms to the largest paint and to the sentence on the plant, bytes on the line by kind. */
interface Look {
  readonly paintedMs: number;
  readonly toldMs: number;
  readonly bytes: Readonly<Record<string, number>>;
}

const LARGEST = `new Promise((resolve) => new PerformanceObserver((list) =>
  resolve(list.getEntries().at(-1).startTime)).observe({ type: "largest-contentful-paint", buffered: true }))`;

/** Until the browser keeps the page and what it last knew, as it does for whoever looks a moment longer. */
const KEPT = "navigator.serviceWorker.ready.then(() => undefined)";

const SENTENCE = "Too much is running at once";
/** In the page, a promise of the ms until that sentence of the plant, as it is now, stands there. */
const TOLD = `globalThis.told = new Promise((resolve) => new MutationObserver((_, observer) => {
  const words = document.querySelector(".mood")?.textContent ?? "";
  if (!words.includes("${SENTENCE}") || words.includes("last known")) return;
  observer.disconnect();
  requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
}).observe(document, { childList: true, subtree: true, characterData: true }))`;

async function slowDown(cdp: CDPSession): Promise<void> {
  await cdp.send("Network.enable");
  await cdp.send("Network.emulateNetworkConditions", LINE);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWDOWN });
}

/** Counts what comes over the line, by the kind of what was asked for. */
function countBytes(cdp: CDPSession): Record<string, number> {
  const kinds = new Map<string, string>();
  const bytes: Record<string, number> = {};
  cdp.on("Network.responseReceived", ({ requestId, type }) => kinds.set(requestId, type));
  cdp.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const kind = kinds.get(requestId) ?? "Other";
    bytes[kind] = (bytes[kind] ?? 0) + encodedDataLength;
  });
  return bytes;
}

async function lookAt(context: BrowserContext, url: string): Promise<Look> {
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await slowDown(cdp);
  const bytes = countBytes(cdp);
  await page.addInitScript(TOLD);
  await page.goto(url, { timeout: WORDS_MAX_MS });
  const toldMs = await Promise.race([
    page.evaluate<number>("globalThis.told"),
    wait(WORDS_MAX_MS, Number.NaN),
  ]);
  await wait(QUIET_MS);
  await page.evaluate(KEPT);
  const paintedMs = await page.evaluate<number>(LARGEST);
  await page.close();
  return { paintedMs, toldMs, bytes };
}

async function round(browser: Browser, { url }: CannedVillage): Promise<{ cold: Look; warm: Look }> {
  const context = await browser.newContext({
    ...{ viewport: { width: 360, height: 640 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
    locale: "en-GB",
  });
  const cold = await lookAt(context, url);
  const warm = await lookAt(context, url);
  await context.close();
  return { cold, warm };
}

const kb = (looks: readonly Look[], kind?: string): string => {
  const of = ({ bytes }: Look): number =>
    kind === undefined ? Object.values(bytes).reduce((sum, one) => sum + one, 0) : (bytes[kind] ?? 0);
  return plain(spread(looks.map(of)).p50 / 1_000, 1);
};

function row(name: string, looks: readonly Look[], targetMs: number): readonly string[] {
  const painted = spread(looks.map(({ paintedMs }) => paintedMs / 1_000));
  const told = spread(looks.map(({ toldMs }) => toldMs / 1_000));
  const seconds = [painted.p50, painted.max, targetMs / 1_000, told.p50, told.max].map((value) =>
    plain(value),
  );
  return [name, ...seconds, kb(looks, "Script"), kb(looks)];
}

export async function benchPage(quick: boolean): Promise<string> {
  const count = quick ? QUICK_ROUNDS : ROUNDS;
  const village = await startCannedVillage();
  const browser = await launch();
  const beat = setInterval(() => village.tick({}), TICK_MS);
  const rounds: { cold: Look; warm: Look }[] = [];
  for (let n = 0; n < count; n += 1) rounds.push(await round(browser, village));
  clearInterval(beat);
  await browser.close();
  await village.stop();
  const figures = table(
    ["", "largest paint, s", "worst", "goal", "state of the plant, s", "worst", "script, kB", "all, kB"],
    [
      row(
        "cold",
        rounds.map(({ cold }) => cold),
        TARGETS.cold,
      ),
      row(
        "warm",
        rounds.map(({ warm }) => warm),
        TARGETS.warm,
      ),
    ],
  );
  return `The demo village's page in Chromium as a phone of 360 × 640 px, slowed down ${CPU_SLOWDOWN} times, behind an emulated line of
1.6 Mbit/s and ${LINE.latency} ms; ${count} phones that never saw it (cold), each looking once more (warm). The largest paint is the browser's own measure; the state of the plant is there when the page
says how things stand now, not what it remembers. Medians; bytes are those on the line with their headers, the goal for
scripts is ${TARGETS.scriptKb} kB.

${figures}`;
}
