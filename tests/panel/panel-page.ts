// The built panel in a real browser: a server on loopback gives a page with Grafana's own libraries and the panel's module as
// Grafana would load it, and data frames are put into it.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { type Look, type Seen, see } from "../browser/browser.ts";
import { type FrameDto, NOW } from "./village-frames.ts";

export const PLUGIN_DIR = join(
  import.meta.dirname,
  "../../dashboards/grafana/generated/plugins/gridwright-microgridflow-panel",
);

const HTML = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Panel</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<style>body{margin:0;padding:8px;box-sizing:border-box}main{min-height:1px;min-width:1px}</style></head>
<body><main></main><script src="harness.js"></script><script src="module.js"></script></body></html>`;

export interface PanelServer {
  readonly url: string;
  stop(): Promise<void>;
}

export async function servePanel(): Promise<PanelServer> {
  const harness = readFileSync(join(import.meta.dirname, "generated/harness.js.gz"));
  const module = readFileSync(join(PLUGIN_DIR, "module.js"));
  const server = createServer((request, response) => {
    const script = { "content-type": "text/javascript; charset=utf-8" };
    if (request.url === "/harness.js")
      response.writeHead(200, { ...script, "content-encoding": "gzip" }).end(harness);
    else if (request.url === "/module.js") response.writeHead(200, script).end(module);
    else response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(HTML);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/`,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

export interface Shown {
  readonly frames: readonly FrameDto[];
  readonly width?: number;
  readonly height?: number;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly to?: string;
  readonly at?: number;
  readonly state?: string;
  /** Grafana's own options of fields: unit and decimals. */
  readonly defaults?: Readonly<Record<string, unknown>>;
}

/** What the page's window offers. */
interface PanelWindow {
  readonly gridwright: { show(shown: object): void; optionNames(): readonly string[] };
}

export const optionNames = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => (globalThis as unknown as PanelWindow).gridwright.optionNames());

const PADDING = 16;

/** Puts data into the panel, in the page's size and colours where nothing else is said. */
export async function show(page: Page, { width, height, ...shown }: Shown, look: Look): Promise<void> {
  const all = {
    ...{
      title: "Microgrid flow",
      mode: look.dark === true ? "dark" : "light",
      options: {},
      to: "now",
      at: NOW,
    },
    ...{ width: width ?? look.width - PADDING, height: height ?? look.height - PADDING },
    ...shown,
  };
  await page.evaluate((given) => (globalThis as unknown as PanelWindow).gridwright.show(given), all);
}

/** A page with the panel, before anything is shown. */
export const openPanel = (browser: Browser, server: PanelServer, look: Look): Promise<Seen> =>
  see(browser, server.url, { now: NOW, ...look });
