// Chromium for tests: one browser, a page of a given size and colour scheme, and what it complained about. No request
// may leave the page's own origin.
import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

/** Both are Debian's and of one version; the shell has no window to paint, which halves what a page costs. */
const SHELL = "/usr/bin/chromium-headless-shell";
/** The shell shows no notices. */
export const WHOLE_CHROMIUM = "/usr/bin/chromium";
const CHROMIUM = process.env.GRIDWRIGHT_CHROMIUM ?? (existsSync(SHELL) ? SHELL : WHOLE_CHROMIUM);

/** `args`: more of Chromium's switches. */
export const launch = (args: readonly string[] = [], executablePath = CHROMIUM): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...args,
    ],
  });

export interface Look {
  readonly width: number;
  readonly height: number;
  readonly dark?: boolean;
  readonly language?: string;
  /** What the browser takes for the present, ms since 1970. */
  readonly now?: number;
  /** Who looks, where a demo lets anybody be anyone, and at which view. */
  readonly role?: string;
  readonly view?: string;
}

export interface Seen {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of the console and of scripts. */
  readonly errors: readonly string[];
  /** Requests to any other origin. */
  readonly strangers: readonly string[];
}

/** Opens `url`; waits until the page shows something of the plant. */
export async function see(browser: Browser, url: string, look: Look): Promise<Seen> {
  const context = await browser.newContext({
    viewport: { width: look.width, height: look.height },
    colorScheme: look.dark === true ? "dark" : "light",
    locale: look.language ?? "en-GB",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  const errors: string[] = [];
  const strangers: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(url)) strangers.push(request.url());
  });
  if (look.now !== undefined) await page.clock.setFixedTime(look.now);
  if (look.role !== undefined)
    await context.addCookies([{ name: "gridwright-demo-role", value: look.role, url }]);
  await page.goto(look.view === undefined ? url : `${url}#${look.view}`);
  await page.locator("main").waitFor({ timeout: 10_000 });
  return { page, context, errors, strangers };
}

/** Width of the page beyond the window's: 0 when nothing scrolls sideways. */
export const overhang = (page: Page): Promise<number> =>
  page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
