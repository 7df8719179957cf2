// Samplings become the observation that decide sees, and the news that the journal keeps of it. Rounds and dead-bands
// before decide, so that what was decided upon is what is written. Does not decide, and never fills a gap.
import type { Sampling } from "@gridwright/contract/ports.ts";
import { absent, bad, type Reading, stale } from "@gridwright/contract/reading.ts";
import type { Seen } from "@gridwright/contract/records.ts";
import type { SiteModel, Source } from "@gridwright/contract/site/model.ts";
import { type Epoch, type Mono, mono } from "@gridwright/contract/units.ts";
import { isSame, judge, renewed, seenOf } from "./quality.ts";
import type { Observation, Value } from "./state.ts";

export interface ObserveInput {
  readonly model: SiteModel;
  readonly before: Observation;
  /** Everything that came in since the last tick. */
  readonly samplings: readonly Sampling[];
  readonly now: Mono;
  readonly wall: Epoch;
}

/** What a TickRecord holds, with names instead of indices. */
export interface News {
  /** Groups that answered → age in ms of the newest answer. */
  readonly groups: Readonly<Record<string, number>>;
  /** `device/point` → what is new. */
  readonly points: Readonly<Record<string, Seen>>;
}

export interface Observed {
  readonly after: Observation;
  readonly news: News;
}

const NEVER = mono(0);

/** Before the first word of any device: every point is absent. */
export const initialObservation = (model: SiteModel): Observation => ({
  points: new Map([...model.sources.keys()].map((source) => [source, absent("never-read", NEVER)])),
  answeredAt: new Map(),
});

interface Named {
  readonly name: string;
  readonly source: Source;
}
const namesKnown = new WeakMap<SiteModel, ReadonlyMap<string, ReadonlyMap<string, Named>>>();

/** Sources by device and point, so that no name is put together at each sample; kept beside the model. */
function namesByDevice(model: SiteModel): ReadonlyMap<string, ReadonlyMap<string, Named>> {
  const ready = namesKnown.get(model);
  if (ready !== undefined) return ready;
  const names = new Map<string, Map<string, Named>>();
  for (const [name, source] of model.sources) {
    const points = names.get(source.device) ?? new Map<string, Named>();
    names.set(source.device, points.set(source.point, { name, source }));
  }
  namesKnown.set(model, names);
  return names;
}

const groupsKnown = new WeakMap<SiteModel, ReadonlyMap<string, readonly (readonly [string, Source])[]>>();

/** The sources of each poll group; kept beside the model. */
export function sourcesByGroup(
  model: SiteModel,
): ReadonlyMap<string, readonly (readonly [string, Source])[]> {
  const ready = groupsKnown.get(model);
  if (ready !== undefined) return ready;
  const groups = new Map<string, [string, Source][]>();
  for (const [name, source] of model.sources) {
    const members = groups.get(source.group);
    if (members === undefined) groups.set(source.group, [[name, source]]);
    else members.push([name, source]);
  }
  groupsKnown.set(model, groups);
  return groups;
}

/** Ages are written with 1 µs, so that whole-ms stamps come back exactly. */
const ageText = (age: number): number => Math.round(age * 1_000) / 1_000 + 0;

interface Draft {
  readonly input: ObserveInput;
  readonly points: Map<string, Reading<Value>>;
  readonly answeredAt: Map<string, Mono>;
  readonly seen: Record<string, Seen>;
}

function takeSampling(draft: Draft, sampling: Sampling): void {
  const { input, points } = draft;
  const at = mono(Math.floor(sampling.at));
  const future = sampling.at > input.now;
  const names = namesByDevice(input.model).get(sampling.device);
  for (const sample of sampling.samples) {
    const named = names?.get(sample.point);
    const before = named && points.get(named.name);
    if (named === undefined || before === undefined) continue;
    const { name, source } = named;
    const { kind } = source.name;
    const next = future ? bad("from the future", "contradicted", before.at) : judge(sample, kind, at);
    if (!future && !counts(draft, source.group, { at, said: sampling.answered !== false })) continue;
    if (isSame(before, next, kind.deadband)) continue;
    points.set(name, renewed(next, draft.answeredAt.get(source.group) ?? before.at));
    draft.seen[name] = seenOf(next);
  }
}

/** Whether this is no older than what is known; what a device said itself makes its group as young as that. */
function counts({ answeredAt }: Draft, group: string, { at, said }: { at: Mono; said: boolean }): boolean {
  if (at < (answeredAt.get(group) ?? NEVER)) return false;
  if (said) answeredAt.set(group, at);
  return true;
}

function agePoint({ points, seen }: Draft, name: string, { at, old }: { at: Mono; old: boolean }): void {
  const reading = points.get(name);
  if (reading === undefined) return;
  if (!old || reading.quality !== "fresh") points.set(name, renewed(reading, at));
  else {
    points.set(name, stale(reading.value, at));
    seen[name] = name in seen ? ["s", reading.value] : ["s"];
  }
}

/** Points of groups that answered keep their value and are as young as the answer; others may have grown stale. */
function age(draft: Draft, answered: ReadonlySet<string>): void {
  const { model, now } = draft.input;
  const { maxAge } = model.site.control;
  for (const [group, sources] of sourcesByGroup(model)) {
    const at = draft.answeredAt.get(group);
    const periodMs = sources[0]?.[1].periodMs ?? 0;
    if (at === undefined) continue;
    const old = now - at > 2 * periodMs + maxAge;
    if (old || answered.has(group)) for (const [name] of sources) agePoint(draft, name, { at, old });
  }
}

/**
 * One tick's observation. A point that says nothing new keeps its value and is as young as its group's newest answer;
 * one whose group has been silent for two periods and `control.maxAge` is stale. Never throws on data.
 */
export function observe(input: ObserveInput): Observed {
  const { before, samplings, now } = input;
  const draft: Draft = {
    input,
    points: new Map(before.points),
    answeredAt: new Map(before.answeredAt),
    seen: {},
  };
  for (const sampling of [...samplings].sort((a, b) => a.at - b.at)) takeSampling(draft, sampling);
  const answered = [...draft.answeredAt].filter(([group, at]) => before.answeredAt.get(group) !== at);
  age(draft, new Set(answered.map(([group]) => group)));
  return {
    after: { points: draft.points, answeredAt: draft.answeredAt },
    news: {
      groups: Object.fromEntries(answered.map(([group, at]) => [group, ageText(now - at)])),
      points: draft.seen,
    },
  };
}
