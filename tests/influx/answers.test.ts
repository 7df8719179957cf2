// A real InfluxDB behind a link and a gateway that behave badly: whatever is answered, cut, delayed or swallowed, in the end
// every point is stored at its time. Only a line that the database will never take is set aside, alone.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { gardenModel } from "@gridwright/runtime/recorder/garden.ts";
import type { InfluxWriter } from "@gridwright/runtime/recorder/influx/influx-status.ts";
import { startInfluxWriter } from "@gridwright/runtime/recorder/influx/influx-writer.ts";
import { needs } from "../tools/needs.ts";
import { type Mischief, type TcpProxy, tcpProxy } from "../tools/tcp-proxy.ts";
import { until } from "../tools/until.ts";
import { append, gardenJournal, hasty, silent } from "./garden-journal.ts";
import { type Influxd, prepareInfluxd } from "./influxd.ts";
import { differences, influxPoints, journalPoints } from "./points.ts";

const say = (status: string, body = ""): Mischief => ({
  kind: "say",
  answer: `HTTP/1.1 ${status}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
});

//  what happens, how, what the status says of it
const CASES: [string, Mischief, RegExp][] = [
  ["lines that were stored while the answer was lost", { kind: "swallow-answer" }, /./],
  ["nobody there", { kind: "refuse" }, /./],
  ["an overloaded database", say("503 Service Unavailable", "timeout"), /^503 timeout/],
  ["an internal fault", say("500 Internal Server Error", "engine: oh"), /^500 engine/],
  ["a limited rate", say("429 Too Many Requests", "slow down"), /^429/],
  ["a gateway's own bad request", say("400 Bad Request", "<html>proxy</html>"), /^400/],
  ["a redirect to a sign-in page", say("302 Found\r\nlocation: /ping", "go there"), /^302/],
  ["a refused sign-in", say("401 Unauthorized", '{"error":"authorization failed"}'), /^401/],
  ["a forbidden database", say("403 Forbidden", '{"error":"not authorized"}'), /^403/],
];

describe("a database behind a bad link", { skip: needs("influxdb"), timeout: 300_000 }, () => {
  const root = mkdtempSync(join(tmpdir(), "gridwright-answers-"));
  let influxd: Influxd;
  let proxy: TcpProxy;
  let cases = 0;
  before(async () => {
    influxd = await prepareInfluxd(join(root, "influxd"), { bodyBytesMax: 20_000 });
    await influxd.start();
    proxy = await tcpProxy(Number(new URL(influxd.url).port));
  });
  after(async () => {
    await proxy.close();
    await influxd.stop();
    rmSync(root, { recursive: true, force: true, maxRetries: 3 });
  });

  interface Begun {
    readonly writer: InfluxWriter;
    readonly dir: string;
    readonly database: string;
    /** Every point of the journal is in the database, and no other. */
    readonly whole: () => Promise<void>;
  }
  /** A new journal with `ticks` ticks, a new database, and a writer that speaks through the proxy. */
  async function begin(ticks: number, times: number): Promise<Begun> {
    cases += 1;
    const dir = join(root, `case-${cases}`);
    const state = { n: 0 };
    const journal = await gardenJournal(join(dir, "journal"), state);
    append(journal, state, ticks);
    await journal.close();
    const database = `garden-${cases}`;
    await ask(`CREATE DATABASE "${database}"`);
    const expected = await journalPoints(join(dir, "journal"));
    const writer = startInfluxWriter({
      ...{ journalDir: join(dir, "journal"), dataDir: join(dir, "data"), model: gardenModel(), log: silent },
      target: { url: `http://127.0.0.1:${proxy.port}`, database },
      ...{ io: hasty(times), random: () => 0.5, onProblem: () => undefined },
    });
    const whole = async (): Promise<void> => {
      const lacks = async () => differences(expected, await influxPoints(influxd.url, { database }));
      await until(lacks, {}).catch((error: unknown) => {
        throw new Error(`the writer says ${JSON.stringify(writer.status())}`, { cause: error });
      });
    };
    return { writer, dir, database, whole };
  }
  const ask = (q: string): Promise<Response> =>
    fetch(`${influxd.url}/query`, {
      ...{ method: "POST", body: new URLSearchParams({ q }), signal: AbortSignal.timeout(10_000) },
    });

  for (const [what, mischief, trouble] of CASES)
    test(`${what} loses nothing and doubles nothing`, async (context) => {
      proxy.set({ kind: "pass" });
      const { writer, whole } = await begin(180, 400);
      context.after(() => writer.close());
      proxy.set(mischief);
      await until(async () => trouble.test(writer.status().trouble ?? ""), true);
      const { seen } = proxy;
      const before = seen();
      if (!/sign-in$|forbidden/.test(what)) await until(async () => seen() > before, true);
      proxy.set({ kind: "pass" });
      await whole();
      await until(async () => writer.status().trouble, null);
    });

  test("an answer to a write that is cut inside its body is no answer", async (context) => {
    proxy.set({ kind: "refuse" });
    const { writer, whole, database } = await begin(140, 400);
    context.after(() => writer.close());
    await ask(`DROP DATABASE "${database}"`);
    proxy.set({ kind: "cut-body", after: 7, to: "POST /write" });
    await until(async () => proxy.seen() > 3, true);
    assert.equal(writer.status().written, 0);
    proxy.set({ kind: "pass" });
    await whole();
  });

  test("the database is made though every answer to that is cut inside its body", async (context) => {
    proxy.set({ kind: "refuse" });
    const { writer, whole, database } = await begin(140, 400);
    context.after(() => writer.close());
    await ask(`DROP DATABASE "${database}"`);
    proxy.set({ kind: "cut-body", after: 7, to: "POST /query" });
    await whole();
  });

  test("a link that hangs is given up at the deadline and tried again", async (context) => {
    proxy.set({ kind: "hang" });
    const { writer, whole } = await begin(150, 400);
    context.after(() => writer.close());
    await until(async () => writer.status().trouble !== null, true);
    proxy.set({ kind: "pass" });
    await whole();
  });

  test("a slow link only takes longer", async (context) => {
    proxy.set({ kind: "delay", ms: 300 });
    const { writer, whole } = await begin(170, 400);
    context.after(() => writer.close());
    await whole();
    assert.equal(writer.status().trouble, null);
  });

  test("a request that is too large is halved until it fits", async (context) => {
    proxy.set({ kind: "pass" });
    const { writer, whole } = await begin(2_900, 400);
    context.after(() => writer.close());
    await whole();
    assert.equal(writer.status().refused, 0);
  });

  test("a database that was dropped is made again", async (context) => {
    proxy.set({ kind: "refuse" });
    const { writer, whole, database } = await begin(160, 400);
    context.after(() => writer.close());
    await ask(`DROP DATABASE "${database}"`);
    proxy.set({ kind: "pass" });
    await whole();
  });

  test("of lines that are refused only those are set aside, with the reason", async (context) => {
    proxy.set({ kind: "refuse" });
    const { writer, dir, database } = await begin(190, 400);
    context.after(() => writer.close());
    const expected = await journalPoints(join(dir, "journal"));
    await fetch(`${influxd.url}/write?db=${database}&precision=ms`, {
      ...{ method: "POST", signal: AbortSignal.timeout(10_000) },
      body: `switch,asset=pump,kind=load,site=garden,tier=3 value="text" 1700000000007`,
    });
    proxy.set({ kind: "pass" });
    const others = new Map([...expected].filter(([key]) => !key.startsWith("switch")));
    // One more: what stands at the full quarter of an hour is told again.
    const switches = expected.size - others.size + 1;
    await until(async () => {
      const stored = await influxPoints(influxd.url, { database });
      return differences(others, new Map([...stored].filter(([key]) => !key.startsWith("switch"))));
    }, {});
    await until(async () => writer.status().refused, switches);
    const kept = readFileSync(join(dir, "data", "influx", "refused-lines.txt"), "utf8");
    assert.equal(kept.match(/^switch,asset=pump/gm)?.length, switches);
    assert.match(kept, /field type conflict/);
  });
});
