import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { minutes, mono, seconds } from "@gridwright/contract/units.ts";
import { nextSet, PHASES_OF_RUN, type RunPhase, type SetSeen, type SetState } from "./machine.ts";

const NOW = mono(9_000_000);
const ago = (ms: number) => mono(NOW - ms);
const SPEC = {
  minRun: minutes(10),
  minStop: minutes(5),
  startTime: seconds(45),
  cranks: 3,
  crankPause: seconds(15),
  warmUp: seconds(70),
  coolDown: minutes(2),
  retryAfter: minutes(60),
};
const CALM: SetSeen = { wanted: true, runs: true, fault: false, auto: true, now: NOW };

const CALLED: ReadonlySet<RunPhase> = new Set(["cranking", "warming", "running", "cooling"]);
/** A set that has been in its phase for 20 s, of a run that began 12 min ago. */
const was = (phase: RunPhase, more: Partial<SetState> = {}): SetState => ({
  phase,
  since: ago(20_000),
  tries: 2,
  startedAt: CALLED.has(phase) ? ago(minutes(12)) : null,
  stoppedAt: ago(minutes(14)),
  silentSince: null,
  faulted: false,
  ...more,
});

const EVENTS = {
  "it is wanted and runs": {},
  "it is wanted and does not run": { runs: false },
  "it is wanted and cannot tell": { runs: undefined },
  "nobody wants it": { wanted: false },
  "nobody wants it and it does not run": { wanted: false, runs: false },
  "it has a fault": { fault: true },
  "a person took it out of Auto": { auto: false },
  "it does not say whether it is in Auto": { auto: undefined },
} as const satisfies Record<string, Partial<SetSeen>>;
type EventName = keyof typeof EVENTS;

const S = "standing";
const C = "cranking";
const P = "pausing";
const W = "warming";
const R = "running";
const O = "cooling";
const F = "failed";
/** Every state × every event; columns in the order of PHASES_OF_RUN: S C P W R O F. */
const MATRIX: Readonly<Record<EventName, readonly RunPhase[]>> = {
  "it is wanted and runs": [C, W, C, W, R, R, F],
  "it is wanted and does not run": [C, C, C, W, R, S, F],
  "it is wanted and cannot tell": [C, C, C, W, R, R, F],
  "nobody wants it": [S, W, S, W, O, O, F],
  "nobody wants it and it does not run": [S, C, S, W, O, S, F],
  "it has a fault": [F, F, F, F, F, F, F],
  "a person took it out of Auto": [S, S, S, S, S, S, S],
  "it does not say whether it is in Auto": [C, W, C, W, R, R, F],
};

describe("a set", () => {
  for (const [name, row] of Object.entries(MATRIX) as [EventName, readonly RunPhase[]][])
    for (const [index, phase] of PHASES_OF_RUN.entries())
      it(`is ${row[index]} when it was ${phase} and ${name}`, () =>
        assert.equal(nextSet(was(phase), SPEC, { ...CALM, ...EVENTS[name] }).phase, row[index]));
});

describe("a set's timers", () => {
  const silent = { runs: false } as const;
  const table: readonly (readonly [string, SetState, Partial<SetSeen>, RunPhase])[] = [
    ["it rests for its time", was(S, { stoppedAt: ago(minutes(5) - 1) }), {}, S],
    ["a try that gave nothing is followed by a pause", was(C, { since: ago(45_000) }), silent, P],
    [
      "one told by its meter alone has its own warm-up beside its time to start",
      was(C, { since: ago(45_000 + 69_999) }),
      { ...silent, byMeter: true },
      C,
    ],
    ["and no more", was(C, { since: ago(45_000 + 70_000) }), { ...silent, byMeter: true }, P],
    ["the last try that gave nothing is a failure", was(C, { since: ago(45_000), tries: 3 }), silent, F],
    [
      "a set that cannot tell is believed after its time",
      was(C, { since: ago(45_000) }),
      { runs: undefined },
      W,
    ],
    ["the contact stays open between two tries", was(P, { since: ago(14_000) }), {}, P],
    ["it warms up for its time", was(W, { since: ago(70_000) }), {}, R],
    ["it runs for its least time", was(R, { startedAt: ago(minutes(10) - 1) }), { wanted: false }, R],
    ["it cools down for its time", was(O, { since: ago(minutes(2)) }), { wanted: false }, S],
    ["a feedback that bounces kills nothing", was(R, { silentSince: ago(4_900) }), silent, R],
    ["a set that died is tried again", was(R, { silentSince: ago(5_000) }), silent, P],
    ["one that died at its last try has failed", was(W, { silentSince: ago(5_000), tries: 3 }), silent, F],
    ["after a failure it waits", was(F, { since: ago(minutes(59)) }), {}, F],
    ["when its fault is gone somebody has looked", was(F, { faulted: true }), {}, S],
    ["and then it may be tried again", was(F, { since: ago(minutes(60)) }), {}, S],
  ];
  for (const [sentence, before, seen, then] of table)
    it(sentence, () => assert.equal(nextSet(before, SPEC, { ...CALM, ...seen }).phase, then));

  it("count tries, and forget them when it has run for long enough", () => {
    assert.equal(nextSet(was(P), SPEC, CALM).tries, 3);
    assert.equal(nextSet(was(R), SPEC, CALM).tries, 1);
    assert.equal(nextSet(was(F, { since: ago(minutes(60)) }), SPEC, CALM).tries, 0);
  });
  it("know when its contact closed and opened", () => {
    assert.deepEqual(nextSet(was(S), SPEC, CALM).startedAt, NOW);
    const faulty = nextSet(was(R), SPEC, { ...CALM, fault: true });
    assert.deepEqual([faulty.startedAt, faulty.stoppedAt], [null, NOW]);
  });
});
