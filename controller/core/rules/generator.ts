// Generating sets: each is asked to start when something asks for it and nothing forbids it, and to stop when it has run
// and cooled for long enough. We close a contact; its own controller starts it and its own switchgear connects it.
import { elapsed } from "@gridwright/contract/units.ts";
import { counted, loadSeen } from "../generator/accounts.ts";
import { type Bar, barOf, type Cause, causeOf, type Generator } from "../generator/causes.ts";
import { setConditions } from "../generator/conditions.ts";
import { engineRuns, hasFault, inAuto, isLost, silentSince } from "../generator/feedback.ts";
import { isCalled, nextSet, restLeft, runLeft, type SetState } from "../generator/machine.ts";
import { firstRecord, type SetRecord } from "../generator/record.ts";
import { takeAsks } from "../generator/wishes.ts";
import type { Memory } from "../memory.ts";
import { contactOf } from "../mode-signs.ts";
import { type Bound, coarse, inputOf, isOff, OFF, ON, type Rule, reason, type Tick } from "../tick.ts";

/** A set whose contact is found closed runs for somebody: it is taken over as it is. */
function adopted(tick: Tick, { id }: Generator): SetRecord {
  const { now, wall } = tick.state;
  const record = firstRecord(now, wall);
  const closed = contactOf(tick.layout, tick.state, id) === true;
  return closed ? { ...record, state: { ...record.state, phase: "running", startedAt: now } } : record;
}

/** A higher rule has the word (a hold, a start of the controller): the machine follows what it says. */
function pinned(record: SetRecord, on: boolean, { state: { now } }: Tick): SetRecord {
  const { state } = record;
  if (isCalled(state) === on) return record;
  const follows: SetState = on
    ? { ...state, phase: "running", since: now, startedAt: now }
    : { ...state, phase: "standing", since: now, startedAt: null, stoppedAt: now };
  return { ...record, state: follows };
}

type Words = Pick<Bound, "reason" | "until">;

const ends = (ms: number): Bound["until"] => reason("until-request-ends", { leftMs: coarse(ms) });

/** What is said of a set whose contact is closed. */
function onWords(
  tick: Tick,
  { spec }: Generator,
  at: { record: SetRecord; cause: Cause | undefined },
): Words {
  const { record, cause } = at;
  const { state, why } = record;
  const { now } = tick.state;
  if (state.phase === "cooling") {
    const leftMs = coarse(spec.coolDown - elapsed(state.since, now));
    return { reason: reason("generator-cooling", { leftMs }), until: reason("until-cooled") };
  }
  if (cause !== undefined) return { reason: why ?? cause.why, until: cause.until };
  const left = runLeft(state, spec, now);
  return { reason: reason("generator-min-run", { leftMs: coarse(left) }), until: ends(left) };
}

function standsBy(tick: Tick, { spec }: Generator, { state }: SetRecord): Words | undefined {
  if (state.phase === "failed")
    return state.faulted
      ? { reason: reason("generator-fault"), until: reason("until-looked") }
      : { reason: reason("generator-failed", { count: state.tries }), until: reason("until-looked") };
  if (state.phase === "pausing") {
    const left = spec.crankPause - elapsed(state.since, tick.state.now);
    return { reason: reason("generator-retry", { count: state.tries + 1 }), until: ends(left) };
  }
  return undefined;
}

/** What is said of a set whose contact is open; undefined: nobody speaks of it. */
function offWords(
  tick: Tick,
  node: Generator,
  at: { record: SetRecord; cause: Cause | undefined; bar: Bar | undefined },
): Words | undefined {
  const { record, cause, bar } = at;
  const own = standsBy(tick, node, record);
  if (own !== undefined) return own;
  if (cause !== undefined && bar !== undefined) return { reason: bar.why, until: bar.until };
  const rest = restLeft(record.state, node.spec, tick.state.now);
  if (cause !== undefined && rest > 0)
    return { reason: reason("generator-min-stop", { leftMs: coarse(rest) }), until: ends(rest) };
  const last = tick.memory.wanted[node.id];
  if (last === undefined || (isOff(last.set) && last.rule !== "generator")) return undefined;
  const soc = inputOf(tick, tick.layout.batteries[0]?.id ?? "", "soc").value;
  const full = typeof soc === "number" ? reason("generator-stop", { socRatio: soc }) : undefined;
  return { reason: full ?? reason("generator-done"), until: reason("until-starts") };
}

interface Done {
  readonly record: SetRecord;
  readonly bounds: readonly Bound[];
  readonly cause: Cause | undefined;
}

/** The set after this tick, and why it was started. */
function moved(
  tick: Tick,
  node: Generator,
  at: { record: SetRecord; cause: Cause | undefined; wanted: boolean },
) {
  const { record, cause, wanted } = at;
  const { state } = tick;
  const next = nextSet(record.state, node.spec, {
    wanted,
    runs: engineRuns(state, node),
    byMeter: node.points.running === undefined,
    fault: hasFault(state, node),
    auto: inAuto(state, node),
    now: state.now,
  });
  const begins = isCalled(next) && !isCalled(record.state);
  const kept = isCalled(next) || next.phase === "pausing" ? record.why : null;
  return { ...record, state: next, why: begins ? (record.why ?? cause?.why ?? null) : kept };
}

/** Meter lost and «keep»: what runs, runs on. */
const keepsOn = ({ state }: Tick, { spec }: Generator, { lost, state: set }: SetRecord): boolean =>
  spec.onMeterLoss === "keep" && isLost(lost.at, state.now) && isCalled(set);

function perform(tick: Tick, node: Generator): Done {
  const { state, memory } = tick;
  const before = memory.generators[node.id] ?? adopted(tick, node);
  const seen: SetRecord = {
    ...before,
    load: loadSeen(tick, node, before.load),
    lost: { at: silentSince(state, node, before.lost.at) },
  };
  const claim = tick.claims.get(node.id);
  if (claim !== undefined)
    return {
      record: counted(tick, node, pinned(seen, !isOff(claim.set), tick)),
      bounds: [],
      cause: undefined,
    };
  const cause = causeOf(tick, node, seen);
  const bar = cause && barOf(tick, node, { cause, record: seen });
  const wanted = (cause !== undefined && bar === undefined) || keepsOn(tick, node, seen);
  const record = counted(tick, node, moved(tick, node, { record: seen, cause, wanted }));
  const called = isCalled(record.state);
  const words = called
    ? onWords(tick, node, { record, cause: bar === undefined ? cause : undefined })
    : offWords(tick, node, { record, cause, bar });
  const inputs = tick.layout.batteries.map(({ id }) => inputOf(tick, id, "soc"));
  const bounds = words && [{ asset: node.id, set: called ? ON : OFF, inputs, ...words }];
  return { record, bounds: bounds ?? [], cause };
}

const switched = ({ model }: Tick, { id }: Generator): boolean => {
  const actuator = model.assets[id]?.actuator;
  return actuator?.kind === "switch" && !actuator.locked;
};

export const generator: Rule = {
  name: "generator",
  apply(opened) {
    const { memory: asked, answers } = takeAsks(opened);
    const tick: Tick = { ...opened, memory: { ...opened.memory, ...asked } };
    const generators: Record<string, SetRecord> = {};
    const bounds: Bound[] = [];
    const conditions = tick.layout.generators.flatMap((node) => {
      if (!switched(tick, node)) return [];
      const done = perform(tick, node);
      generators[node.id] = done.record;
      bounds.push(...done.bounds);
      return setConditions(tick, node, done);
    });
    const memory: Partial<Memory> = { generators, wishes: tick.memory.wishes };
    return { bounds, answers, conditions, memory };
  },
};
