// A technician beside a running controller: what is read on the live bus is what the plant has, and a write is a wish
// that control weighs.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startVillage, until, type Village } from "../tools/village.ts";

const MAIN = fileURLToPath(new URL("../../controller/cli/main.ts", import.meta.url));

interface Point {
  readonly point: string;
  readonly value: number | boolean | null;
  readonly quality: string;
  readonly ageMs: number | null;
}

describe("beside a running controller", () => {
  let village: Village;
  before(async () => {
    village = await startVillage({ speed: 20 });
  });
  after(() => village.stop());

  const gridwright = (...args: readonly string[]): Promise<{ code: number; out: string; err: string }> =>
    new Promise((resolve) => {
      execFile(
        process.execPath,
        [MAIN, ...args, "--data", village.dataDir],
        { timeout: 25_000 },
        (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out, err }),
      );
    });

  const points = async (target: string): Promise<readonly Point[]> => {
    const { out, err } = await gridwright("read", target, "--json");
    assert.equal(err, "");
    return (JSON.parse(out) as { points: readonly Point[] }).points;
  };

  test("an asset is read with value, quality and age", async () => {
    let roof: readonly Point[] = [];
    const volt = (): Point | undefined => roof.find(({ point }) => point === "voltage_l2");
    const isFresh = async (): Promise<boolean> => {
      roof = await points("roof-west");
      return volt()?.quality === "fresh";
    };
    await until("the roof is fresh", isFresh, { withinMs: 20_000, everyMs: 500 });
    const volts = volt();
    assert.ok(
      typeof volts?.value === "number" && volts.value > 200 && volts.value < 260,
      String(volts?.value),
    );
    assert.ok(volts.ageMs !== null && volts.ageMs < 15_000);
    assert.ok(roof.some(({ point, value }) => point === "limit" && value === 1));
  });

  test("a device shows the assets that take its points", async () => {
    const plug = await points("house-1-basics-plug");
    assert.ok(plug.some(({ point }) => point === "house-1-basics/switch"));
  });

  test("how the links do, with latencies and load", async () => {
    const { buses } = JSON.parse((await gridwright("bus", "--json")).out);
    const { up, requests, latency, units } = buses["roof-west"];
    assert.ok(up && requests > 3 && latency.p99 >= latency.p50);
    assert.equal(units["pv-west"].breaker, "closed");
    const { out } = await gridwright("bus", "house-line");
    assert.match(out, /^house-line +up +(-|\d+ %)/m);
  });

  test("the wish for a switch gets control's answer, a limit does not get past it", async () => {
    const wish = await gridwright("write", "house-7-heater/switch", "off", "--for", "30 s", "--why", "Trial");
    assert.match(wish.out, /^(taken|accepted|clipped|refused)/);
    const limit = await gridwright("write", "roof-west/limit", "60 %", "--for", "30 s", "--why", "Trial");
    assert.equal(limit.code, 1);
    assert.match(limit.err, /Control runs and sets roof-west\/limit itself/);
  });
});
