import assert from "node:assert/strict";
import { test } from "node:test";
import type { BusesMessage } from "@gridwright/contract/messages.ts";
import type { Device } from "@gridwright/contract/ports.ts";
import { epoch, mono } from "@gridwright/contract/units.ts";
import type { BusHealth } from "../modbus/modbus-bus.ts";
import { reportBuses } from "./bus-report.ts";

test("a link's load is its busy share of the time between two reports", async () => {
  let now = 40_000;
  let busyMs = 300;
  const published: { topic: string; message: BusesMessage; retain: boolean | undefined }[] = [];
  const wake = Promise.withResolvers<void>();
  const health = (): BusHealth => ({
    ...{ up: true, requests: 811, timeouts: 4, strays: 2, connections: 3, busyMs },
    ...{ breakers: { well: "closed", dead: "open" }, latency: { p50: 7, p95: 31, p99: 90 } },
  });
  const device = (id: string, errors: number, lastError?: string): Device => ({
    ...{
      id,
      onSampling: () => () => undefined,
      command: async () => undefined,
      close: async () => undefined,
    },
    status: () => ({ errors, ...(lastError !== undefined && { lastError }) }),
  });
  let sleeps = 0;
  const stop = reportBuses({
    buses: new Map([["line", { health, devices: [device("well", 0), device("dead", 9, "no answer")] }]]),
    bus: {
      publish: (topic, payload, options) =>
        published.push({ topic, message: JSON.parse(payload), retain: options?.retain }),
    },
    siteId: "hut",
    io: {
      now: () => mono(now),
      wall: () => epoch(1_700_000_000_000),
      sleep: async () => {
        sleeps++;
        if (sleeps === 1) {
          now += 5_000;
          busyMs += 1_150;
          return;
        }
        wake.resolve();
        await new Promise<never>(() => undefined);
      },
    },
  });
  await wake.promise;
  stop();
  assert.deepEqual(
    published.map(({ topic, retain }) => [topic, retain]),
    [
      ["gridwright/hut/buses", true],
      ["gridwright/hut/buses", true],
    ],
  );
  assert.deepEqual(
    published.map(({ message }) => message.buses.line?.utilisation),
    [null, 0.23],
  );
  assert.deepEqual(published[1]?.message.buses.line?.units, {
    well: { breaker: "closed", errors: 0 },
    dead: { breaker: "open", errors: 9, lastError: "no answer" },
  });
  assert.deepEqual(published[1]?.message.buses.line?.latency, { p50: 7, p95: 31, p99: 90 });
});
