// Every state of a job × everything that may befall it.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { JOB_STATES, type Job, type JobState } from "@gridwright/contract/jobs.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { reason } from "../tick.ts";
import { type Moment, proceed } from "./course.ts";
import { at, MINUTE, NOW } from "./workshop-fixture.ts";

const RAN_FROM = at(0, -10);

/** 40 minutes, promised for now; under way it began ten minutes ago and worked for nine. */
const job = (state: JobState, fields: Partial<Job> = {}): Job => {
  const isOn = state === "running" || state === "overrun";
  return {
    ...{ id: "job-3", machine: "kiln", member: "ash", askedAt: at(-5), minutes: 40, interruptible: false },
    ...{ earliest: at(-5), deadline: at(4), state, since: at(0, -2), why: reason("job-asked"), news: [] },
    promise: { at: NOW, endsAt: at(0, 40), energyWh: 1_070, sun: 0.7, battery: 0.2, other: 0.1 },
    ...{ alternative: null, permit: null, endedAt: null, sunWh: 110 },
    ...{ person: "person-4", vouched: false, confirms: [] },
    ...{ ranFrom: isOn ? RAN_FROM : null, workedMs: isOn ? 9 * MINUTE : 0, energyWh: isOn ? 240 : 0 },
    ...fields,
  };
};

const moment = (fields: Partial<Moment> = {}): Moment => ({
  ...{
    now: epoch(NOW + 5_000),
    machine: "off",
    machineSince: at(-2),
    supply: false,
    locked: reason("no-permit"),
  },
  busy: false,
  ...fields,
});

const given = { at: NOW, given: true, reason: reason("answer-accepted") };
const refused = { at: NOW, given: false, reason: reason("waiting-room", { needVa: 2_000, freeVa: 300 }) };
const WITH_SUPPLY = { supply: true, locked: null } as const;

const EVENTS = {
  "an hour before": moment({ ...WITH_SUPPLY, now: at(-1), machineSince: at(-1) }),
  "its time comes": moment(),
  "it works": moment({ ...WITH_SUPPLY, machine: "running", machineSince: NOW }),
  "it rests for a while": moment({ ...WITH_SUPPLY, machine: "idle", machineSince: at(0, -2) }),
  "it rests for long": moment({ ...WITH_SUPPLY, machine: "idle", machineSince: at(0, -6) }),
  "nobody comes": moment({ ...WITH_SUPPLY, now: at(0, 19), machine: "standby" }),
  "it works on and on": moment({ ...WITH_SUPPLY, now: at(0, 35), machine: "running", machineSince: NOW }),
  "its supply goes": moment({ locked: reason("overload-warning", { source: "inverter", phase: "L1" }) }),
  "its meter is silent": moment({ ...WITH_SUPPLY, machine: "unknown" }),
  "its deadline is near": moment({ now: at(3, 40) }),
} as const;
type Event = keyof typeof EVENTS;

const ALWAYS: Readonly<Record<JobState, JobState>> = Object.fromEntries(
  JOB_STATES.map((state) => [state, state]),
) as Record<JobState, JobState>;

/** What each event makes of each state; what is not named stays. */
const TABLE: Readonly<Record<Event, Partial<Record<JobState, string>>>> = {
  "an hour before": {},
  "its time comes": {
    promised: "waiting job-asks-permit",
    started: "waiting no-permit",
    running: "unfinished job-cut",
    overrun: "unfinished job-cut",
  },
  "it works": { promised: "waiting job-asks-permit", started: "running job-running" },
  "it rests for a while": { promised: "waiting job-asks-permit" },
  "it rests for long": {
    promised: "waiting job-asks-permit",
    running: "unfinished job-unfinished",
    overrun: "unfinished job-unfinished",
  },
  "nobody comes": {
    promised: "waiting job-asks-permit",
    started: "never-started job-nobody",
    running: "unfinished job-unfinished",
    overrun: "unfinished job-unfinished",
  },
  "it works on and on": {
    promised: "waiting job-asks-permit",
    started: "running job-running",
    running: "overrun job-overrun",
  },
  "its supply goes": {
    promised: "waiting job-asks-permit",
    started: "waiting overload-warning",
    running: "unfinished job-cut",
    overrun: "unfinished job-cut",
  },
  "its meter is silent": { promised: "waiting job-asks-permit" },
  "its deadline is near": {
    ...{
      asked: "never-started job-too-late",
      promised: "never-started job-too-late",
      waiting: "never-started job-too-late",
    },
    ...{ started: "waiting no-permit", running: "unfinished job-cut", overrun: "unfinished job-cut" },
  },
};

describe("the course of a job", () => {
  for (const [event, now] of Object.entries(EVENTS))
    for (const state of JOB_STATES)
      it(`${state}, ${event}`, () => {
        const { state: next, why } = proceed(job(state), now);
        const expected = TABLE[event as Event][state] ?? ALWAYS[state];
        assert.equal(expected.includes(" ") ? `${next} ${why.code}` : next, expected);
      });

  const rows: readonly [sentence: string, job: Job, moment: Moment, then: string][] = [
    [
      "waits while another job is on its machine",
      job("waiting", { permit: given }),
      moment({ ...WITH_SUPPLY, busy: true }),
      "waiting job-machine-busy",
    ],
    [
      "waits for the reason of the controller",
      job("waiting", { permit: refused }),
      moment(),
      "waiting waiting-room",
    ],
    [
      "waits until its switch has followed",
      job("waiting", { permit: given }),
      moment({ locked: null }),
      "waiting job-asked",
    ],
    [
      "starts with permit and supply",
      job("waiting", { permit: given }),
      moment(WITH_SUPPLY),
      "started job-started",
    ],
    [
      "starts without a switch",
      job("waiting", { permit: given }),
      moment({ supply: null, locked: null }),
      "started job-started",
    ],
    [
      "is done when it rests long after half of its time",
      job("running", { ranFrom: at(0, -30), workedMs: 23 * MINUTE }),
      moment({ ...WITH_SUPPLY, machine: "idle", machineSince: at(0, -6) }),
      "done job-done-sun",
    ],
    [
      "is done a minute after the end of its time",
      job("overrun", { ranFrom: at(0, -45), workedMs: 39 * MINUTE, sunWh: null }),
      moment({ ...WITH_SUPPLY, machine: "standby", machineSince: at(0, -1) }),
      "done job-done",
    ],
    [
      "goes on later where that loses nothing, and must be let start again",
      job("running", { interruptible: true, permit: given }),
      moment({ locked: reason("reserve-kept", { socRatio: 0.1, belowRatio: 0.14 }) }),
      "waiting reserve-kept",
    ],
    [
      "that was begun and waits too long is unfinished",
      job("waiting", { ranFrom: at(-2), workedMs: 11 * MINUTE }),
      moment({ now: at(4, 1) }),
      "unfinished job-unfinished",
    ],
  ];
  for (const [sentence, before, now, then] of rows)
    it(sentence, () => {
      const after = proceed(before, now);
      assert.equal(`${after.state} ${after.why.code}`, then);
      assert.deepEqual(after.promise, before.promise);
      if (after.state === "waiting" && before.state === "running") assert.equal(after.permit, null);
    });
  it("tells its member each turn", () => {
    const done = proceed(job("started"), EVENTS["its supply goes"]);
    assert.deepEqual(
      done.news.map(({ reason: { code } }) => code),
      ["overload-warning"],
    );
  });
});
