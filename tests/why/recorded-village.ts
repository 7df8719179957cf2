// The demo village's own story without sockets, written into a journal as control writes it: segments, snapshots of each
// minute, a restart in between. For tests of what looks back.
import type { JournalRecord, SnapshotRecord } from "@gridwright/contract/records.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { epoch, mono } from "@gridwright/contract/units.ts";
import { initialObservation } from "@gridwright/core/observe.ts";
import { namesOf, snapshotOf, tickNews } from "@gridwright/core/recorded.ts";
import type { Sight } from "@gridwright/core/state.ts";
import { openDisk } from "@gridwright/runtime/journal/disk.ts";
import type { Entry } from "@gridwright/runtime/journal/thin.ts";
import { SegmentWriter } from "@gridwright/runtime/journal/writer.ts";
import { recordsOf } from "@gridwright/runtime/loop/records-of-tick.ts";
import type { Tick } from "@gridwright/twin/simulate/tick.ts";
import { type LiveOptions, live } from "../scenario/live-village.ts";

const LIMITS = { segmentBytesMax: 60_000, queueBytesMax: 50_000_000 };
const MINUTE = 60_000;
const BLOCK = 10_000;

type Stand = Pick<SnapshotRecord, "t" | "m" | "memory" | "leases">;

const snapshotAt = (
  model: SiteModel,
  cause: SnapshotRecord["cause"],
  { t, m, memory, leases, observation }: Stand & { observation: Sight },
): SnapshotRecord => ({
  ...{ k: "snapshot", t, m, cause, bootId: "run-7", siteHash: model.hash },
  ...snapshotOf(model, observation, m),
  ...{ memory, leases, alarms: [] },
});

/** One millisecond before the tick: a start's snapshot holds nothing of it. */
const startOf = ({ model, state, before }: Tick): SnapshotRecord =>
  snapshotAt(model, "start", {
    ...{ t: epoch(state.wall - 1), m: mono(state.now - 1), memory: before, leases: {} },
    observation: initialObservation(model),
  });

const standOf = ({ model, state, step, acted }: Tick, cause: SnapshotRecord["cause"]): SnapshotRecord =>
  snapshotAt(model, cause, {
    ...{ t: state.wall, m: state.now, memory: step.memory, leases: acted.leases, observation: state },
  });

const entryOf = (record: JournalRecord, opens = false): Entry => ({
  k: record.k,
  line: JSON.stringify(record),
  ...(opens && { opens }),
});

/** Writes records into segments as they are; those that `opens` says begin one. */
export function writeJournal(
  dir: string,
  records: readonly JournalRecord[],
  opens: (record: JournalRecord) => boolean,
): void {
  const writer = new SegmentWriter(openDisk(dir), LIMITS);
  let blockFrom = 0;
  for (const record of records) {
    writer.accept([entryOf(record, opens(record))]);
    if (record.m - blockFrom >= BLOCK) {
      writer.attempt();
      blockFrom = record.m;
    }
  }
  const failure = writer.attempt();
  writer.close();
  if (failure !== null) throw new Error(failure);
}

/** A record that stands at the head of a segment. */
export const opensSegment = (record: JournalRecord): boolean =>
  record.k === "snapshot" && (record.cause === "start" || record.cause === "segment");

const SEGMENT = 20 * MINUTE;

/** Everything that the journal of such a run holds, in its order. */
export function recordVillage(options: Omit<LiveOptions, "watch">): readonly JournalRecord[] {
  const records: JournalRecord[] = [];
  const { restarts = [] } = options;
  live({
    ...options,
    watch(tick) {
      const { model, state, step, requests, news, acted } = tick;
      if (records.length === 0 || restarts.includes(state.now)) records.push(startOf(tick));
      const at = { t: state.wall, m: state.now };
      const told = tickNews(news, namesOf(model));
      records.push(...recordsOf({ at, requests, tick: told, step, leases: acted.events, alarms: [] }));
      if (state.now % SEGMENT === 0) records.push(standOf(tick, "segment"));
      else if (state.now % MINUTE === 0) records.push(standOf(tick, "minute"));
    },
  });
  return records;
}
