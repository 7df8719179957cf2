// A job from the page of the demo at 60×: asked for, placed and explained, let start at its time, metered, while every
// process of the controller is killed on its way.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import type { Job, JobsReport } from "@gridwright/contract/jobs.ts";
import type { Browser, Page } from "playwright-core";
import { launch, see } from "../browser/browser.ts";
import { needs } from "../tools/needs.ts";
import { type Processes, startVillage, until, type Village } from "../tools/village.ts";

const skip = needs("chromium");
const MINUTE = 60_000;
/** Real time; the job's window is three hours of plant time. */
const PATIENCE_MS = 420_000;
const RESTART_MS = 90_000;

const TWIN = new URL("../../controller/twin/", import.meta.url);
/** The village, but for the kiln's hours: the demo begins at this very time of day, whenever that is. */
function alwaysOpen(folder: string): string {
  const text = readFileSync(new URL("sites/village.yaml", TWIN), "utf8");
  const [before = "", kiln = ""] = text.split(/^(?= {2}kiln:)/m);
  const open = kiln.replace(/^ {6}opens: .*\n/m, "");
  assert.ok(open.length < kiln.length, "the kiln has hours");
  writeFileSync(join(folder, "site.yaml"), before + open);
  return join(folder, "site.yaml");
}

const folder = mkdtempSync(join(tmpdir(), "gridwright-kiln-"));
let village: Village;
let browser: Browser;
let page: Page;
let promised: Job | undefined;

const report = (): Promise<JobsReport> => village.api<JobsReport>("/api/v1/jobs");
const jobNow = async (): Promise<Job | undefined> => (await report().catch(() => undefined))?.jobs[0];

before(async () => {
  if (skip !== false) return;
  const scenario = fileURLToPath(new URL("scenarios/village-day.yaml", TWIN));
  village = await startVillage({ speed: 60, site: alwaysOpen(folder), scenario });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await village?.stop();
  rmSync(folder, { recursive: true });
});

const isIn = (states: readonly Job["state"][]) => async (): Promise<boolean> => {
  const job = await jobNow();
  return job !== undefined && states.includes(job.state);
};

async function killed(name: keyof Processes): Promise<void> {
  const { pid } = village.processes()[name];
  process.kill(pid, "SIGKILL");
  const back = (): boolean => village.processes()[name].pid !== pid;
  await until(`${name} is running again`, back, { withinMs: RESTART_MS, terminal: village.terminal });
}

describe("a job from the page", { skip }, () => {
  it("is asked for, placed and explained", async () => {
    const planned = async (): Promise<boolean> =>
      (await village.api<{ state: string }>("/api/v1/plan")).state === "fresh";
    await until("a plan is there", planned, { withinMs: 90_000, terminal: village.terminal });
    const port = village.processes().services.ports.page;
    ({ page } = await see(browser, `http://127.0.0.1:${port}/`, { width: 1_280, height: 900 }));
    const shop = page.locator(".workshop");
    await shop.locator("select[name=machine]").selectOption("kiln");
    await shop.locator("input[name=minutes]").fill("30");
    await shop.locator("select[name=within]").selectOption("3");
    await shop.locator("input[name=what]").fill("forty bowls");
    await shop.getByRole("button", { name: "Ask for a time" }).click();
    // Where the plan sees no room yet it says so, and a later plan finds it: the window is as long as this.
    await until("it has a time", async () => (await jobNow())?.promise != null, {
      withinMs: 150_000,
      terminal: village.terminal,
    });
    await shop
      .getByText(/\d\d:\d\d–\d\d:\d\d/)
      .first()
      .waitFor({ timeout: 15_000 });
    promised = await jobNow();
    const { state, what, promise } = promised as Job;
    assert.deepEqual([what, ["promised", "waiting"].includes(state)], ["forty bowls", true]);
    assert.ok(promise !== null && promise.endsAt <= (promised?.deadline ?? 0));
    // What it takes from where is not known where the plan alone found its time.
    const { sun, battery, other, energyWh } = promise;
    const shares = sun === null ? 1 : sun + (battery ?? 0) + (other ?? 0);
    assert.ok(Math.abs(shares - 1) < 1e-6 && energyWh > 700, JSON.stringify(promise));
  });

  it("keeps its promise while every process is killed", async () => {
    for (const name of ["services", "broker", "control"] as const) await killed(name);
    await until("the queue is there again", async () => (await jobNow()) !== undefined, {
      withinMs: RESTART_MS,
      terminal: village.terminal,
    });
    const job = await jobNow();
    assert.deepEqual([job?.id, job?.promise], [promised?.id, promised?.promise]);
  });

  it("is let start at its time, and not before", async (t) => {
    await until("it runs", isIn(["running", "overrun", "done"]), {
      withinMs: PATIENCE_MS,
      terminal: village.terminal,
    });
    const job = await jobNow();
    const late = ((job?.ranFrom ?? 0) - (promised?.promise?.at ?? 0)) / MINUTE;
    t.diagnostic(`it ran ${late.toFixed(1)} min after its promised start`);
    assert.ok(late >= 0, `${late}`);
  });

  it("is metered to its end, over another death of the queue", async (t) => {
    await killed("services");
    await until("it is over", isIn(["done", "unfinished", "never-started"]), {
      withinMs: PATIENCE_MS,
      terminal: village.terminal,
    });
    const job = (await jobNow()) as Job;
    t.diagnostic(
      `${Math.round(job.energyWh)} Wh in ${Math.round(job.workedMs / MINUTE)} min, sun ${job.sunWh}`,
    );
    assert.equal(job.state, "done", JSON.stringify(job.why));
    // The kiln takes 1.57 kW for the half hour that somebody works at it.
    assert.ok(job.energyWh > 600 && job.energyWh < 950, `${job.energyWh}`);
    await page.locator(".shop-over").getByText("forty bowls").waitFor({ timeout: 20_000 });
  });
});
