// Samplings become the observation that decide sees, and the news that the journal keeps of it. Rounds and dead-bands
// before decide, so that what was decided upon is what is written. Does not decide, and never fills a gap.
import type { Sampling } from "@gridwright/contract/ports.ts";
import {
  absent,
  type BadReason,
  bad,
  fresh,
  lastValue,
  type Reading,
  stale,
} from "@gridwright/contract/reading.ts";
import type { Seen } from "@gridwright/contract/records.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { type Epoch, type Mono, mono } from "@gridwright/contract/units.ts";
import { doubtOf, draftOf, noTraces, numberSaid, type Told, type TracesDraft } from "./doubt.ts";
import { clocksBy } from "./frozen.ts";
import {
  type Group,
  groupPlaces,
  groupsOf,
  isImpossible,
  knownIn,
  namesByDevice,
  pointPlaces,
} from "./known-points.ts";
import { leapAfter } from "./leaps.ts";
import { isSame, judge, renewed, repeats, seenOf, soundValue } from "./quality.ts";
import { Row } from "./row.ts";
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
  readonly groups: ReadonlyMap<string, number>;
  /** `device/point` → what is new. */
  readonly points: Readonly<Record<string, Seen>>;
}

export interface Observed {
  readonly after: Observation;
  readonly news: News;
}

const NEVER = mono(0);

/** Before the first word of any device: every point is absent. */
export function initialObservation(model: SiteModel): Observation {
  const places = pointPlaces(model);
  const nothing = absent("never-read", NEVER);
  return {
    points: new Row<Reading<Value>>(places, new Array(places.size).fill(nothing)),
    answeredAt: new Row<Mono>(groupPlaces(model)),
    traces: noTraces(model),
  };
}

/** Ages are written with 1 µs, so that whole-ms stamps come back exactly. */
const ageText = (age: number): number => Math.round(age * 1_000) / 1_000 + 0;

interface Draft {
  readonly input: ObserveInput;
  readonly points: Row<Reading<Value>>;
  readonly answeredAt: Row<Mono>;
  readonly traces: TracesDraft;
  readonly seen: Record<string, Seen>;
}

function toldBy({ input: { model } }: Draft, { device, samples }: Sampling): Told[] {
  const names = namesByDevice(model).get(device);
  if (names === undefined) return [];
  const known = knownIn(names, samples);
  const told: Told[] = [];
  for (let place = 0; place < samples.length; place += 1) {
    const [word, sample] = [known[place], samples[place]];
    if (word !== undefined && sample !== undefined) told.push({ known: word, sample });
  }
  return told;
}

/** Whether a group that nothing is remembered of was already stuck with these very values. */
function wasStuck({ points }: Draft, told: readonly Told[]): boolean {
  return told.some((word) => {
    const before = points.at[word.known.place];
    return before?.quality === "bad" && before.reason === "stuck" && before.raw === numberSaid(word);
  });
}

/** Why this whole answer is not believed. What a device did not say itself, or said earlier, tells nothing of it. */
function doubtIn(
  draft: Draft,
  { device, answered, at }: Sampling,
  told: readonly Told[],
): BadReason | undefined {
  const { input, traces, answeredAt } = draft;
  if (at > input.now) return "from-the-future";
  const first = told[0]?.known;
  if (first === undefined || answered === false || at < (answeredAt.at[first.groupPlace] ?? NEVER))
    return undefined;
  return doubtOf(traces, {
    device,
    at: mono(Math.floor(at)),
    told,
    clock: clocksBy(input.model).get(device),
    wasStuck: () => wasStuck(draft, told),
  });
}

/** What a value is worth that nothing speaks against but its own course. */
function judgeCourse({ traces, points }: Draft, { known, sample }: Told, at: Mono): Reading<Value> {
  const { name, source, place } = known;
  const next = judge(sample, known, at);
  const { kind } = source.name;
  if (kind.leap === undefined || next.quality !== "fresh") return next;
  const before = points.at[place];
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

/** What an answer brings, beside what is known; undefined: nothing new, as nearly always. */
function newsOf(
  draft: Draft,
  word: Told,
  { doubt, at }: { doubt: BadReason | undefined; at: Mono },
): Reading<Value> | undefined {
  const { known, sample } = word;
  const { deadband } = known;
  const before = draft.points.at[known.place];
  if (before === undefined) return undefined;
  if (doubt === undefined && !known.steady) {
    const sound = soundValue(sample, known);
    if (sound !== undefined) return repeats(before, sound, deadband) ? undefined : fresh(sound, at);
  }
  const when = doubt === "from-the-future" ? before.at : at;
  const next = (doubt && doubted(word, doubt, when)) ?? judgeCourse(draft, word, when);
  return isSame(before, next, deadband) ? undefined : next;
}

function takeSampling(draft: Draft, sampling: Sampling): void {
  const { points, answeredAt } = draft;
  const at = mono(Math.floor(sampling.at));
  const told = toldBy(draft, sampling);
  const doubt = doubtIn(draft, sampling, told);
  for (const word of told) {
    const { name, place, groupPlace } = word.known;
    // What a device said itself makes its group as young as that; what is older than what is known counts for nothing.
    if (doubt !== "from-the-future") {
      if (at < (answeredAt.at[groupPlace] ?? NEVER)) continue;
      if (sampling.answered !== false) answeredAt.at[groupPlace] = at;
    }
    const next = newsOf(draft, word, { doubt, at });
    if (next === undefined) continue;
    points.at[place] = renewed(next, answeredAt.at[groupPlace] ?? points.at[place]?.at ?? at);
    draft.seen[name] = seenOf(next);
  }
}

interface Aging {
  readonly at: Mono;
  readonly old: boolean;
}

function agePoint({ points, seen }: Draft, { name, place }: Group["points"][number], { at, old }: Aging) {
  const reading = points.at[place];
  if (reading === undefined) return;
  if (!old || reading.quality !== "fresh") points.at[place] = renewed(reading, at);
  else {
    points.at[place] = stale(reading.value, at);
    seen[name] = name in seen ? ["s", reading.value] : ["s"];
  }
}

/**
 * Points of groups that answered keep their value and are as young as the answer; others may have grown stale. Gives the
 * age of each answer.
 */
function age(draft: Draft): News["groups"] {
  const { model, now, before } = draft.input;
  const { maxAge } = model.site.control;
  const ages = new Map<string, number>();
  for (const [place, group] of groupsOf(model).entries()) {
    const at = draft.answeredAt.at[place];
    if (at === undefined) continue;
    const answered = at !== before.answeredAt.at[place];
    if (answered) ages.set(group.id, ageText(now - at));
    const old = now - at > 2 * group.periodMs + maxAge;
    if (old || answered) for (const point of group.points) agePoint(draft, point, { at, old });
  }
  return ages;
}

/**
 * One tick's observation. A point that says nothing new keeps its value and is as young as its group's newest answer;
 * one whose group has been silent for two periods and `control.maxAge` is stale. Never throws on data.
 */
export function observe(input: ObserveInput): Observed {
  const { before, samplings } = input;
  const draft: Draft = {
    input,
    points: before.points.copy(),
    answeredAt: before.answeredAt.copy(),
    traces: draftOf(before.traces),
    seen: {},
  };
  for (const sampling of [...samplings].sort((a, b) => a.at - b.at)) takeSampling(draft, sampling);
  const groups = age(draft);
  return {
    after: { points: draft.points, answeredAt: draft.answeredAt, traces: draft.traces },
    news: { groups, points: draft.seen },
  };
}
