// What members went without is kept as control tells it, over restarts of services: what happened while they were away is read
// from the journal, and nothing counts twice.
import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Decision } from "@gridwright/contract/decision.ts";
import { topics } from "@gridwright/contract/messages.ts";
import type { JournalRecord } from "@gridwright/contract/records.ts";
import { epoch, mono } from "@gridwright/contract/units.ts";
import { startServed } from "@gridwright/runtime/ledger/served.ts";
import { quietView } from "@gridwright/runtime/live/listen.ts";
import {
  decisionOf,
  gardenModel,
  snapshotOf,
  testBus,
  testClock,
} from "@gridwright/runtime/web/garden-fixture.ts";
import { quietLog } from "@gridwright/twin/testing/village.ts";

const BEGIN = Date.UTC(2026, 10, 10, 9);
const minute = (at: number) => epoch(BEGIN + at * 60_000);
const off = (at: number): Decision => decisionOf({ at: minute(at) });
const back = (at: number): Decision =>
  decisionOf({ at: minute(at), set: { kind: "switch", on: true }, rule: "restoration" });
const record = (decision: Decision): JournalRecord => ({
  k: "decision",
  t: decision.at,
  m: mono(7),
  decision,
});

async function services(dataDir: string, missed: readonly Decision[] = []) {
  const [model, bus, io] = [gardenModel(), testBus(), testClock()];
  const view = quietView({ model, bus, io, log: quietLog });
  const served = await startServed({
    ...{ dataDir, model, view, io, log: quietLog },
    journal: async ({ from }) => ({
      records: missed.map(record).filter(({ t }) => t >= from),
      reachedTo: null,
    }),
  });
  /** Control tells at a minute of what it decided lately, and what the home used of its 4 kWh. */
  const hears = async (at: number, decisions: readonly Decision[], countedTodayWh = 700): Promise<void> => {
    const fairness = {
      ...({ supply: "normal", worst: null, jain: null } as const),
      members: {
        anna: {
          ...{ servedRatio: null, estimated: false, servedWh: 70, notServedWh: [0, 0, 0, 9, 4], offMs: 7 },
          ...{
            usedTodayWh: countedTodayWh,
            countedTodayWh,
            allowanceWh: 4_000,
            powerLimitVa: null,
            stage: "ok" as const,
          },
        },
      },
    };
    bus.say(topics("garden").snapshot, snapshotOf({ t: minute(at), decisions, fairness }));
    await served.month("2026-11");
  };
  const told = async () => {
    const { members, since } = await served.month("2026-11");
    const { offs = [], allowed = null } = members.get("anna") ?? {};
    return {
      since,
      offs: offs.map(({ asset, rule, ms, times }) => `${asset} ${rule} ${ms / 60_000} (${times})`),
      allowed,
    };
  };
  return { served, hears, told };
}
const folder = (): string => mkdtempSync(join(tmpdir(), "gridwright-served-"));

test("served: what goes off and comes back is kept once, however often it is told", async () => {
  const { hears, told, served } = await services(folder());
  await hears(1, []);
  await hears(8, [off(7)]);
  await hears(20, [off(7), back(19)], 1_900);
  await hears(40, [off(7), back(19), off(31)], 4_100);
  assert.deepEqual(await told(), {
    since: BEGIN + 60_000,
    offs: ["kettle ladder 21 (2)"],
    allowed: { days: 1, grantedWh: 4_000, countedWh: 4_100, exceeded: 1 },
  });
  await served.close();
});

test("served: over a restart nothing is lost or counted twice, nor by a line that was torn", async () => {
  const dataDir = folder();
  const first = await services(dataDir);
  await first.hears(8, [off(7)]);
  await first.served.close();
  const [name = ""] = readdirSync(join(dataDir, "served"));
  appendFileSync(join(dataDir, "served", name), '{"k":"on","at":17');
  const second = await services(dataDir, [off(7), back(18), off(25)]);
  await second.hears(60, [back(18), off(25), back(55)]);
  assert.deepEqual((await second.told()).offs, ["kettle ladder 41 (2)"]);
  await second.served.close();
});

test("served: a day is kept by its last word, and the next one begins anew", async () => {
  const { hears, told, served } = await services(folder());
  await hears(1, [], 3_100);
  await hears(600, [], 4_700);
  await hears(1_000, [], 300);
  await served.close();
  assert.deepEqual((await told()).allowed, { days: 2, grantedWh: 8_000, countedWh: 5_000, exceeded: 1 });
});
