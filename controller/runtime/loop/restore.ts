// What a restarted controller knows: the last snapshot of its journal and everything after it, decided again. A
// journal that cannot be read, or is of another site, costs the memory, never the start.
import type { Alarm } from "@gridwright/contract/alarms.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { JournalRecord, SnapshotRecord } from "@gridwright/contract/records.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { type Epoch, epoch, type Mono } from "@gridwright/contract/units.ts";
import { leasesAfter } from "@gridwright/core/lease-story.ts";
import type { Leases } from "@gridwright/core/leases.ts";
import { initialMemory, resumeMemory } from "@gridwright/core/memory.ts";
import { initialObservation } from "@gridwright/core/observe.ts";
import { replay } from "@gridwright/core/replay.ts";
import { readJournal, segmentsIn } from "../journal/read.ts";
import type { LoopState } from "./loop.ts";

export interface Restored {
  readonly state: LoopState;
  readonly alarms: readonly Alarm[];
  /** The highest seq taken of each issuer of requests. */
  readonly seqFloor: Readonly<Record<string, number>>;
  /** Plant wall time of the newest record; 0: there is none. */
  readonly until: Epoch;
  /** Ticks that were decided again. */
  readonly ticks: number;
}

export interface RestoreOptions {
  readonly journalDir: string;
  readonly model: SiteModel;
  readonly bootId: string;
  readonly now: Mono;
  readonly log: Log;
}

/** Segments that are searched for a snapshot, newest first: each opens with one unless it was torn. */
const SEGMENTS_BACK = 3;

export const isSnapshot = (record: JournalRecord): record is SnapshotRecord => record.k === "snapshot";

/** The newest snapshot and everything after it; nothing when there is none. */
async function lastCourse(dir: string): Promise<readonly JournalRecord[]> {
  const segments = (await segmentsIn(dir)).slice(-SEGMENTS_BACK).reverse();
  for (const segment of segments) {
    let course: JournalRecord[] = [];
    for await (const { records } of readJournal({ dir, from: { segment, offset: 0 } })) {
      const place = records.findLastIndex(isSnapshot);
      course = place === -1 ? [...course, ...records] : records.slice(place);
    }
    if (course[0] !== undefined && isSnapshot(course[0])) return course;
  }
  return [];
}

function storyOf(snapshot: SnapshotRecord, records: readonly JournalRecord[]) {
  let leases = (snapshot.leases ?? {}) as Leases;
  const alarms = new Map((snapshot.alarms ?? []).map((alarm) => [alarm.id, alarm]));
  const seqFloor: Record<string, number> = {};
  for (const record of records) {
    if (record.k === "lease") leases = leasesAfter(leases, record);
    if (record.k === "request")
      seqFloor[record.request.issuer] = Math.max(seqFloor[record.request.issuer] ?? 0, record.request.seq);
    if (record.k === "alarm" && record.event === "cleared") alarms.delete(record.alarm.id);
    else if (record.k === "alarm") alarms.set(record.alarm.id, record.alarm);
  }
  return { leases, alarms: [...alarms.values()], seqFloor };
}

export type TakeOver = Pick<RestoreOptions, "model" | "bootId" | "now">;

/** What a restarted controller knows from the records since the last snapshot. */
export function takeOver(records: readonly JournalRecord[], { model, bootId, now }: TakeOver): Restored {
  const [snapshot] = records;
  const { end, ticks } = replay(model, records);
  const observation = initialObservation(model);
  if (snapshot === undefined || !isSnapshot(snapshot) || end === undefined)
    return {
      state: { observation, memory: initialMemory(now), leases: {} },
      alarms: [],
      seqFloor: {},
      until: epoch(0),
      ticks,
    };
  const continuous = snapshot.bootId === bootId;
  const { leases, alarms, seqFloor } = storyOf(snapshot, records);
  const memory = resumeMemory(end.memory, { now, continuous });
  return {
    state: { observation, memory, leases: continuous ? leases : {} },
    alarms,
    seqFloor,
    until: records.at(-1)?.t ?? epoch(0),
    ticks,
  };
}

export async function restore({ journalDir, log, ...known }: RestoreOptions): Promise<Restored> {
  const records = await lastCourse(journalDir).catch((error: unknown) => {
    log.error(`the journal cannot be read; control begins without memory: ${String(error)}`);
    return [];
  });
  return takeOver(records, known);
}
