// Whatever is asked, planned anew, given supply or cut, and in whatever order: a promised start stays what was promised, no
// two promises of a machine meet, and nobody is let begin before the promised time.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Job } from "@gridwright/contract/jobs.ts";
import type { SitePlan } from "@gridwright/contract/plan/site-plan.ts";
import { type Epoch, epoch } from "@gridwright/contract/units.ts";
import { askJob, cancelJob, emptyQueue, permitted, type Queue } from "@gridwright/core/jobs/queue.ts";
import { lookAtJobs, permitsOf, type Seen } from "@gridwright/core/jobs/step.ts";
import { at, MINUTE, NOW, planOf, yard } from "@gridwright/core/jobs/workshop-fixture.ts";
import fc from "fast-check";

const model = yard();
const MACHINES = ["kiln", "planer", "press"] as const;

const event = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("ask" as const),
      machine: fc.constantFrom(...MACHINES),
      minutes: fc.integer({ min: 5, max: 200 }),
      hours: fc.integer({ min: 2, max: 70 }),
      interruptible: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("plan" as const),
      sunny: fc.array(fc.integer({ min: 0, max: 46 }), { maxLength: 9 }),
      soc: fc.constantFrom(0.14, 0.47, 0.93),
      /** Where this plan would like to have each job. */
      moves: fc.integer({ min: 1, max: 40 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("no-plan" as const) }) },
  {
    weight: 7,
    arbitrary: fc.record({
      kind: fc.constant("pass" as const),
      minutes: fc.integer({ min: 1, max: 95 }),
      supply: fc.boolean(),
      powerW: fc.constantFrom(null, 3, 240, 1_450),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("permit" as const), given: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("cancel" as const), place: fc.nat(9) }) },
);
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;

interface World {
  queue: Queue;
  now: Epoch;
  plan: SitePlan | undefined;
}

/** A plan that says of every job another time than it has. */
function planFor({ queue, now }: World, { sunny, soc, moves }: Event & { kind: "plan" }): SitePlan {
  const hours = Object.fromEntries(sunny.map((hour) => [hour, { spareW: 2_600 }]));
  const jobs = queue.jobs.map(({ id }, place) => ({ id, at: at(moves + place) }));
  return { ...planOf(hours, { soc }), madeAt: now, jobs };
}

function seenAs({ supply, powerW }: Event & { kind: "pass" }): Seen {
  const one = { powerW, counterWh: null, running: null, supply, locked: null };
  return { machines: Object.fromEntries(MACHINES.map((id) => [id, one])), sunShare: 0.4 };
}

function happen(world: World, what: Event): void {
  const { now, plan } = world;
  const beside = { model, now, plan, trainings: [] };
  switch (what.kind) {
    case "ask": {
      const { machine, minutes, hours, interruptible } = what;
      const deadline = now + hours * 60 * MINUTE;
      const asked = askJob(world.queue, { machine, minutes, deadline, interruptible }, beside);
      if (asked.ok) world.queue = asked.queue;
      return;
    }
    case "plan":
      world.plan = planFor(world, what);
      return;
    case "no-plan":
      world.plan = undefined;
      return;
    case "pass":
      world.now = epoch(now + what.minutes * MINUTE);
      world.queue = lookAtJobs(world.queue, seenAs(what), { ...beside, now: world.now });
      return;
    case "permit":
      for (const { job } of permitsOf(world.queue, beside)) {
        const reason = { code: what.given ? "answer-accepted" : "answer-held", params: {} } as const;
        world.queue = permitted(world.queue, job, { at: now, given: what.given, reason });
      }
      return;
    case "cancel": {
      const job = world.queue.jobs[what.place];
      const ended = job && cancelJob(world.queue, job, now);
      if (ended?.ok) world.queue = ended.queue;
      return;
    }
    default:
      what satisfies never;
  }
}

const overlap = (a: Job, b: Job): boolean =>
  a.promise !== null &&
  b.promise !== null &&
  a.promise.at < b.promise.endsAt &&
  b.promise.at < a.promise.endsAt;

/** Jobs that have their time before them. */
const ahead = ({ jobs }: Queue): readonly Job[] => jobs.filter(({ state }) => state === "promised");

type Promises = Map<string, Job["promise"]>;

/** What was promised stands. */
function stands({ queue }: World, promised: Promises): void {
  for (const { id, promise } of queue.jobs) {
    const before = promised.get(id) ?? null;
    if (before !== null) assert.deepEqual(promise, before, id);
    promised.set(id, promise);
  }
}

function noneMeet({ queue }: World): void {
  const all = ahead(queue);
  for (const [place, job] of all.entries())
    for (const other of all.slice(place + 1))
      assert.ok(job.machine !== other.machine || !overlap(job, other), `${job.id} ${other.id}`);
}

function noneBeginsTooSoon({ queue, now, plan }: World, promised: Promises): void {
  for (const { job, own } of permitsOf(queue, { model, now, plan, trainings: [] }))
    assert.ok(!own || (promised.get(job)?.at ?? Number.POSITIVE_INFINITY) <= now, job);
}

/** Plays the events; gives how many promises were made. */
function played(events: readonly Event[]): number {
  const world: World = { queue: emptyQueue, now: NOW, plan: undefined };
  const promised: Promises = new Map();
  for (const what of events) {
    happen(world, what);
    stands(world, promised);
    noneMeet(world);
    noneBeginsTooSoon(world, promised);
  }
  return [...promised.values()].filter((promise) => promise !== null).length;
}

test("a promise is moved by nothing that happens, meets no other and is never begun too soon", () => {
  let promises = 0;
  const anything = fc.array(event, { minLength: 12, maxLength: 60 });
  fc.assert(
    fc.property(anything, (events) => {
      promises += played(events);
    }),
    { numRuns: 400, seed: 91_306 },
  );
  assert.ok(promises > 1_000, `${promises}`);
});
