// Samplings become the observation that decide sees, and the news that the journal keeps of it. Rounds and dead-bands
// before decide, so that what was decided upon is what is written. Does not decide, and never fills a gap.
import type { Sample, Sampling } from "@gridwright/contract/ports.ts";
import { absent, type BadReason, bad, lastValue, type Reading, stale } from "@gridwright/contract/reading.ts";
import type { Seen } from "@gridwright/contract/records.ts";
import type { SiteModel, Source } from "@gridwright/contract/site/model.ts";
import { type Epoch, type Mono, mono } from "@gridwright/contract/units.ts";
import { doubtOf, draftOf, isImpossible, type Known, NO_TRACES, type TracesDraft } from "./doubt.ts";
import { clocksBy } from "./frozen.ts";
import { keptBeside } from "./kept-beside.ts";
import { leapAfter } from "./leaps.ts";
import { ceilings } from "./nameplate.ts";
import { isSame, judge, renewed, seenOf } from "./quality.ts";
import { partOf, testifies } from "./standing.ts";
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
  traces: NO_TRACES,
});

/** Sources by device and point, so that no name is put together at each sample. */
const namesByDevice = keptBeside((model: SiteModel): ReadonlyMap<string, ReadonlyMap<string, Known>> => {
  const most = ceilings(model);
  const names = new Map<string, Map<string, Known>>();
  for (const [name, source] of model.sources) {
    const { base } = source.name;
    const points = names.get(source.device) ?? new Map<string, Known>();
    const known: Known = {
      name,
      source,
      part: partOf(base),
      testifies: testifies(base),
      most: most.get(name) ?? Infinity,
    };
    names.set(source.device, points.set(source.point, known));
  }
  return names;
});

/** The sources of each poll group. */
export const sourcesByGroup = keptBeside(
  ({ sources }: SiteModel): ReadonlyMap<string, readonly (readonly [string, Source])[]> =>
    Map.groupBy(sources, ([, { group }]) => group),
);

/** Ages are written with 1 µs, so that whole-ms stamps come back exactly. */
const ageText = (age: number): number => Math.round(age * 1_000) / 1_000 + 0;

interface Draft {
  readonly input: ObserveInput;
  readonly points: Map<string, Reading<Value>>;
  readonly answeredAt: Map<string, Mono>;
  readonly traces: TracesDraft;
  readonly seen: Record<string, Seen>;
}

/** A sample of a point that the site has. */
interface Told {
  readonly known: Known;
  readonly sample: Sample;
}

function toldBy({ input: { model } }: Draft, { device, samples }: Sampling): Told[] {
  const names = namesByDevice(model).get(device);
  return samples.flatMap((sample) => {
    const known = names?.get(sample.point);
    return known === undefined ? [] : [{ known, sample }];
  });
}

/** Why this whole answer is not believed. What a device did not say itself, or said earlier, tells nothing of it. */
function doubtIn(
  draft: Draft,
  { device, answered, at }: Sampling,
  told: readonly Told[],
): BadReason | undefined {
  const { input, points, traces, answeredAt } = draft;
  if (at > input.now) return "from-the-future";
  const group = told[0]?.known.source.group;
  if (group === undefined || answered === false || at < (answeredAt.get(group) ?? NEVER)) return undefined;
  const words = told.flatMap(({ known, sample }) =>
    "value" in sample && typeof sample.value === "number" && known.source.name.kind.value === "number"
      ? [{ known, value: sample.value }]
      : [],
  );
  const wasStuck = () =>
    words.some(({ known, value }) => {
      const before = points.get(known.name);
      return before?.quality === "bad" && before.reason === "stuck" && before.raw === value;
    });
  const clock = clocksBy(input.model).get(device);
  return doubtOf(traces, { device, at: mono(Math.floor(at)), words, clock, wasStuck });
}

/** What a value is worth that nothing speaks against but its own course. */
function judgeCourse({ traces, points }: Draft, { known, sample }: Told, at: Mono): Reading<Value> {
  const { name, source } = known;
  const next = judge(sample, known, at);
  const { kind } = source.name;
  if (kind.leap === undefined || next.quality !== "fresh") return next;
  const before = points.get(name);
  const believed = before === undefined ? undefined : lastValue(before);
  const leap = leapAfter(
    kind,
    {
      open: traces.leaps.get(name),
      believed: before && believed !== undefined ? { value: Number(believed), at: before.at } : undefined,
    },
    { value: Number(next.value), at },
  );
  if (leap === undefined) {
    traces.leaps.delete(name);
    return next;
  }
  traces.leaps.set(name, leap);
  return bad(leap.said, "too-quick", at);
}

/** A doubted answer: its flags still count where only its numbers are in doubt. */
function doubted(told: Told, doubt: BadReason, at: Mono): Reading<Value> | undefined {
  const { sample, known } = told;
  if (!("value" in sample)) return undefined;
  const whole = doubt === "frozen-clock" || doubt === "from-the-future";
  if (known.source.name.kind.value === "switch" && !whole) return undefined;
  if (doubt === "contradicted" && isImpossible(known, Number(sample.value))) return undefined;
  return bad(Number.isFinite(Number(sample.value)) ? Number(sample.value) : String(sample.value), doubt, at);
}

function takeSampling(draft: Draft, sampling: Sampling): void {
  const { points } = draft;
  const at = mono(Math.floor(sampling.at));
  const told = toldBy(draft, sampling);
  const doubt = doubtIn(draft, sampling, told);
  const future = doubt === "from-the-future";
  for (const word of told) {
    const { name, source } = word.known;
    const before = points.get(name);
    if (before === undefined) continue;
    if (!future && !counts(draft, source.group, { at, said: sampling.answered !== false })) continue;
    const when = future ? before.at : at;
    const next =
      (doubt === undefined ? undefined : doubted(word, doubt, when)) ?? judgeCourse(draft, word, when);
    if (isSame(before, next, source.name.kind.deadband)) continue;
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
    traces: draftOf(before.traces),
    seen: {},
  };
  for (const sampling of [...samplings].sort((a, b) => a.at - b.at)) takeSampling(draft, sampling);
  const answered = [...draft.answeredAt].filter(([group, at]) => before.answeredAt.get(group) !== at);
  age(draft, new Set(answered.map(([group]) => group)));
  return {
    after: { points: draft.points, answeredAt: draft.answeredAt, traces: draft.traces },
    news: {
      groups: Object.fromEntries(answered.map(([group, at]) => [group, ageText(now - at)])),
      points: draft.seen,
    },
  };
}
