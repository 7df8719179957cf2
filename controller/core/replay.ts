// Replays a journal: from a snapshot on, every tick is seen and decided again, and what was decided and remembered then
// is compared with what is now. Equal, or a bug: the brain knows nothing but what the journal holds.
import type { Decision } from "@gridwright/contract/decision.ts";
import type {
  DecisionRecord,
  JournalRecord,
  SnapshotRecord,
  TickRecord,
} from "@gridwright/contract/records.ts";
import type { Request } from "@gridwright/contract/request.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import type { Epoch, Mono } from "@gridwright/contract/units.ts";
import { decide } from "./decide.ts";
import { type Memory, memoryFrom } from "./memory.ts";
import { replayTick, restoreSnapshot } from "./recorded.ts";
import { differingKeys } from "./same-json.ts";
import type { Observation } from "./state.ts";

interface At {
  readonly at: Mono;
  readonly t: Epoch;
}
/** A tick that was decided otherwise. */
export interface OtherDecisions extends At {
  readonly kind: "decisions";
  readonly recorded: readonly Decision[];
  readonly redecided: readonly Decision[];
}
/** A snapshot that remembers otherwise; `keys` of core/memory.ts. */
export interface OtherMemory extends At {
  readonly kind: "memory";
  readonly keys: readonly string[];
}
export type Difference = OtherDecisions | OtherMemory;

export interface Replayed {
  /** Decided again. */
  readonly ticks: number;
  /** Of those: not compared, because something before them is missing since the last snapshot. */
  readonly uncompared: number;
  readonly decisions: number;
  /** Snapshots whose memory was compared. */
  readonly snapshots: number;
  readonly differences: readonly Difference[];
  /** The site was another one in this part, or no snapshot came before it; it could not be decided again. */
  readonly skippedTicks: number;
  /** The brain after the last record: where a restarted controller goes on. Absent without a snapshot of this site. */
  readonly end?: { readonly observation: Observation; readonly memory: Memory };
}

export interface Replayer {
  /** The next record of the journal. Each tick's requests stand before it, its decisions after it. */
  take(record: JournalRecord): void;
  /** Records are missing here: until the next snapshot nothing is compared. */
  lose(): void;
  /** Decided again so far. */
  ticks(): number;
  /** What was found so far; the tick of the last record counts as complete. */
  result(): Replayed;
}

interface Course {
  readonly observation: Observation;
  readonly memory: Memory;
  readonly names: Pick<SnapshotRecord, "groups" | "points">;
  /** A snapshot may already hold a tick whose records follow it: those up to this time are known. */
  readonly known: Mono;
  /** Nothing is missing since the snapshot. */
  readonly whole: boolean;
}

interface Run {
  course: Course | undefined;
  requests: Request[];
  /** Decided at the last tick, and what the journal says of it so far. */
  open: (At & { readonly redecided: readonly Decision[]; readonly recorded: Decision[] }) | undefined;
  ticks: number;
  uncompared: number;
  decisions: number;
  snapshots: number;
  skippedTicks: number;
  readonly differences: Difference[];
}

/** The records of one tick are complete: compares them. */
function close(run: Run): void {
  if (run.open === undefined) return;
  const { at, t, redecided, recorded } = run.open;
  run.open = undefined;
  run.decisions += recorded.length;
  if (JSON.stringify(redecided) !== JSON.stringify(recorded))
    run.differences.push({ kind: "decisions", at, t, recorded, redecided });
}

function lose(run: Run): void {
  run.open = undefined;
  run.course = run.course && { ...run.course, whole: false };
}

/** A snapshot between two ticks of one run says what the brain remembered: it must be what it remembers here. */
function compareMemory(run: Run, memory: Memory, { m, t, cause }: SnapshotRecord): void {
  const { course } = run;
  const runsOn = cause === "minute" || cause === "segment";
  if (course === undefined || !course.whole || !runsOn || course.memory.at !== memory.at) return;
  run.snapshots += 1;
  const keys = differingKeys(course.memory, memory);
  if (keys.length > 0) run.differences.push({ kind: "memory", at: m, t, keys });
}

function begin(run: Run, model: SiteModel, record: SnapshotRecord): void {
  close(run);
  const memory = memoryFrom(record.memory, record.m);
  if (record.siteHash !== model.hash || memory === undefined) {
    run.course = undefined;
    return;
  }
  compareMemory(run, memory, record);
  run.course = {
    observation: restoreSnapshot(model, record),
    memory,
    names: { groups: record.groups, points: record.points },
    known: record.m,
    whole: true,
  };
}

function redecide(run: Run, model: SiteModel, record: TickRecord): void {
  close(run);
  if (record.n !== undefined) lose(run);
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
  if (course.whole) run.open = { at: record.m, t: record.t, redecided: step.decisions, recorded: [] };
  else run.uncompared += 1;
}

/** A decision stands behind its tick; one whose tick is not there shows that it was merged away. */
function heard(run: Run, { m, decision }: DecisionRecord): void {
  // What a box did by itself is written down, never decided.
  if (decision.rule === "box") return;
  if (run.open?.at === m) run.open.recorded.push(decision);
  else if (run.course !== undefined && m > run.course.known) lose(run);
}

/** Decides all ticks again that it is given. Nothing of another site file is decided: it is counted. */
export function createReplayer(model: SiteModel): Replayer {
  const run: Run = {
    course: undefined,
    requests: [],
    open: undefined,
    ticks: 0,
    uncompared: 0,
    decisions: 0,
    snapshots: 0,
    skippedTicks: 0,
    differences: [],
  };
  return {
    take(record) {
      if (record.k === "snapshot") begin(run, model, record);
      else if (record.k === "request") {
        close(run);
        run.requests.push(record.request);
      } else if (record.k === "tick") redecide(run, model, record);
      else if (record.k === "decision") heard(run, record);
    },
    lose: () => lose(run),
    ticks: () => run.ticks,
    result() {
      close(run);
      const { ticks, uncompared, decisions, snapshots, skippedTicks, differences, course } = run;
      const end = course && { observation: course.observation, memory: course.memory };
      return { ticks, uncompared, decisions, snapshots, skippedTicks, differences, ...(end && { end }) };
    },
  };
}

/** Decides all ticks of `records` again. */
export function replay(model: SiteModel, records: Iterable<JournalRecord>): Replayed {
  const replayer = createReplayer(model);
  for (const record of records) replayer.take(record);
  return replayer.result();
}
