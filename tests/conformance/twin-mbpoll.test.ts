import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { epoch } from "@gridwright/contract/units.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { step } from "@gridwright/twin/plant/plant.ts";
import { quantity } from "@gridwright/twin/plant/quantity.ts";
import { startTwin, type Twin } from "@gridwright/twin/servers/twin.ts";
import { quietLog, village, villageDay } from "@gridwright/twin/testing/village.ts";
import { needs } from "../tools/needs.ts";

const run = promisify(execFile);
const untilAborted = (_: unknown, signal?: AbortSignal): Promise<void> =>
  new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));

describe("mbpoll, a Modbus client of another house, sees the truth", { skip: needs("mbpoll") }, () => {
  let twin: Twin;
  before(async () => {
    twin = await startTwin({
      ...{ model: village(), scenario: villageDay(), seed: 20, speed: 1, ports: "any" },
      start: epoch(Date.parse("2026-05-21T10:00:00Z")),
      pace: { host: "127.0.0.1", port: 0 },
      credentials: () => ({ username: "nobody", password: "none" }),
      ...{ log: quietLog, io: { ...hostClock(), sleep: untilAborted } },
    });
    step(twin.world(), 100_000);
  });
  after(() => twin.close());

  async function mbpoll(link: string, ...options: readonly string[]): Promise<number[]> {
    const port = String(twin.addresses[link]?.port);
    const args = ["-0", "-1", "-q", "-m", "tcp", "-p", port, ...options, "127.0.0.1"];
    const { stdout } = await run("mbpoll", args, { timeout: 5_000 });
    return [...stdout.matchAll(/^\[\d+\]:\s+(-?[\d.]+)/gm)].map(([, value]) => Number(value));
  }
  const truth = (asset: string, point: string): number => Number(quantity(twin.world(), asset, point));

  test("the GX's charge, in tenths of a percent", async () => {
    const [tenths] = await mbpoll("gx", "-a", "225", "-t", "4", "-r", "266", "-c", "1");
    assert.equal(tenths, Math.round(truth("battery", "soc") * 1_000));
  });
  test("its output voltages, in tenths of a volt", async () => {
    const volts = await mbpoll("gx", "-a", "227", "-t", "4", "-r", "15", "-c", "3");
    const wanted = ["l1", "l2", "l3"].map((phase) => Math.round(truth("inverter", `voltage_${phase}`) * 10));
    assert.deepEqual(volts, wanted);
  });
  test("a PV inverter's power by SunSpec", async () => {
    const [watts] = await mbpoll("roof-west", "-a", "1", "-t", "4", "-r", "40084", "-c", "1");
    assert.equal(watts, Math.round(truth("roof-west", "power")));
  });
  test("it switches a relay, and the heater runs", async () => {
    const port = String(twin.addresses["relays-village"]?.port);
    await run("mbpoll", ["-0", "-m", "tcp", "-p", port, "-a", "1", "-t", "0", "-r", "6", "127.0.0.1", "1"]);
    step(twin.world(), 1_000);
    assert.equal(quantity(twin.world(), "house-7-heater", "switch"), true);
    const coils = await mbpoll("relays-village", "-a", "1", "-t", "0", "-r", "0", "-c", "16");
    assert.deepEqual(
      coils.map(Boolean),
      Array.from({ length: 16 }, (_, index) => index === 6),
    );
  });
});
