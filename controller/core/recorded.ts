// The observation as the journal has it: a tick's news as a record and back, the whole as a snapshot and back. What
// comes back is equal to the bit, so that replay sees what decide saw.
import { absent } from "@gridwright/contract/reading.ts";
import type { Seen, SnapshotRecord, TickRecord } from "@gridwright/contract/records.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { type Mono, mono } from "@gridwright/contract/units.ts";
import { noTraces } from "./doubt.ts";
import { keptBeside } from "./kept-beside.ts";
import { sourcesByGroup } from "./known-points.ts";
import { initialObservation, type News } from "./observe.ts";
import { readingOf, renewed, seenOf } from "./quality.ts";
import type { Observation, Sight } from "./state.ts";

type Names = Pick<SnapshotRecord, "groups" | "points">;
type Recorded = Pick<SnapshotRecord, "groups" | "points" | "ages" | "seen">;

const placesOf = keptBeside(
  (names: readonly string[]): ReadonlyMap<string, number> =>
    new Map(names.map((name, place) => [name, place])),
);

const byPlace = <T>(values: Iterable<[string, T]>, names: readonly string[]): Record<string, T> => {
  const places = placesOf(names);
  return Object.fromEntries(
    [...values].flatMap(([name, value]) => {
      const place = places.get(name);
      return place === undefined ? [] : [[String(place), value] as const];
    }),
  );
};

/** `d` and `c` of a TickRecord, by the places of the last snapshot; what is empty is left out. */
export function tickNews(news: News, names: Names): Pick<TickRecord, "d" | "c"> {
  const d = byPlace(news.groups, names.groups);
  const c = byPlace(Object.entries(news.points), names.points);
  return { ...(Object.keys(d).length > 0 && { d }), ...(Object.keys(c).length > 0 && { c }) };
}

/** The names of a model's groups and points, in the order that snapshots give them. */
export const namesOf = (model: SiteModel): Names => ({
  groups: [...sourcesByGroup(model).keys()],
  points: [...model.sources.keys()],
});

/** The observation part of a snapshot taken at `now`. */
export function snapshotOf(model: SiteModel, { points, answeredAt }: Sight, now: Mono): Recorded {
  const names = namesOf(model);
  return {
    ...names,
    ages: names.groups.map((group) => {
      const at = answeredAt.get(group);
      return at === undefined ? null : Math.round((now - at) * 1_000) / 1_000 + 0;
    }),
    seen: names.points.map((name) => seenOf(points.get(name) ?? absent("never-read", mono(0)), true)),
  };
}

/** Every point as it is seen at `now`, by its name, as the live bus tells it. */
export function everyPoint(model: SiteModel, sight: Sight, now: Mono): Readonly<Record<string, Seen>> {
  const { points, seen } = snapshotOf(model, sight, now);
  return Object.fromEntries(
    points.flatMap((name, place) => (seen[place] === undefined ? [] : [[name, seen[place]]])),
  );
}

/** The observation at a snapshot's instant. Points that the model no longer has are left out; new ones are absent. */
export function restoreSnapshot(model: SiteModel, record: Recorded & { readonly m: Mono }): Observation {
  const { points, answeredAt } = initialObservation(model);
  for (const [place, group] of record.groups.entries()) {
    const age = record.ages[place];
    if (typeof age === "number") answeredAt.set(group, mono(Math.round(record.m - age)));
  }
  for (const [place, name] of record.points.entries()) {
    const source = model.sources.get(name);
    const seen = record.seen[place];
    if (source === undefined || seen === undefined) continue;
    points.set(name, readingOf(seen, undefined, answeredAt.get(source.group) ?? mono(0)));
  }
  return { points, answeredAt, traces: noTraces(model) };
}

export interface ReplayTick {
  readonly model: SiteModel;
  readonly before: Observation;
  readonly record: TickRecord;
  /** Of the last snapshot. */
  readonly names: Names;
}

function takeNews(
  points: Observation["points"],
  { model, record, names }: ReplayTick,
  at: (group: string) => Mono | undefined,
) {
  for (const [place, seen] of Object.entries<Seen>(record.c ?? {})) {
    const name = names.points[Number(place)] ?? "";
    const source = model.sources.get(name);
    const last = points.get(name);
    if (source === undefined || last === undefined) continue;
    points.set(name, readingOf(seen, last, at(source.group) ?? last.at));
  }
}

/** The observation after a recorded tick: what `observe` gave, to the bit. */
export function replayTick(tick: ReplayTick): Observation {
  const { model, before, record, names } = tick;
  const points = before.points.copy();
  const answeredAt = before.answeredAt.copy();
  const answered = Object.entries(record.d ?? {}).flatMap(([place, age]) => {
    const group = names.groups[Number(place)];
    const at = mono(Math.round(record.m - age));
    return group === undefined ? [] : [[group, at] as const];
  });
  for (const [group, at] of answered) answeredAt.set(group, at);
  takeNews(points, tick, (group) => answeredAt.get(group));
  for (const [group, at] of answered)
    for (const [name] of sourcesByGroup(model).get(group) ?? []) {
      const reading = points.get(name);
      if (reading !== undefined) points.set(name, renewed(reading, at));
    }
  return { points, answeredAt, traces: before.traces };
}
