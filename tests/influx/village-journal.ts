// A journal of the simulated village, written as control writes it: an evening that ends in the dark, cold tanks,
// everybody cooking, no grid for a while, a meter that dies, a battery that falls silent. So everything that a
// dashboard shows has happened in it.
import type { JournalRecord } from "@gridwright/contract/records.ts";
import { epoch, mono } from "@gridwright/contract/units.ts";
import { initialObservation } from "@gridwright/core/observe.ts";
import { namesOf, snapshotOf, tickNews } from "@gridwright/core/recorded.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { openJournal } from "@gridwright/runtime/journal/journal.ts";
import { createAlarms } from "@gridwright/runtime/loop/alarms.ts";
import { recordsOf } from "@gridwright/runtime/loop/records-of-tick.ts";
import { Scenario } from "@gridwright/twin/plant/scenario.ts";
import type { Tick } from "@gridwright/twin/simulate/tick.ts";
import { village, villageDay } from "@gridwright/twin/testing/village.ts";
import { live } from "../scenario/live-village.ts";
import { silent } from "./garden-journal.ts";
import { workshopTold } from "./workshop-told.ts";

export const VILLAGE = village();
/** Wall time of its begin and length, ms. */
export const BEGIN = Date.UTC(2026, 5, 17, 15);
const HOURS = 2;
export const END = BEGIN + HOURS * 3_600_000;

const scenario = {
  ...Scenario.parse({
    scenario: "evening-for-dashboards",
    battery: { soc: "26 %", temperature: "24 °C" },
    grid: { inputLimit: "6 A", charge: "1.5 kW" },
    events: [
      { at: "1 min", for: "40 min", drain: { loads: ["*-heater"], to: 0.2 } },
      { at: "20 min", for: "15 min", demand: { loads: ["*-sockets"], share: 0.9 } },
      { at: "50 min", for: "40 min", fault: { kind: "grid-lost" } },
      { at: "70 min", for: "20 min", fault: { kind: "device-dead", device: "pump-meter" } },
      { at: "100 min", for: "10 min", fault: { kind: "bms-lost" } },
    ],
  }),
  habits: villageDay().habits,
};

/** What one tick of control leaves. */
function recordsOfTick(tick: Tick, alarms: ReturnType<typeof createAlarms>): readonly JournalRecord[] {
  const { model, state, step, news, acted, requests } = tick;
  const at = { t: state.wall, m: state.now };
  return recordsOf({
    ...{ at, requests, step, leases: acted.events },
    tick: tickNews(news, namesOf(model)),
    alarms: alarms.update(step.conditions, at.t),
  });
}

function records(): JournalRecord[] {
  const alarms = createAlarms();
  const all: JournalRecord[] = [];
  live({
    ...{ model: VILLAGE, scenario, seed: 7, start: BEGIN, hours: HOURS },
    ask: (second) => workshopTold(BEGIN + second * 1_000),
    watch: (tick) => all.push(...recordsOfTick(tick, alarms)),
  });
  return all;
}

/** Plays the evening and writes it to `dir`. */
export async function villageJournal(dir: string): Promise<void> {
  const nothing = snapshotOf(VILLAGE, initialObservation(VILLAGE), mono(0));
  const journal = await openJournal({
    ...{ dir, clock: hostClock(), log: silent, onProblem: () => undefined },
    snapshot: (cause) => ({
      ...{ k: "snapshot", t: epoch(BEGIN), m: mono(0), cause, bootId: "boot-3", siteHash: VILLAGE.hash },
      ...nothing,
      ...{ memory: {}, leases: {}, alarms: [] },
    }),
    retention: { bytes: 1_000_000_000, days: 30 },
    flushMs: 100,
    segmentBytesMax: 200_000_000,
  });
  const all = records();
  for (let at = 0; at < all.length; at += 500) {
    if (!journal.append(all.slice(at, at + 500))) throw new Error("the journal refused");
    await journal.flush();
  }
  await journal.close();
}
