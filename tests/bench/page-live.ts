// How long a change at a meter takes until it is painted in a browser, and what 200 open pages cost: the real broker, control
// and services on the small servers of the latency measurement. An open page is its event stream; the browser is one more.
import { type ClientRequest, get } from "node:http";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Processes } from "@gridwright/contract/api-past.ts";
import type { Page } from "playwright-core";
import { launch } from "../browser/browser.ts";
import { MEGA, percentile, plain, spread, table } from "./figures.ts";
import { type BenchDevices, CALM, startBenchDevices } from "./latency/devices.ts";
import { writeSite } from "./latency/site.ts";
import { usageOf } from "./proc.ts";
import { type BenchPlace, type BenchProcess, startProcess, withControl } from "./processes.ts";

const PERIOD_MS = 200;
const TARGET_MS = 300;
const PAGES = 200;
const SETTLE_MS = 4_000;
const CHANGE_MAX_MS = 3_000;
/** How often the page is asked whether it has painted: it notes the time itself. */
const LOOK_EVERY_MS = 100;
const FULL = { changes: 200, measureMs: 60_000 } as const;
const QUICK = { changes: 25, measureMs: 8_000 } as const;
/** Loads of a phase that look different on the page and overload nothing. */
const HIGH = 0.6;

/** In the page: the flow's words each time they changed, with the time at which they were painted, ms since 1970. */
const WATCH = `(() => {
  const flow = document.querySelector(".flow .picture");
  globalThis.paintings = [];
  new MutationObserver(() => {
    const words = [...flow.querySelectorAll(".value")].map(({ textContent }) => textContent);
    requestAnimationFrame(() => setTimeout(() => {
      paintings.push({ at: performance.timeOrigin + performance.now(), words });
    }));
  }).observe(flow, { childList: true, subtree: true, characterData: true });
})()`;
const paintedSince = (after: number, text: string): string =>
  `paintings.find(({ at, words }) => at > ${after} && words.some((word) => word.startsWith("${text}")))?.at`;

const now = (): number => performance.timeOrigin + performance.now();

/** ms until the page shows the village's new power; undefined: not in time. */
async function oneChange(devices: BenchDevices, page: Page, high: boolean): Promise<number | undefined> {
  await wait(PERIOD_MS * (1 + Math.random() * 2));
  const changedAt = now();
  devices.setLoad(high ? HIGH : CALM);
  const text = high ? "3.0" : "1.8";
  const until = now() + CHANGE_MAX_MS;
  let painted: number | undefined;
  while (painted === undefined && now() < until) {
    await wait(LOOK_EVERY_MS);
    painted = await page.evaluate<number | undefined>(paintedSince(changedAt, text));
  }
  return painted === undefined ? undefined : painted - changedAt;
}

async function changes(devices: BenchDevices, url: string, count: number): Promise<readonly number[]> {
  const browser = await launch();
  const page = await browser.newPage({ locale: "en-GB" });
  await page.goto(url);
  await page.locator(".is-live").waitFor();
  await page.locator(".flow .picture").waitFor();
  await page.evaluate(WATCH);
  const took: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const ms = await oneChange(devices, page, n % 2 === 0);
    if (ms !== undefined) took.push(ms);
  }
  await browser.close();
  return took;
}

const openPage = (url: string): ClientRequest =>
  get(`${url}api/v1/events`, (answer) => answer.resume()).on("error", () => undefined);

interface Cost {
  readonly cpuShare: number;
  readonly rssMb: number;
  readonly control: Processes["control"];
}

async function costOf(pid: number, url: string, measureMs: number): Promise<Cost> {
  const [before, begun] = [usageOf(pid), performance.now()];
  await wait(measureMs);
  const [after, tookMs] = [usageOf(pid), performance.now() - begun];
  const headers = { cookie: "gridwright-demo-role=technician" };
  const answer = await fetch(`${url}api/v1/processes`, { headers, signal: AbortSignal.timeout(5_000) });
  const { control } = (await answer.json()) as Processes;
  return { cpuShare: ((after.cpu - before.cpu) * 1_000) / tookMs, rssMb: after.rss / MEGA, control };
}

const row = (name: string, { cpuShare, rssMb, control }: Cost): readonly string[] => [
  name,
  `${plain(cpuShare * 100, 1)} %`,
  plain(rssMb, 0),
  plain(control?.latenessMs.p99 ?? Number.NaN, 1),
  plain(control?.tickMs.p99 ?? Number.NaN, 1),
];

interface Measured {
  readonly took: readonly number[];
  readonly alone: Cost;
  readonly many: Cost;
}

async function measure(devices: BenchDevices, place: BenchPlace, form: typeof FULL | typeof QUICK) {
  const services = startProcess({ ...place, process: "services", pagePort: 0, demo: true });
  try {
    const { pid, ports } = await services.ready;
    const url = `http://127.0.0.1:${ports.page}/`;
    await wait(SETTLE_MS);
    const took = await changes(devices, url, form.changes);
    const alone = await costOf(pid, url, form.measureMs);
    const pages = Array.from({ length: PAGES }, () => openPage(url));
    await wait(SETTLE_MS);
    const many = await costOf(pid, url, form.measureMs);
    for (const page of pages) page.destroy();
    return { took, alone, many } satisfies Measured;
  } finally {
    await services.child.stop();
  }
}

export async function benchPageLive(quick: boolean): Promise<string> {
  const form = quick ? QUICK : FULL;
  const devices = await startBenchDevices({ read: () => undefined, cut: () => undefined });
  const write = (folder: string, broker: number): string => {
    const file = join(folder, "site.yaml");
    writeSite(file, { ...devices.ports, broker });
    return file;
  };
  const use = (_control: BenchProcess, place: BenchPlace) => measure(devices, place, form);
  const { took, alone, many } = await withControl(write, use).finally(() => devices.close());
  const { p50, max } = spread(took);
  const p95 = percentile(took, 0.95);
  return `A meter (RTU over TCP, polled each ${PERIOD_MS} ms) changes at a random moment; Chromium on the same machine, not slowed down,
paints the new power in the flow picture. ${took.length} of ${form.changes} changes were seen: p50 ${plain(p50)} ms, p95 ${plain(p95)} ms, most ${plain(max)} ms.
Target: p95 ≤ ${TARGET_MS} ms: ${p95 <= TARGET_MS ? "met" : "missed"}.

What the services process takes of one core and holds, without a page and with ${PAGES} open ones, each over ${form.measureMs / 1_000} s, and how
control does meanwhile.

${table(["", "services, of one core", "RSS MB", "control late p99 ms", "tick p99 ms"], [row("no page", alone), row(`${PAGES} pages`, many)])}`;
}
