// Why an asset stood as it did at some instant: what was wanted of it, the decision that made it so, what became of the
// command, and what ended it. All of it from the journal, whether or not a controller runs.
import type { Decision } from "@gridwright/contract/decision.ts";
import type { Cursor } from "@gridwright/contract/ports.ts";
import type { JournalRecord, LeaseRecord } from "@gridwright/contract/records.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { type Memory, memoryFrom, type Wanted } from "@gridwright/core/memory.ts";
import { replay } from "@gridwright/core/replay.ts";
import { readJournal, START, segmentsIn } from "./read.ts";
import { headOf, placeOfTime } from "./seek.ts";

export interface Chain {
  /** How it stood; the reason and what it waited for are those of the instant. Absent: nothing was wanted of it. */
  readonly wanted?: Wanted;
  /** What switched it so; absent when it never was switched, or the journal no longer reaches there. */
  readonly decision?: Decision;
  /** What was sent for that decision, and what its device said. */
  readonly commands: readonly LeaseRecord[];
  /** The decision that ended it. */
  readonly next?: Decision;
}

export interface ChainQuery {
  readonly dir: string;
  readonly model: SiteModel;
  readonly asset: string;
  /** Plant wall time, ms since 1970. */
  readonly at: number;
}

/** The newest snapshot that is not after `at` and what follows it up to then; empty when the journal begins later. */
async function courseTo({ dir, at }: ChainQuery): Promise<readonly JournalRecord[]> {
  let course: JournalRecord[] = [];
  for await (const { records } of readJournal({ dir, from: await placeOfTime(dir, at) })) {
    const known = records.filter(({ t }) => t <= at);
    const place = known.findLastIndex(({ k }) => k === "snapshot");
    course = place === -1 ? [...course, ...known] : known.slice(place);
    if (known.length < records.length) break;
  }
  return course[0]?.k === "snapshot" ? course : [];
}

/** undefined: a box acted by itself; that changes nothing that control wants. */
const wantedBy = ({ decision, m }: JournalRecord & { k: "decision" }): Wanted | undefined => {
  const { set, rule, reason, until, at } = decision;
  return rule === "box" ? undefined : { set, rule, reason, until, since: m, sinceWall: at };
};

/** How the asset stood at the end of `course`. Of another site file only what the journal says itself is known. */
function wantedAt({ model, asset }: ChainQuery, course: readonly JournalRecord[]): Wanted | undefined {
  const [snapshot] = course;
  if (snapshot?.k !== "snapshot") return undefined;
  const end: Memory | undefined =
    replay(model, course).end?.memory ?? memoryFrom(snapshot.memory, snapshot.m);
  let wanted = end?.wanted[asset];
  if (snapshot.siteHash === model.hash) return wanted;
  for (const record of course)
    if (record.k === "decision" && record.decision.asset === asset) wanted = wantedBy(record) ?? wanted;
  return wanted;
}

interface Told {
  decision?: Decision;
  readonly commands: LeaseRecord[];
  next?: Decision;
}

const ENDS: ReadonlySet<LeaseRecord["event"]> = new Set(["verified", "failed", "override"]);

/** Takes what a record says of the asset; false: no more is wanted. */
function hear(told: Told, record: JournalRecord, of: { asset: string; since: number }): boolean {
  if (record.k === "lease" && record.asset === of.asset && told.decision !== undefined) {
    const over = told.commands.some(({ event }) => ENDS.has(event));
    if (!over && record.event !== "renewed") told.commands.push(record);
  }
  if (record.k !== "decision" || record.decision.asset !== of.asset) return true;
  const { decision } = record;
  if (decision.at === of.since) told.decision = decision;
  else if (decision.at > of.since) told.next = decision;
  return told.next === undefined;
}

/** Whether the asset still stood as since `since` when this segment began: then no segment before it tells its end. */
async function stoodSo({ dir, asset }: ChainQuery, segment: number, since: number): Promise<boolean> {
  const head = await headOf(dir, segment);
  const memory = head?.k === "snapshot" ? memoryFrom(head.memory, head.m) : undefined;
  return memory?.wanted[asset]?.sinceWall === since;
}

/** From which segment on the end must be looked for, having read `segment`; undefined: there are no later ones. */
async function nextPlace(query: ChainQuery, segment: number, since: number): Promise<Cursor | undefined> {
  const later = (await segmentsIn(query.dir)).filter((number) => number > segment);
  for (const [place, number] of later.entries()) {
    const after = later[place + 1];
    if (after === undefined || !(await stoodSo(query, after, since))) return { segment: number, offset: 0 };
  }
  return undefined;
}

async function storyOf(query: ChainQuery, since: number): Promise<Told> {
  const { dir, asset } = query;
  const told: Told = { commands: [] };
  const begun = await placeOfTime(dir, since);
  let place = begun === START ? await nextPlace(query, START.segment, since) : begun;
  while (place !== undefined) {
    const { segment }: Cursor = place;
    for await (const { records, next } of readJournal({ dir, from: place })) {
      if (next.segment > segment) break;
      for (const record of records) if (!hear(told, record, { asset, since })) return told;
    }
    place = await nextPlace(query, segment, since);
  }
  return told;
}

/** The chain of one asset; undefined when the journal begins after `at`. Throws what the file system throws. */
export async function chainOf(query: ChainQuery): Promise<Chain | undefined> {
  const course = await courseTo(query);
  if (course.length === 0) return undefined;
  const wanted = wantedAt(query, course);
  if (wanted === undefined) return { commands: [] };
  return { wanted, ...(await storyOf(query, wanted.sinceWall)) };
}
