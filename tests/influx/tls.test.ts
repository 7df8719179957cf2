// A real InfluxDB that speaks TLS alone, with a certificate of the site's own authority: the recorder writes there where the target
// names that authority, and nowhere else; renewed it goes on without a restart of ours.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it, type TestContext } from "node:test";
import type { InfluxTarget } from "@gridwright/contract/site/metrics-spec.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { gardenModel } from "@gridwright/runtime/recorder/garden.ts";
import { startRecorder } from "@gridwright/runtime/recorder/recorder.ts";
import { openTls, revokeTls } from "@gridwright/runtime/tls/site-tls.ts";
import { needs } from "../tools/needs.ts";
import { until } from "../tools/until.ts";
import { append, gardenJournal, hasty, silent } from "./garden-journal.ts";
import { type Influxd, prepareInfluxd } from "./influxd.ts";

const root = mkdtempSync(join(tmpdir(), "gridwright-influx-tls-"));
const io = hostClock();
const [cert, key, caFile, strange] = ["server.crt", "server.key", "ca.crt", "strange.crt"].map((name) =>
  join(root, name),
) as [string, string, string, string];
const authorityOf = (dataDir: string) =>
  openTls({ dataDir, site: "Garden", name: "influxdb", hosts: ["127.0.0.1", "localhost"], io });

async function putCertificate(): Promise<void> {
  const { server, authority } = await authorityOf(join(root, "site"));
  for (const [path, pem] of [
    [cert, server.cert],
    [key, server.key],
    [caFile, authority],
  ] as const)
    writeFileSync(path, pem, { mode: 0o600 });
}

describe("InfluxDB by TLS", { skip: needs("influxdb"), timeout: 120_000 }, () => {
  let influxd: Influxd;
  before(async () => {
    await putCertificate();
    mkdirSync(join(root, "other"));
    writeFileSync(strange, (await authorityOf(join(root, "other"))).authority);
    influxd = await prepareInfluxd(join(root, "influxd"), { tls: { cert, key, caFile } });
    await influxd.start();
  });
  after(async () => {
    await influxd?.stop();
    rmSync(root, { recursive: true, force: true });
  });

  const count = (database: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const query = new URLSearchParams({ db: database, q: "SHOW MEASUREMENTS" });
      const trusting = { ca: readFileSync(caFile), agent: false };
      const asking = request(`${influxd.url}/query?${query}`, trusting, (answer) => {
        let text = "";
        answer.on("data", (chunk) => {
          text += chunk;
        });
        answer.on("end", () => resolve(text));
      });
      asking.on("error", reject);
      asking.end();
    });

  async function recording(context: TestContext, name: string, target: Partial<InfluxTarget>) {
    const dir = join(root, name);
    const state = { n: 0 };
    const journal = await gardenJournal(join(dir, "journal"), state);
    const recorder = await startRecorder({
      ...{ journalDir: join(dir, "journal"), dataDir: join(dir, "data"), model: gardenModel() },
      ...{ io: hasty(20), log: silent, influx: [{ url: influxd.url, database: name, ...target }] },
    });
    context.after(async () => {
      await recorder.close();
      await journal.close();
    });
    return {
      more: async (): Promise<number> => {
        const before = recorder.status().influx[0]?.written ?? 0;
        append(journal, state, 200);
        await journal.flush();
        return before;
      },
      status: () => recorder.status().influx[0],
    };
  }

  it("who names the site's authority writes there", async (context) => {
    const { more, status } = await recording(context, "trusting", { caFile });
    await more();
    await until(async () => (status()?.written ?? 0) > 0, true);
    assert.match(await count("trusting"), /load_power_watts|power/);
  });

  it("who names none, or another one, writes nothing and says why", async (context) => {
    for (const [name, target] of [
      ["unnamed", {}],
      ["estranged", { caFile: strange }],
    ] as const) {
      const { more, status } = await recording(context, name, target);
      await more();
      await until(async () => status()?.trouble !== null, true);
      assert.match(String(status()?.trouble), /certificate/);
      assert.equal(status()?.written, 0);
      assert.doesNotMatch(await count(name), /values/);
    }
  });

  it("goes on with a new authority once the database shows it, without a restart of ours", async (context) => {
    const { more, status } = await recording(context, "renewed", { caFile });
    await more();
    await until(async () => (status()?.written ?? 0) > 0, true);
    const old = readFileSync(caFile, "utf8");
    await influxd.stop();
    await revokeTls(join(root, "site"));
    await putCertificate();
    assert.notEqual(readFileSync(caFile, "utf8"), old);
    const before = await more();
    await influxd.start();
    await until(async () => (status()?.written ?? 0) > before, true);
    assert.equal(status()?.trouble, null);
  });
});
