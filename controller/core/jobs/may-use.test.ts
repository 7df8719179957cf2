// Who may use a kiln at which nobody is alone after six, nor without a supervisor on Thursdays, as members meet it: asked,
// told before a training ends, barred at the start until somebody says to be there.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { AskedWish, Job } from "@gridwright/contract/jobs.ts";
import { type Epoch, epoch } from "@gridwright/contract/units.ts";
import { reason } from "../tick.ts";
import { confirmJob } from "./confirm.ts";
import type { Trained } from "./may-use.ts";
import { askJob, type Beside, emptyQueue, type Queue } from "./queue.ts";
import { lookAtJobs, permitsOf } from "./step.ts";
import { at, NOW, planOf, yard } from "./workshop-fixture.ts";

const RULES = {
  training: "365 d",
  supervisors: ["elm"],
  present: [
    { who: "buddy", hours: [{ from: "18:00", to: "06:00" }] },
    { who: "supervisor", hours: [{ days: ["thu"], from: "06:00", to: "18:00" }] },
  ],
};
const model = yard(RULES);
const training = (expiresAt: number, fields: Partial<Trained> = {}): Trained => ({
  ...{ person: "person-4", machine: "kiln", expiresAt },
  ...fields,
});
const LONG = training(at(900));

const beside = (now: Epoch, trainings: readonly Trained[] = [LONG]): Beside => ({
  ...{ model, now, trainings, plan: planOf() },
});
const wish = (fields: Partial<AskedWish> = {}): AskedWish => ({
  ...{ machine: "kiln", minutes: 50, interruptible: false, member: "ash", person: "person-4" },
  ...fields,
});
/** The yard's 07:00 on a Wednesday is NOW. */
const [TEN, EVENING, THURSDAY] = [at(3), at(12, 30), at(27)];

const asks: readonly [sentence: string, wish: AskedWish, trainings: readonly Trained[], then: string][] = [
  ["of who was trained is taken", wish(), [LONG], "promised"],
  ["of who was not is refused, and told who trains", wish(), [], "job-untrained-by elm"],
  [
    "of who was trained at another machine",
    wish(),
    [training(at(900), { machine: "press" })],
    "job-untrained-by elm",
  ],
  [
    "with another person's training",
    wish(),
    [training(at(900), { person: "person-7" })],
    "job-untrained-by elm",
  ],
  ["of nobody in particular", wish({ person: undefined as never }), [LONG], "job-untrained-by elm"],
  ["of who trains there needs none", wish({ vouched: true }), [], "promised"],
  ["for a machine without rules needs none", wish({ machine: "planer" }), [], "promised"],
  ["that cannot end before the training does", wish(), [training(at(0, 40))], "job-training-ends"],
  ["after a training is over", wish(), [training(at(-2))], "job-training-ends"],
  ["with an old training and a new one", wish(), [training(at(-2)), LONG], "promised"],
];
describe("a wish for a machine with rules", () => {
  for (const [sentence, one, trainings, then] of asks)
    it(sentence, () => {
      const asked = askJob(emptyQueue, one, beside(NOW, trainings));
      const { code, params } = asked.ok ? { code: asked.job.state, params: {} } : asked.why;
      const names: Readonly<Record<string, unknown>> = params;
      assert.equal(
        [code, ...(names.names === undefined ? [] : [String(names.names).toLowerCase()])].join(" "),
        then,
      );
    });
  it("without a named supervisor tells of technicians alone", () => {
    const asked = askJob(emptyQueue, wish(), { ...beside(NOW, []), model: yard({ training: "90 d" }) });
    assert.equal(asked.ok ? "taken" : asked.why.code, "job-untrained");
  });
});

const OFF = { powerW: 2, counterWh: null, running: null, supply: false, locked: reason("no-permit") };
const look = (queue: Queue, where: Beside): Queue =>
  lookAtJobs(queue, { machines: { kiln: OFF }, sunShare: null }, where);

/** The queue with one job promised for that instant. */
function promisedFor(start: Epoch, fields: Partial<AskedWish> = {}): Queue {
  const asked = askJob(emptyQueue, wish({ earliest: start, ...fields }), beside(NOW));
  assert.ok(asked.ok && asked.job.promise?.at === start, JSON.stringify(asked));
  return asked.queue;
}
const only = ({ jobs }: Queue): Job => jobs[0] as Job;

describe("a training that ends while its job stands in the queue", () => {
  const queue = promisedFor(TEN);
  const ends = look(queue, beside(at(1), [training(at(3, 20))]));
  it("is told long before, and the promise stands", () => {
    const { state, why, promise, news } = only(ends);
    assert.deepEqual([state, why.code, promise?.at], ["promised", "job-training-ends", TEN]);
    assert.deepEqual([news.length, news.at(-1)?.at], [2, at(1)]);
  });
  it("is told once", () =>
    assert.equal(only(look(ends, beside(at(2), [training(at(3, 20))]))).news.length, 2));
  it("and was renewed, is told too", () => {
    const { why, news } = only(look(ends, beside(at(2))));
    assert.deepEqual([why.code, news.length], ["job-trained", 3]);
  });
  it("or was taken back, gives no permit", () => {
    const then = look(queue, beside(TEN, []));
    assert.deepEqual([only(then).state, only(then).why.code], ["waiting", "job-untrained-by"]);
    assert.deepEqual(permitsOf(then, beside(TEN, [])), []);
    assert.equal(permitsOf(then, beside(TEN)).length, 1);
  });
});

const confirm = (queue: Queue, now: Epoch, who = { person: "person-6", supervises: false }) =>
  confirmJob(queue, { job: only(queue), confirm: { ...who, at: now } }, beside(now));
const SUPERVISOR = { person: "person-9", supervises: true };

describe("a start after closing time", () => {
  const queue = promisedFor(EVENING);
  it("waits until a second person says to be there, and does not keep others from the machine", () => {
    const waits = look(queue, beside(EVENING));
    assert.deepEqual([only(waits).state, only(waits).why.code], ["waiting", "job-needs-buddy"]);
    assert.deepEqual(permitsOf(waits, beside(EVENING)), []);
    const said = confirm(waits, EVENING);
    assert.ok(said.ok);
    const then = look(said.queue, beside(epoch(EVENING + 5_000)));
    assert.equal(only(then).why.code, "job-asks-permit");
    assert.equal(permitsOf(then, beside(epoch(EVENING + 5_000))).length, 1);
  });
  it("may be confirmed half an hour before, and such a word is forgotten an hour after", () => {
    const said = confirm(queue, at(12, 5));
    assert.ok(said.ok);
    assert.equal(permitsOf(look(said.queue, beside(EVENING)), beside(EVENING)).length, 1);
    const late = look(said.queue, beside(at(13, 6)));
    assert.equal(only(late).why.code, "job-needs-buddy");
  });
  it("that slips into an hour of supervisors needs one, whoever else is there", () => {
    const night = at(22, 45);
    const said = confirm(promisedFor(night), night);
    assert.ok(said.ok);
    assert.equal(permitsOf(look(said.queue, beside(night)), beside(night)).length, 1);
    assert.equal(only(look(said.queue, beside(at(23, 5)))).why.code, "job-needs-supervisor");
  });
  it("in daylight needs nobody", () =>
    assert.equal(permitsOf(look(promisedFor(TEN), beside(TEN)), beside(TEN)).length, 1));
});

const words: readonly [sentence: string, start: Epoch, now: Epoch, who: typeof SUPERVISOR, then: string][] = [
  ["of who asked", EVENING, EVENING, { person: "person-4", supervises: true }, "job-confirm-own"],
  ["long before", EVENING, at(11, 50), SUPERVISOR, "job-confirm-soon"],
  ["where none is needed", TEN, TEN, SUPERVISOR, "job-confirm-none"],
  ["of a supervisor in place of a buddy", EVENING, EVENING, SUPERVISOR, "taken"],
  [
    "of a buddy where a supervisor must be",
    THURSDAY,
    THURSDAY,
    { person: "person-6", supervises: false },
    "job-needs-supervisor",
  ],
  ["of a supervisor there", THURSDAY, THURSDAY, SUPERVISOR, "taken"],
];
describe("a word to be there", () => {
  for (const [sentence, start, now, who, then] of words)
    it(`${sentence}: ${then}`, () => {
      const said = confirm(look(promisedFor(start), beside(now)), now, who);
      assert.equal(said.ok ? "taken" : said.why.code, then);
    });
  it("of who supervises is their own on Thursdays, not for another house", () => {
    const own = look(promisedFor(THURSDAY, { vouched: true }), beside(THURSDAY));
    assert.equal(permitsOf(own, beside(THURSDAY)).length, 1);
    const { person: _none, ...forOther } = wish({ earliest: THURSDAY, vouched: true, member: "elm" });
    const asked = askJob(emptyQueue, forOther, beside(NOW));
    assert.ok(asked.ok);
    assert.equal(only(look(asked.queue, beside(THURSDAY))).why.code, "job-needs-supervisor");
  });
  it("of a job that is over is not taken", () => {
    const over = { ...only(promisedFor(EVENING)), state: "cancelled" } as const;
    const said = confirmJob(
      emptyQueue,
      { job: over, confirm: { ...SUPERVISOR, at: EVENING } },
      beside(EVENING),
    );
    assert.equal(said.ok ? "taken" : said.why.code, "job-over");
  });
});
