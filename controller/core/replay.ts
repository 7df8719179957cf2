// Replays a journal: from a snapshot on, every tick is seen and decided again, and what was decided then is compared
// with what is decided now. Equal, or a bug: the brain knows nothing but what the journal holds.
import type { Decision } from "@gridwright/contract/decision.ts";
import type { JournalRecord, SnapshotRecord, TickRecord } from "@gridwright/contract/records.ts";
import type { Request } from "@gridwright/contract/request.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import type { Mono } from "@gridwright/contract/units.ts";
import { decide } from "./decide.ts";
import { type Memory, memoryFrom } from "./memory.ts";
import { replayTick, restoreSnapshot } from "./recorded.ts";
import type { Observation } from "./state.ts";

/** A tick that was decided otherwise. */
export interface Difference {
  readonly at: Mono;
  readonly recorded: readonly Decision[];
  readonly redecided: readonly Decision[];
}

export interface Replayed {
  readonly ticks: number;
  readonly decisions: number;
  readonly differences: readonly Difference[];
  /** The site was another one in this part; it could not be decided again. */
  readonly skippedTicks: number;
  /** The brain after the last record: where a restarted controller goes on. Absent without a snapshot of this site. */
  readonly end?: { readonly observation: Observation; readonly memory: Memory };
}

interface Course {
  readonly observation: Observation;
  readonly memory: Memory;
  readonly names: Pick<SnapshotRecord, "groups" | "points">;
  /** A snapshot may already hold a tick whose records follow it: those up to this time are known. */
  readonly known: Mono;
}

interface Run {
  course: Course | undefined;
  requests: Request[];
  /** Decided at the last tick, and what the journal says of it so far. */
  open: { at: Mono; redecided: readonly Decision[]; recorded: Decision[] } | undefined;
  ticks: number;
  decisions: number;
  skippedTicks: number;
  readonly differences: Difference[];
}

/** The records of one tick are complete: compares them. */
function close(run: Run): void {
  if (run.open === undefined) return;
  const { at, redecided, recorded } = run.open;
  run.open = undefined;
  run.decisions += recorded.length;
  if (JSON.stringify(redecided) !== JSON.stringify(recorded))
    run.differences.push({ at, recorded, redecided });
}

function begin(run: Run, model: SiteModel, record: SnapshotRecord): void {
  close(run);
  const memory = memoryFrom(record.memory, record.m);
  const fits = record.siteHash === model.hash && memory !== undefined;
  run.course = fits
    ? {
        observation: restoreSnapshot(model, record),
        memory,
        names: { groups: record.groups, points: record.points },
        known: record.m,
      }
    : undefined;
}

function redecide(run: Run, model: SiteModel, record: TickRecord): void {
  close(run);
  const { course, requests } = run;
  run.requests = [];
  if (course === undefined) {
    run.skippedTicks += 1;
    return;
  }
  if (record.m <= course.known) return;
  const observation = replayTick({ model, before: course.observation, record, names: course.names });
  const state = { ...observation, now: record.m, wall: record.t };
  const step = decide({ model, state, memory: course.memory, requests });
  run.course = { ...course, observation, memory: step.memory };
  run.ticks += 1;
  run.open = { at: record.m, redecided: step.decisions, recorded: [] };
}

/**
 * Decides all ticks of `records` again. Records before the first snapshot, and of another site file, are counted but
 * not decided. Each tick's requests stand before its record, its decisions after it (contract/records.ts).
 */
export function replay(model: SiteModel, records: Iterable<JournalRecord>): Replayed {
  const run: Run = {
    course: undefined,
    requests: [],
    open: undefined,
    ticks: 0,
    decisions: 0,
    skippedTicks: 0,
    differences: [],
  };
  for (const record of records) {
    if (record.k === "snapshot") begin(run, model, record);
    else if (record.k === "request") {
      close(run);
      run.requests.push(record.request);
    } else if (record.k === "tick") redecide(run, model, record);
    else if (record.k === "decision") run.open?.recorded.push(record.decision);
  }
  close(run);
  const { ticks, decisions, skippedTicks, differences, course } = run;
  const end = course && { observation: course.observation, memory: course.memory };
  return { ticks, decisions, skippedTicks, differences, ...(end && { end }) };
}
