// A device's cable is pulled in a running village: the page shows it, each way that the site file names brings one alert within a
// minute and one that it is over, and the siren sounds in between; a cable that comes and goes brings one of each, not fifty. Real
// processes, real sinks, real time, so this takes ten minutes.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Page } from "playwright-core";
import { launch } from "../browser/browser.ts";
import { alertSinks, type Heard } from "../tools/alert-sinks.ts";
import { needs } from "../tools/needs.ts";
import { type SirenSite, startSirenSite } from "../tools/siren-site.ts";
import { until } from "../tools/village.ts";

const DEVICE = "relays-workshop";
const CABLE = `device-lost/${DEVICE}`;
const MINUTE_MS = 60_000;
/** What lasts is over after it stayed away for two minutes. */
const OVER_MAX_MS = 4 * MINUTE_MS;
const FLAPS = 10;
const WAYS = ["hook", "mail", "ntfy", "push"];

describe("a pulled cable", { skip: needs("mbpoll", "chromium") }, () => {
  let sinks: Awaited<ReturnType<typeof alertSinks>>;
  let site: SirenSite;
  let page: Page;
  const ends: (() => unknown)[] = [];
  before(async () => {
    sinks = await alertSinks();
    ends.push(sinks.close);
    const channels = { ...sinks.channels, siren: { kind: "output", asset: "siren" } };
    site = await startSirenSite({ channels, browser: sinks.browser });
    ends.push(site.close);
    const browser = await launch();
    ends.push(() => browser.close());
    const context = await browser.newContext();
    const [name = "", value = ""] = site.cookie.split("=");
    await context.addCookies([{ name, value, url: site.page }]);
    page = await context.newPage();
    await page.goto(`${site.page}#technician`);
    await page.locator(".is-live").waitFor();
  });
  after(async () => {
    for (const end of ends.reverse()) await end();
  });

  const within = (withinMs: number) => ({ withinMs, everyMs: 250, terminal: site.terminal });
  const ofCable = (event: RegExp): readonly Heard[] =>
    sinks.heard.filter(({ text }) => /relays-workshop/i.test(text) && event.test(text));
  const raised = () => ofCable(/has not answered for/);
  const over = () => ofCable(/answers again/);
  const ways = (heard: readonly Heard[]) => heard.map(({ way }) => way).sort();
  const isOpen = async (): Promise<boolean> => (await site.open()).includes(CABLE);
  const shown = () => page.locator(".alarm", { hasText: /relays-workshop/i }).count();
  const silent = async (): Promise<boolean> => !(await site.sounds());
  const isOver = (count: number) => async (): Promise<boolean> =>
    over().length >= count && (await silent()) && (await shown()) === 0;

  it("is told within a minute on the page, by webhook, ntfy, e-mail and web push, and by the siren", async () => {
    await until(
      "the board is heard",
      async () => (await site.state()).devices[DEVICE] !== undefined,
      within(MINUTE_MS),
    );
    assert.deepEqual([await isOpen(), await shown(), await silent()], [false, 0, true]);
    await site.pull(DEVICE);
    const told = async (): Promise<boolean> =>
      raised().length >= WAYS.length && (await shown()) > 0 && !(await silent());
    await until("everybody is told", told, within(MINUTE_MS));
    assert.deepEqual([ways(raised()), await shown()], [WAYS, 1]);
  });
  it("is told to be over, once", async () => {
    await site.plugIn(DEVICE);
    await until("everybody is told that it is over", isOver(WAYS.length), within(OVER_MAX_MS));
    assert.deepEqual([ways(raised()), ways(over())], [WAYS, WAYS]);
  });
  it("that comes and goes brings one, not fifty", async () => {
    let times = 0;
    for (let flap = 0; flap < FLAPS; flap += 1) {
      await site.pull(DEVICE);
      await until("control misses it", isOpen, within(MINUTE_MS));
      times += 1;
      await site.plugIn(DEVICE);
      await until("control hears it", async () => !(await isOpen()), within(MINUTE_MS));
    }
    await until("everybody is told that it is over", isOver(2 * WAYS.length), within(OVER_MAX_MS));
    assert.equal(times, FLAPS);
    const twice = [...WAYS, ...WAYS].sort();
    assert.deepEqual([ways(raised()), ways(over())], [twice, twice]);
  });
});
