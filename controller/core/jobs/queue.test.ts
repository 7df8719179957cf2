// The queue as members meet it: asked, promised, let start, metered, ended. And what must hold whatever happens: a promise
// is moved by nobody but its member, and no two jobs are on one machine.
import assert from "node:assert/strict";
import { describe, it, test } from "node:test";
import type { Job, JobWish } from "@gridwright/contract/jobs.ts";
import type { SitePlan } from "@gridwright/contract/plan/site-plan.ts";
import { type Epoch, epoch } from "@gridwright/contract/units.ts";
import fc from "fast-check";
import { reason } from "../tick.ts";
import type { MachineSeen } from "./machine.ts";
import {
  askJob,
  type Beside,
  cancelJob,
  cared,
  emptyQueue,
  knownJobs,
  permitted,
  type Queue,
  takeAlternative,
} from "./queue.ts";
import { lookAtJobs, permitsOf } from "./step.ts";
import { at, HOUR, MINUTE, NOW, planOf, yard } from "./workshop-fixture.ts";

const model = yard();
const SUNNY = planOf({ 2: { spareW: 2_700 }, 3: { spareW: 2_700 } });
const beside = (now: Epoch = NOW, plan: SitePlan | null = SUNNY): Beside => ({
  ...{ model, now, plan: plan ?? undefined, trainings: [] },
});
const wish = (fields: Partial<JobWish> = {}): JobWish => ({
  ...{ machine: "kiln", minutes: 60, interruptible: false, member: "ash" },
  ...fields,
});

function taken(queue: Queue, one: JobWish, where = beside()): { queue: Queue; job: Job } {
  const asked = askJob(queue, one, where);
  if (!asked.ok) throw new Error(asked.why.code);
  return asked;
}
const machine = (powerW: number, supply: boolean, counterWh: number | null = null): MachineSeen => ({
  ...{ powerW, counterWh, supply, running: null },
  locked: supply ? null : reason("no-permit"),
});
const OFF = machine(0, false);
const yardSeen = (kiln: MachineSeen, more: Record<string, MachineSeen> = {}) => ({
  machines: { kiln, planer: machine(2, true), extractor: OFF, press: machine(3, true), ...more },
  sunShare: 0.6,
});
const states = ({ jobs }: Queue): string => jobs.map(({ id, state }) => `${id} ${state}`).join(", ");
const given = { at: NOW, given: true, reason: reason("answer-accepted") };

describe("a wish", () => {
  it("is promised at once, with what it takes and another time", () => {
    const { job, queue } = taken(emptyQueue, wish());
    assert.deepEqual([job.state, job.promise?.at, job.why.code], ["promised", at(2), "job-sunny"]);
    assert.equal(job.alternative?.at, NOW);
    assert.equal(queue.count, 1);
  });
  it("of a second member gets another time", () => {
    const first = taken(emptyQueue, wish());
    const second = taken(first.queue, wish({ member: "elm" }));
    assert.deepEqual([second.job.id, second.job.promise?.at], ["job-2", at(3, 15)]);
  });
  const refusals: readonly [sentence: string, wish: JobWish, then: string][] = [
    ["for no machine", wish({ machine: "pump" }), "job-no-machine"],
    ["that takes longer than it has", wish({ minutes: 90, deadline: at(1) }), "job-window"],
    ["for a closed machine", wish({ machine: "press", deadline: at(9) }), "job-no-time"],
  ];
  for (const [sentence, one, then] of refusals)
    it(`${sentence} is refused`, () => {
      const asked = askJob(emptyQueue, one, beside());
      assert.equal(asked.ok ? "taken" : asked.why.code, then);
    });
  it("beyond twelve open ones of a member is refused, not another member's", () => {
    let queue = emptyQueue;
    for (let count = 0; count < 12; count += 1) queue = taken(queue, wish({ minutes: 10 })).queue;
    const more = askJob(queue, wish(), beside());
    assert.deepEqual(more.ok ? "taken" : more.why, reason("job-too-many", { count: 12 }));
    assert.equal(askJob(queue, wish({ member: "elm" }), beside()).ok, true);
  });
  it("without enough energy waits for a better plan, and is told its time", () => {
    const dark = planOf({}, { soc: 0.2 });
    const { job, queue } = taken(emptyQueue, wish(), beside(NOW, dark));
    assert.deepEqual([job.state, job.why.code, job.promise], ["asked", "job-no-energy", null]);
    const later = lookAtJobs(queue, yardSeen(OFF), beside(at(1)));
    assert.deepEqual([later.jobs[0]?.state, later.jobs[0]?.promise?.at], ["promised", at(2)]);
  });
  it("that the plan makes room for takes the plan's hour", () => {
    const dark = planOf({}, { soc: 0.2 });
    const { queue } = taken(emptyQueue, wish(), beside(NOW, dark));
    const planned = { ...dark, jobs: [{ id: "job-1", at: at(5) }] };
    const [job] = lookAtJobs(queue, yardSeen(OFF), beside(at(1), planned)).jobs;
    assert.deepEqual([job?.state, job?.promise?.at, job?.why.code], ["promised", at(5), "job-planned"]);
  });
});

describe("its member", () => {
  it("may take the other time, and back", () => {
    const { queue, job } = taken(emptyQueue, wish());
    const moved = takeAlternative(queue, job, beside(at(0, -1)));
    assert.ok(moved.ok);
    assert.deepEqual([moved.job.promise?.at, moved.job.alternative?.at], [NOW, at(2)]);
    const back = takeAlternative(moved.queue, moved.job, beside(at(0, -1)));
    assert.deepEqual(back.ok && back.job.promise?.at, at(2));
  });
  it("may not take a time that somebody else got meanwhile, or that has passed", () => {
    const { queue, job } = taken(emptyQueue, wish());
    const other = taken(queue, wish({ member: "elm", deadline: at(1, 10) }));
    assert.equal(other.job.promise?.at, NOW);
    for (const now of [at(0, -1), at(0, 1)])
      assert.equal(takeAlternative(other.queue, job, beside(now)).ok, false);
  });
  it("may cancel it, and its time is free again", () => {
    const { queue, job } = taken(emptyQueue, wish());
    const gone = cancelJob(queue, job, NOW);
    assert.ok(gone.ok);
    assert.equal(gone.job.state, "cancelled");
    assert.equal(cancelJob(gone.queue, gone.job, NOW).ok, false);
    assert.equal(taken(gone.queue, wish({ member: "elm" })).job.promise?.at, at(2));
  });
});

describe("a job that a flow asks for", () => {
  const byFlow = { ...wish({ minutes: 60 }), byFlow: true };
  const permitsAt = (asked: JobWish): boolean[] => {
    const { queue } = taken(emptyQueue, asked);
    const looked = lookAtJobs(queue, yardSeen(machine(0, false)), beside(at(2)));
    return permitsOf(looked, beside(at(2))).map(({ byFlow: flow }) => flow);
  };
  it("is let start by a flow's permit", () => {
    assert.deepEqual(permitsAt(byFlow), [true]);
    assert.deepEqual(permitsAt(wish({ minutes: 60 })), [false]);
  });
  it("is refused where somebody must answer for the machine", () => {
    const ruled = { ...beside(), model: yard({ present: [{ who: "buddy" }] }) };
    const asked = askJob(emptyQueue, byFlow, ruled);
    assert.equal(asked.ok ? "taken" : asked.why.code, "job-needs-person");
    assert.equal(askJob(emptyQueue, wish(), ruled).ok, true);
  });
});

describe("from promise to metered job", () => {
  it("asks for its permit at its time, works, is metered and teaches the queue", () => {
    let { queue } = taken(emptyQueue, wish());
    const step = (now: Epoch, kiln: MachineSeen): void => {
      queue = lookAtJobs(queue, yardSeen(kiln), beside(now));
    };
    step(at(1, 59), machine(0, false, 70_100));
    assert.deepEqual(permitsOf(queue, beside(at(1, 59))), []);
    step(at(2), machine(0, false, 70_100));
    assert.deepEqual(permitsOf(queue, beside(at(2))), [
      { machine: "kiln", job: "job-1", own: true, byFlow: false },
    ]);
    queue = permitted(queue, "job-1", given);
    step(at(2, 1), machine(31, true, 70_100));
    assert.equal(states(queue), "job-1 started");
    step(at(2, 2), machine(1_500, true, 70_103));
    for (let minute = 3; minute <= 62; minute += 1)
      step(at(2, minute), machine(1_500, true, 70_103 + 25 * (minute - 2)));
    step(at(3, 3), machine(30, true, 71_604));
    step(at(3, 4), machine(30, true, 71_604));
    const [job] = queue.jobs;
    assert.deepEqual([job?.state, job?.why.code], ["done", "job-done-sun"]);
    assert.deepEqual([job?.energyWh, Math.round(job?.sunWh ?? 0), job?.workedMs], [1_504, 902, 61 * MINUTE]);
    assert.deepEqual(permitsOf(queue, beside(at(3, 4))), []);
    assert.deepEqual(
      queue.learnt.kiln?.watts.map((watts) => Math.round(watts / 50) * 50).slice(1, 8),
      new Array(7).fill(1_500),
    );
    assert.deepEqual(queue.courses, {});
    assert.deepEqual([queue.machines.kiln?.runMs, queue.machines.kiln?.starts], [60 * MINUTE, 1]);
  });
  it("partners run with it, and on after it", () => {
    let { queue } = taken(emptyQueue, wish({ machine: "planer", minutes: 20 }), beside(NOW, null));
    const look = (now: Epoch, planerW: number): void => {
      queue = lookAtJobs(
        queue,
        yardSeen(OFF, { planer: machine(planerW, true), extractor: machine(480, true) }),
        beside(now, null),
      );
    };
    const permits = (now: Epoch): string =>
      permitsOf(queue, beside(now, null))
        .map(({ machine: name }) => name)
        .join();
    look(NOW, 3);
    assert.equal(permits(NOW), "planer");
    queue = permitted(queue, "job-1", given);
    look(at(0, 1), 1_100);
    look(at(0, 2), 1_100);
    assert.equal(permits(at(0, 2)), "planer,extractor");
    for (const minute of [4, 6, 8, 10, 12, 14, 16, 18, 20]) look(at(0, minute), 1_100);
    look(at(0, 21), 4);
    look(at(0, 23), 4);
    assert.equal(states(queue), "job-1 done");
    assert.ok((queue.jobs[0]?.energyWh ?? 0) > 1_550 * 0.3, "the extractor's part counts");
    assert.equal(permits(at(0, 25)), "extractor");
    assert.equal(permits(at(0, 27)), "");
  });
  it("an overrun keeps the next one waiting, and its own permit ends", () => {
    let { queue } = taken(emptyQueue, wish({ minutes: 30, deadline: at(0, 30) }));
    queue = taken(queue, wish({ member: "elm", minutes: 10, earliest: at(0, 30), deadline: at(1) })).queue;
    queue = lookAtJobs(queue, yardSeen(OFF), beside(NOW));
    queue = permitted(queue, "job-1", given);
    for (const minute of [1, 2, 20, 38, 46])
      queue = lookAtJobs(queue, yardSeen(machine(1_500, true)), beside(at(0, minute)));
    assert.equal(states(queue), "job-1 overrun, job-2 waiting");
    assert.equal(queue.jobs[1]?.why.code, "job-machine-busy");
    assert.deepEqual(permitsOf(queue, beside(at(0, 46))), []);
  });
  it("care is counted from the day on which it was done", () => {
    const queue = lookAtJobs(emptyQueue, yardSeen(machine(1_500, true)), beside());
    const ran = lookAtJobs(queue, yardSeen(machine(1_500, true)), beside(at(0, 2)));
    const after = cared(ran, "kiln", "coils");
    assert.deepEqual(after.machines.kiln?.cared, { coils: { runMs: 2 * MINUTE, starts: 0 } });
    assert.equal(cared(queue, "pump", "oil"), queue);
  });
});

const HOURS = fc.integer({ min: 0, max: 40 });
const wishes = fc.record({
  machine: fc.constantFrom("kiln", "planer", "press"),
  member: fc.constantFrom("ash", "elm"),
  minutes: fc.integer({ min: 10, max: 150 }),
  from: HOURS,
  length: fc.integer({ min: 1, max: 47 }),
});
const weather = fc.record({
  spareW: fc.array(fc.integer({ min: 0, max: 4_000 }), { minLength: 48, maxLength: 48 }),
  soc: fc.integer({ min: 14, max: 99 }),
  gridChance: fc.constantFrom(0.1, 0.9),
});
const deeds = fc.oneof(
  fc.record({ do: fc.constant("ask" as const), wish: wishes }),
  fc.record({ do: fc.constant("plan" as const), weather }),
  fc.record({
    do: fc.constant("look" as const),
    minutes: fc.integer({ min: 1, max: 200 }),
    powerW: fc.constantFrom(0, 40, 900, 2_600),
    supply: fc.boolean(),
  }),
  fc.record({ do: fc.constant("permit" as const), given: fc.boolean() }),
  fc.record({ do: fc.constant("cancel" as const), place: fc.nat(9) }),
);

interface Story {
  queue: Queue;
  now: number;
  plan: SitePlan | undefined;
}
type Deed = typeof deeds extends fc.Arbitrary<infer One> ? One : never;

function act(story: Story, deed: Deed): void {
  const where = beside(epoch(story.now), story.plan ?? null);
  if (deed.do === "ask") {
    const { from, length, ...one } = deed.wish;
    const earliest = epoch(story.now + from * HOUR);
    const asked = askJob(
      story.queue,
      { ...one, interruptible: length % 2 === 0, earliest, deadline: earliest + length * HOUR },
      where,
    );
    if (asked.ok) story.queue = asked.queue;
  }
  if (deed.do === "plan") {
    const { spareW, soc, gridChance } = deed.weather;
    const hours = Object.fromEntries(spareW.map((watts, hour) => [hour, { spareW: watts }]));
    const plan = planOf(hours, { soc: soc / 100, gridChance });
    const jobs = knownJobs(story.queue, model).map(({ id, from }) => ({ id, at: from }));
    story.plan = { ...plan, jobs };
  }
  if (deed.do === "look") {
    story.now += deed.minutes * MINUTE;
    const seen = machine(deed.powerW, deed.supply);
    story.queue = lookAtJobs(story.queue, yardSeen(seen, { planer: seen, press: seen }), {
      ...where,
      now: epoch(story.now),
    });
  }
  if (deed.do === "permit")
    for (const { job } of permitsOf(story.queue, where))
      story.queue = permitted(story.queue, job, { ...given, given: deed.given });
  const job = deed.do === "cancel" ? story.queue.jobs[deed.place] : undefined;
  const gone = job && cancelJob(story.queue, job, epoch(story.now));
  if (gone?.ok) story.queue = gone.queue;
}

function keepsPromises({ jobs }: Queue, promises: Map<string, string>): void {
  for (const { id, promise } of jobs) {
    const told = promise === null ? "none" : JSON.stringify(promise);
    assert.equal(told, promises.get(id) ?? told, id);
    if (promise !== null) promises.set(id, told);
  }
}

function keepsApart({ jobs }: Queue): void {
  const on = jobs.filter(({ state }) => ["started", "running", "overrun"].includes(state));
  assert.equal(new Set(on.map((job) => job.machine)).size, on.length, "two jobs on one machine");
  const ahead = jobs.flatMap(({ machine: name, promise, state }) =>
    state === "promised" && promise ? [{ name, ...promise }] : [],
  );
  const clash = ahead.some((one, place) =>
    ahead
      .slice(place + 1)
      .some((other) => one.name === other.name && one.at < other.endsAt && other.at < one.endsAt),
  );
  assert.equal(clash, false, "two promises at once");
}

test("whatever happens, a promise stays and no two jobs are on one machine", () => {
  fc.assert(
    fc.property(fc.array(deeds, { minLength: 4, maxLength: 40 }), (all) => {
      const story: Story = { queue: emptyQueue, now: NOW, plan: undefined };
      const promises = new Map<string, string>();
      for (const deed of all) {
        act(story, deed);
        keepsPromises(story.queue, promises);
        keepsApart(story.queue);
      }
    }),
    { numRuns: 300 },
  );
});
