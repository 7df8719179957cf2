import assert from "node:assert/strict";
import { test } from "node:test";
import type { JobOffer, JobState, MachineReport } from "@gridwright/contract/jobs.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { NOW } from "../known-fixture.ts";
import { clockIn } from "../text/clock.ts";
import { sayIn } from "../words/words.ts";
import { sayOfShop } from "./shop-words.ts";
import { dueCare, grouped, machineWord, type ShopJob, takesText, timeText } from "./workshop.ts";

const MINUTE = 60_000;
const machine = (fields: Partial<MachineReport> = {}): MachineReport => ({
  ...{ id: "kiln", state: "standby", since: epoch(NOW - 7 * MINUTE), powerW: 23, supply: true, locked: null },
  ...{ byPermit: true, job: null, runMs: 97 * MINUTE, starts: 13, care: [] },
  ...fields,
});
const job = (id: string, state: JobState, fields: Partial<ShopJob> = {}): ShopJob => ({
  ...{ id, machine: "kiln", member: "ash", mine: true, askedAt: epoch(NOW - 90 * MINUTE), minutes: 40 },
  ...{ earliest: epoch(NOW), deadline: epoch(NOW + 900 * MINUTE), interruptible: false, state },
  ...{
    since: epoch(NOW),
    why: { code: "job-sunny", params: {} },
    promise: null,
    alternative: null,
    news: [],
  },
  ...{ permit: null, ranFrom: null, endedAt: null, workedMs: 0, energyWh: 0, sunWh: null },
  ...fields,
});

const NO_PERMIT = { supply: false, locked: { code: "no-permit", params: {} } } as const;
const HELD = {
  supply: false,
  locked: { code: "held", params: { issuer: "operator", why: "belt" } },
} as const;
const words: [sentence: string, machine: MachineReport, jobs: ShopJob[], then: string][] = [
  ["stands with supply", machine(), [], "free"],
  ["has no supply because no job has its turn", machine(NO_PERMIT), [job("job-3", "promised")], "free"],
  ["works", machine({ state: "running" }), [job("job-3", "running")], "works"],
  ["has its permit", machine(), [job("job-3", "started")], "ready"],
  ["rests between two cuts of a job", machine(), [job("job-3", "running")], "ready"],
  ["is not let start yet", machine(NO_PERMIT), [job("job-3", "waiting")], "waits"],
  ["is held off", machine(HELD), [], "locked"],
  ["has no supply, and nobody says why", machine({ supply: false }), [], "locked"],
  ["takes more than it should", machine({ state: "overload" }), [], "overload"],
  ["says nothing", machine({ state: "unknown", supply: null, powerW: null }), [], "silent"],
  ["is another's", machine(), [job("job-3", "started", { machine: "press" })], "free"],
];
for (const [sentence, one, jobs, then] of words)
  test(`workshop: a machine that ${sentence} is «${then}»`, () => assert.equal(machineWord(one, jobs), then));

const say = sayIn("en");
const how = { say, language: "en", clock: clockIn("Europe/Madrid", "en", say), now: NOW } as const;
const saying = { say: sayOfShop("en"), language: "en" } as const;
const offer = (minutes: number, fields: Partial<JobOffer> = {}): JobOffer => ({
  ...{ at: epoch(NOW + minutes * MINUTE), endsAt: epoch(NOW + (minutes + 40) * MINUTE), energyWh: 1_240 },
  ...{ sun: 0.72, battery: 0.28, other: 0 },
  ...fields,
});
const plainly = (text: string): string => text.replaceAll("\u00a0", " ");

test("workshop: a time is told by the clock, tomorrow by its name, later by date", () => {
  assert.equal(timeText(offer(30), how), "11:12–11:52");
  assert.equal(timeText(offer(1_440), how), "tomorrow 10:42–11:22");
  assert.match(timeText(offer(4 * 1_440), how), /16.*, 10:42–11:22$/);
});
test("workshop: what a time takes, without what is nothing; unknown where nobody plans", () => {
  assert.equal(plainly(takesText(offer(5), saying)), "1.2 kWh: 72 % sun to spare, 28 % battery");
  const odd = takesText(offer(5, { sun: 0.025, battery: 0.975, other: 0 }), saying);
  assert.equal(plainly(odd), "1.2 kWh: 3 % sun to spare, 97 % battery");
  assert.equal(
    plainly(takesText(offer(5, { sun: null, battery: null, other: null }), saying)),
    "about 1.2 kWh",
  );
});
test("workshop: jobs that are over stand apart, the newest few", () => {
  const over = Array.from({ length: 9 }, (_, at) => job(`job-${at}`, at % 2 === 0 ? "done" : "unfinished"));
  const { open, over: shown } = grouped({
    t: epoch(NOW),
    machines: [],
    jobs: [job("job-20", "overrun"), ...over],
  });
  assert.deepEqual([open.map(({ id }) => id), shown.length], [["job-20"], 6]);
});
test("workshop: care is told when it is due, or soon will be", () => {
  const care = [
    { name: "coils", leftMs: 600 * MINUTE - 1 },
    { name: "door", leftMs: 700 * MINUTE, leftStarts: 21 },
    { name: "fan", leftMs: -20 * MINUTE },
    { name: "plug", leftStarts: 4 },
  ];
  assert.deepEqual(
    dueCare(machine({ care })).map(({ name }) => name),
    ["coils", "fan", "plug"],
  );
});
